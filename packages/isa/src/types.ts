// The types of WebAssembly (core spec, §2.3) as data. Knows nothing of bytes, modules or JavaScript values.

declare const valType: unique symbol;
declare const heapType: unique symbol;

/**
 * A value type as one small integer, so that a validator's operand stack is an Int32Array and equality is `===`.
 * Number and vector types are their binary codes; a reference type packs its heap type above bit 10, with
 * bit 8 marking a reference and bit 9 nullability.
 */
export type ValType = number & { readonly [valType]: true };

/**
 * A heap type: an abstract one is negative (its binary code as a signed byte), a concrete one a type index. An exact one,
 * whose references are of that type and of none below it, lies below the codes: `EXACT - index`.
 */
export type HeapType = number & { readonly [heapType]: true };

const REFERENCE = 0x100;
const NULLABLE = 0x200;
const HEAP_SHIFT = 10;
const EXACT = -0x100;

export const i32 = 0x7f as ValType;
export const i64 = 0x7e as ValType;
export const f32 = 0x7d as ValType;
export const f64 = 0x7c as ValType;
export const v128 = 0x7b as ValType;
/** The type of operands below unreachable code, a subtype of every type (core spec, appendix "Validation Algorithm"). */
export const bottom = 0 as ValType;

/** Abstract heap types by their name in the text format; the value is the binary code, a signed 7-bit integer. */
export const abstractHeapTypes = {
  noexn: -0x0c as HeapType,
  nofunc: -0x0d as HeapType,
  noextern: -0x0e as HeapType,
  none: -0x0f as HeapType,
  func: -0x10 as HeapType,
  extern: -0x11 as HeapType,
  any: -0x12 as HeapType,
  eq: -0x13 as HeapType,
  i31: -0x14 as HeapType,
  struct: -0x15 as HeapType,
  array: -0x16 as HeapType,
  exn: -0x17 as HeapType,
} as const;

/** Of references that unreachable code is taken to give: below every heap type. Has no binary code. */
export const bottomHeapType = -1 as HeapType;

export type AbstractHeapTypeName = keyof typeof abstractHeapTypes;

const abstractHeapTypeNames: ReadonlyMap<number, AbstractHeapTypeName> = new Map(
  (Object.keys(abstractHeapTypes) as AbstractHeapTypeName[]).map((name) => [abstractHeapTypes[name], name]),
);

/** The type of references to `heap`, nullable or not. */
export function refType(heap: HeapType, nullable: boolean): ValType {
  return ((heap << HEAP_SHIFT) | REFERENCE | (nullable ? NULLABLE : 0)) as ValType;
}

export const funcref = refType(abstractHeapTypes.func, true);
export const externref = refType(abstractHeapTypes.extern, true);
export const exnref = refType(abstractHeapTypes.exn, true);
export const anyref = refType(abstractHeapTypes.any, true);
export const eqref = refType(abstractHeapTypes.eq, true);
export const i31ref = refType(abstractHeapTypes.i31, true);
export const structref = refType(abstractHeapTypes.struct, true);
export const arrayref = refType(abstractHeapTypes.array, true);

export function isRefType(type: ValType): boolean {
  return (type & REFERENCE) !== 0;
}

export function isNullable(type: ValType): boolean {
  return (type & NULLABLE) !== 0;
}

/** The heap type that references of `type` point to. `type` must be a reference type. */
export function heapTypeOf(type: ValType): HeapType {
  return (type >> HEAP_SHIFT) as HeapType;
}

/** Whether references of `type` are values of the host, of `extern` or `noextern`. */
export function isExternType(type: ValType): boolean {
  const heap = heapTypeOf(type);
  return isRefType(type) && (heap === abstractHeapTypes.extern || heap === abstractHeapTypes.noextern);
}

/** Concrete heap types name a type definition of the module. */
export function isConcrete(heap: HeapType): boolean {
  return heap >= 0 || isExact(heap);
}

/** The heap type of references to that type and none below it (custom-descriptors proposal, "Exact Types"). */
export function exactHeapType(index: number): HeapType {
  return (EXACT - index) as HeapType;
}

export function isExact(heap: HeapType): boolean {
  return heap <= EXACT;
}

/** The type index that a concrete heap type names. */
export function typeIndexOf(heap: HeapType): number {
  return isExact(heap) ? EXACT - heap : heap;
}

/** A local of a defaultable type needs no assignment before its first use (core spec, §3.2 "Defaultable types"). */
export function isDefaultable(type: ValType): boolean {
  return !isRefType(type) || isNullable(type);
}

/** How many words of the calling convention come before the value at `position` of a list (docs/architecture.md). */
export function wordsBefore(types: readonly ValType[], position: number): number {
  let words = 0;
  for (let i = 0; i < position; i++) {
    const type = types[i];
    words += type === v128 ? 4 : type === i64 ? 2 : 1;
  }
  return words;
}

const numberTypeNames: ReadonlyMap<ValType, string> = new Map([
  [i32, "i32"],
  [i64, "i64"],
  [f32, "f32"],
  [f64, "f64"],
  [v128, "v128"],
  [bottom, "unknown"],
]);

/** The type in the text format: `i32`, `funcref`, `(ref null $3)`. */
export function formatValType(type: ValType): string {
  const numberType = numberTypeNames.get(type);
  if (numberType !== undefined) return numberType;
  const heap = heapTypeOf(type);
  if (!isNullable(type)) return `(ref ${formatHeapType(heap)})`;
  if (isConcrete(heap)) return `(ref null ${formatHeapType(heap)})`;
  switch (heap) {
    case abstractHeapTypes.none:
      return "nullref";
    case abstractHeapTypes.nofunc:
      return "nullfuncref";
    case abstractHeapTypes.noextern:
      return "nullexternref";
    case abstractHeapTypes.noexn:
      return "nullexnref";
    default:
      return `${formatHeapType(heap)}ref`;
  }
}

export function formatHeapType(heap: HeapType): string {
  if (heap === bottomHeapType) return "bot";
  if (isExact(heap)) return `(exact $${typeIndexOf(heap)})`;
  return abstractHeapTypeNames.get(heap) ?? `$${heap}`;
}

/** The reverse of `formatValType`, for the abstract types it can name; `undefined` for anything else. */
export function parseValType(text: string): ValType | undefined {
  for (const [type, name] of numberTypeNames) if (name === text && type !== bottom) return type;
  if (text === "nullref") return refType(abstractHeapTypes.none, true);
  const nullable = /^(null)?([a-z0-9]+)ref$/.exec(text);
  if (nullable !== null) {
    const name = nullable[1] === undefined ? nullable[2] : `no${nullable[2]}`;
    const heap = Object.entries(abstractHeapTypes).find(([key]) => key === name)?.[1];
    return heap === undefined ? undefined : refType(heap, true);
  }
  const explicit = /^\(ref (null )?(?:\(exact \$(\d+)\)|\$(\d+)|([a-z0-9]+))\)$/.exec(text);
  if (explicit === null) return undefined;
  const heap =
    explicit[2] !== undefined
      ? exactHeapType(Number(explicit[2]))
      : explicit[3] !== undefined
        ? (Number(explicit[3]) as HeapType)
        : Object.entries(abstractHeapTypes).find(([key]) => key === explicit[4])?.[1];
  return heap === undefined ? undefined : refType(heap, explicit[1] !== undefined);
}

/** A function type: what it takes and what it gives, in order. */
export interface FuncType {
  readonly kind: "func";
  readonly params: readonly ValType[];
  readonly results: readonly ValType[];
}

/** A field of a structure or array: its type, packed or not, and whether it can be written. */
export interface FieldType {
  readonly storage: ValType | "i8" | "i16";
  readonly mutable: boolean;
}

/** The type of a field's value: packed ones are read as 32-bit integers. */
export function valueTypeOf(storage: FieldType["storage"]): ValType {
  return typeof storage === "string" ? i32 : storage;
}

export interface StructType {
  readonly kind: "struct";
  readonly fields: readonly FieldType[];
}

export interface ArrayType {
  readonly kind: "array";
  readonly element: FieldType;
}

export type CompositeType = FuncType | StructType | ArrayType;

/** A type definition inside its recursive group (core spec, §2.3 "Recursive Types"). */
export interface SubType {
  readonly final: boolean;
  /** Type indices of the declared supertypes; at most one today. */
  readonly supertypes: readonly number[];
  /** The type index of the structures that describe ones of this type, one for each (custom-descriptors proposal). */
  readonly descriptor?: number | undefined;
  /** The type index of the structures that ones of this type describe. */
  readonly describes?: number | undefined;
  readonly composite: CompositeType;
}

/** Definitions that may refer to each other. A plain `(type (func ...))` is a group of one. */
export interface RecGroup {
  /** Type index of the group's first definition. */
  readonly start: number;
  readonly types: readonly SubType[];
}

/** Sizes of memories (in pages) and tables (in elements). Bigints only above 2^53, which takes 64-bit addresses. */
export interface Limits {
  readonly min: number | bigint;
  readonly max: number | bigint | undefined;
}

/** What addresses a memory's bytes or a table's elements (core spec, §2.3 "Address Types"). */
export type AddressType = "i32" | "i64";

export interface TableType {
  readonly element: ValType;
  readonly limits: Limits;
  /** i32 if `undefined`. */
  readonly address?: AddressType | undefined;
}

/** The value type of addresses in a memory, or of indices into a table. */
export function addressTypeOf({ address }: Pick<MemoryType | TableType, "address">): ValType {
  return address === "i64" ? i64 : i32;
}

export interface MemoryType {
  readonly limits: Limits;
  /** i32 if `undefined`. */
  readonly address?: AddressType | undefined;
  /** Bytes of a page; 65536 if `undefined`. */
  readonly pageSize?: 1 | 65536 | undefined;
  /** Other agents may have it too. Such a memory has a maximum. */
  readonly isShared?: boolean | undefined;
}

/** Bytes of a page of such a memory. */
export function pageSizeOf({ pageSize }: Pick<MemoryType, "pageSize">): number {
  return pageSize ?? 65536;
}

/** Whether a memory of the type can become larger without this agent's doing (threads proposal). */
export function growsElsewhere({ isShared, limits }: MemoryType): boolean {
  return isShared === true && limits.min !== limits.max;
}

export interface GlobalType {
  readonly value: ValType;
  readonly mutable: boolean;
}

/** Formats as in messages: `(i32, i64) -> (f32)`. */
export function formatFuncType(type: FuncType): string {
  const list = (types: readonly ValType[]): string => `(${types.map(formatValType).join(", ")})`;
  return `${list(type.params)} -> ${list(type.results)}`;
}
