// Reads types (core spec, §5.3). Checks form and indices; knows nothing of instructions.
import {
  type AddressType,
  abstractHeapTypes,
  type CompositeType,
  exactHeapType,
  type Feature,
  type FeatureSet,
  type FieldType,
  type FuncType,
  f32,
  f64,
  formatValType,
  funcref,
  type GlobalType,
  type HeapType,
  i32,
  i64,
  implementationLimits,
  type Limits,
  type MemoryType,
  type RecGroup,
  refType,
  type SubType,
  type TableType,
  type ValType,
  v128,
} from "@anywasm/isa";
import { featureDisabled, invalid, limitExceeded, malformed, unknown } from "./messages.ts";
import type { Reader } from "./reader.ts";

const numberTypes: ReadonlyMap<number, ValType> = new Map([
  [0x7f, i32],
  [0x7e, i64],
  [0x7d, f32],
  [0x7c, f64],
  [0x7b, v128],
]);

const { any, eq, i31, struct, array, none, nofunc, noextern, exn, noexn } = abstractHeapTypes;

/** Heap types that came with features; the others are as old as references. */
const featureOfHeapType: ReadonlyMap<number, Feature> = new Map<number, Feature>([
  ...[any, eq, i31, struct, array, none, nofunc, noextern].map((heap) => [heap, "gc"] as const),
  [exn, "exceptions"],
  [noexn, "exceptions"],
]);

/** Before the index of a type that is meant exactly; as a signed byte, `EXACT - 0x80`. */
const EXACT = 0x62;

/** First bytes of types that belong to features. */
const typesOfFeatures: ReadonlyMap<number, Feature> = new Map([
  [0x68, "stack-switching"],
  [EXACT, "custom-descriptors"],
]);

/** What types may refer to and use. */
export interface TypeScope {
  readonly features: FeatureSet;
  /** As many as there are definitions to refer to. */
  readonly types: { readonly length: number };
}

export function readValType(reader: Reader, scope: TypeScope, malformation = "malformed value type"): ValType {
  const byte = reader.bytes[reader.position];
  const numberType = byte === undefined || reader.done ? undefined : numberTypes.get(byte);
  if (numberType === undefined) return readValueReference(reader, scope, malformation);
  if (numberType === v128 && !scope.features.has("simd")) throw featureDisabled("simd", "type v128", reader.position);
  reader.position++;
  return numberType;
}

function readValueReference(reader: Reader, scope: TypeScope, malformation: string): ValType {
  const offset = reader.position;
  const type = readReference(reader, scope, malformation);
  if (!scope.features.has("reference-types"))
    throw featureDisabled("reference-types", `a value of type ${formatValType(type)}`, offset);
  return type;
}

/** What tables hold: functions before there were other references. */
export function readRefType(reader: Reader, scope: TypeScope): ValType {
  const offset = reader.position;
  const type = readReference(reader, scope, "malformed reference type");
  if (type !== funcref && !scope.features.has("reference-types"))
    throw featureDisabled("reference-types", `a table of type ${formatValType(type)}`, offset);
  return type;
}

function readReference(reader: Reader, scope: TypeScope, malformation: string): ValType {
  const offset = reader.position;
  const byte = reader.byte();
  if (byte === 0x63 || byte === 0x64) {
    if (!scope.features.has("function-references"))
      throw featureDisabled("function-references", "a reference type", offset);
    return refType(readHeapType(reader, scope), byte === 0x63);
  }
  return refType(abstractHeapType(byte - 0x80, scope, malformation, offset), true);
}

export function readHeapType(reader: Reader, scope: TypeScope): HeapType {
  const offset = reader.position;
  const code = reader.s33();
  if (code < 0) {
    if (reader.position !== offset + 1) throw malformed("malformed heap type", offset);
    if (code === EXACT - 0x80 && scope.features.has("custom-descriptors"))
      return exactHeapType(checkTypeIndex(reader.u32(), scope, offset));
    return abstractHeapType(code, scope, "malformed heap type", offset);
  }
  if (!scope.features.has("function-references"))
    throw featureDisabled("function-references", "a concrete heap type", offset);
  return checkTypeIndex(code, scope, offset) as HeapType;
}

function checkTypeIndex(index: number, { types }: TypeScope, offset: number): number {
  if (index >= types.length) throw unknown("type", index, offset);
  return index;
}

function abstractHeapType(code: number, scope: TypeScope, malformation: string, offset: number): HeapType {
  if (code === abstractHeapTypes.func || code === abstractHeapTypes.extern) return code as HeapType;
  const feature = featureOfHeapType.get(code);
  if (feature === undefined) return failType(code & 0x7f, scope, malformation, offset);
  if (!scope.features.has(feature)) throw featureDisabled(feature, `type 0x${(code & 0x7f).toString(16)}`, offset);
  return code as HeapType;
}

function failType(byte: number, { features }: TypeScope, reason: string, offset: number): never {
  const feature = typesOfFeatures.get(byte);
  if (feature !== undefined && !features.has(feature))
    throw featureDisabled(feature, `type 0x${byte.toString(16)}`, offset);
  throw malformed(reason, offset);
}

// First bytes of entries of the type section.
const REC = 0x4e;
const SUB_FINAL = 0x4f;
const SUB = 0x50;
// First bytes of the clauses of a structure's type.
const DESCRIBES = 0x4c;
const DESCRIPTOR = 0x4d;

/** One entry of the type section: a recursive group, or a single definition that stands for one. */
export function readRecGroup(reader: Reader, start: number, features: FeatureSet): RecGroup {
  const offset = reader.position;
  const isGroup = reader.bytes[offset] === REC && !reader.done;
  let count = 1;
  if (isGroup) {
    if (!features.has("gc")) throw featureDisabled("gc", "a recursive group", offset);
    reader.position++;
    count = reader.u32();
    const limit = Math.min(implementationLimits.typesInRecGroup, implementationLimits.types - start);
    if (count > limit) throw limitExceeded("types", count, limit, offset);
  }
  // A definition may refer to all of its group; what stands alone was not recursive before GC.
  const length = start + (isGroup || features.has("gc") ? count : 0);
  const scope: TypeScope = { features, types: { length } };
  const types: SubType[] = [];
  for (let i = 0; i < count; i++) types.push(readSubType(reader, start + i, scope));
  return { start, types };
}

function readSubType(reader: Reader, index: number, scope: TypeScope): SubType {
  const offset = reader.position;
  const form = reader.byte();
  if (form !== SUB && form !== SUB_FINAL)
    return { final: true, supertypes: [], ...readDescribedType(reader, form, offset, scope) };
  if (!scope.features.has("gc")) throw featureDisabled("gc", "a subtype", offset);
  const countOffset = reader.position;
  const count = reader.u32();
  if (count > 1) throw invalid("sub type: a type may have one supertype", countOffset);
  const supertypes: number[] = [];
  for (let i = 0; i < count; i++) {
    const supertypeOffset = reader.position;
    const supertype = reader.u32();
    if (supertype >= index) throw unknown("type", supertype, supertypeOffset);
    supertypes.push(supertype);
  }
  const compositeOffset = reader.position;
  return { final: form === SUB_FINAL, supertypes, ...readDescribedType(reader, reader.byte(), compositeOffset, scope) };
}

/** A composite type and its clauses, each at most once and in this order; what they name is checked later. */
function readDescribedType(
  reader: Reader,
  first: number,
  offset: number,
  scope: TypeScope,
): Pick<SubType, "describes" | "descriptor" | "composite"> {
  if ((first !== DESCRIBES && first !== DESCRIPTOR) || !scope.features.has("custom-descriptors"))
    return { composite: readCompositeType(reader, first, offset, scope) };
  let form = first;
  const readClause = (mark: number): number | undefined => {
    if (form !== mark) return undefined;
    const index = reader.u32();
    form = reader.byte();
    return index;
  };
  const describes = readClause(DESCRIBES);
  const descriptor = readClause(DESCRIPTOR);
  return { describes, descriptor, composite: readCompositeType(reader, form, reader.position - 1, scope) };
}

function readCompositeType(reader: Reader, form: number, offset: number, scope: TypeScope): CompositeType {
  const { features } = scope;
  switch (form) {
    case 0x60:
      return readFuncType(reader, scope);
    case 0x5f: {
      if (!features.has("gc")) throw featureDisabled("gc", "a structure type", offset);
      const countOffset = reader.position;
      const count = reader.u32();
      const limit = implementationLimits.structFields;
      if (count > limit) throw limitExceeded("fields", count, limit, countOffset);
      const fields: FieldType[] = [];
      for (let i = 0; i < count; i++) fields.push(readFieldType(reader, scope));
      return { kind: "struct", fields };
    }
    case 0x5e:
      if (!features.has("gc")) throw featureDisabled("gc", "an array type", offset);
      return { kind: "array", element: readFieldType(reader, scope) };
    case 0x5d:
      throw featureDisabled("stack-switching", "a continuation type", offset);
    case REC:
    case SUB:
    case SUB_FINAL:
      if (!features.has("gc")) throw featureDisabled("gc", `type definition 0x${form.toString(16)}`, offset);
      break;
    case DESCRIBES:
    case DESCRIPTOR:
      if (!features.has("custom-descriptors")) throw featureDisabled("custom-descriptors", "a descriptor", offset);
      throw malformed("malformed definition type", offset);
    default:
  }
  throw malformed("malformed type definition", offset);
}

function readFieldType(reader: Reader, scope: TypeScope): FieldType {
  const byte = reader.bytes[reader.position];
  let storage: FieldType["storage"];
  if (!reader.done && (byte === 0x78 || byte === 0x77)) {
    reader.position++;
    storage = byte === 0x78 ? "i8" : "i16";
  } else {
    storage = readValType(reader, scope, "malformed storage type");
  }
  return { storage, mutable: readMutability(reader) };
}

function readFuncType(reader: Reader, scope: TypeScope): FuncType {
  const params = readTypeList(reader, "params", implementationLimits.params, scope);
  const offset = reader.position;
  const results = readTypeList(reader, "results", implementationLimits.results, scope);
  if (results.length > 1 && !scope.features.has("multi-value"))
    throw featureDisabled("multi-value", "more than one result", offset);
  return { kind: "func", params, results };
}

function readTypeList(reader: Reader, what: string, limit: number, scope: TypeScope): readonly ValType[] {
  const offset = reader.position;
  const count = reader.u32();
  if (count > limit) throw limitExceeded(what, count, limit, offset);
  const types: ValType[] = [];
  for (let i = 0; i < count; i++) types.push(readValType(reader, scope));
  return types;
}

// The flags of limits.
const HAS_MAX = 0x01;
const SHARED = 0x02;
const ADDRESS_64 = 0x04;
const PAGE_SIZE = 0x08;

interface ReadLimits extends Limits {
  readonly flags: number;
  readonly address: AddressType | undefined;
}

/** Limits, and what the flags before them say. */
function readLimits(reader: Reader, what: "memory" | "table", features: FeatureSet): ReadLimits {
  const offset = reader.position;
  const flags = reader.byte();
  if (flags > 0x0f) throw malformed("malformed limits flags", offset);
  if ((flags & PAGE_SIZE) !== 0 && what === "table") throw malformed("malformed limits flags", offset);
  const isWide = (flags & ADDRESS_64) !== 0;
  if (isWide && !features.has("memory64")) throw featureDisabled("memory64", `a 64-bit ${what}`, offset);
  const isShared = (flags & SHARED) !== 0;
  if (isShared && what === "table") throw malformed("malformed limits flags", offset);
  if (isShared && !features.has("threads")) throw featureDisabled("threads", "a shared memory", offset);
  const read = (): number | bigint => (isWide ? readSize(reader) : reader.u32());
  const min = read();
  const max = (flags & HAS_MAX) === 0 ? undefined : read();
  if (max !== undefined && min > max) throw invalid("size minimum must not be greater than maximum", offset);
  return { flags, min, max, address: isWide ? "i64" : undefined };
}

/** Exact: a bigint where a number would not be. */
function readSize(reader: Reader): number | bigint {
  const lo = reader.u64();
  const { hi } = reader;
  return hi < 0x200000 ? hi * 2 ** 32 + lo : (BigInt(hi) << 32n) | BigInt(lo);
}

export function readTableType(reader: Reader, scope: TypeScope): TableType {
  const element = readRefType(reader, scope);
  const { min, max, address } = readLimits(reader, "table", scope.features);
  return { element, limits: { min, max }, address };
}

export function readMemoryType(reader: Reader, features: FeatureSet): MemoryType {
  const offset = reader.position;
  const { flags, min, max, address } = readLimits(reader, "memory", features);
  const pageSize = (flags & PAGE_SIZE) === 0 ? undefined : readPageSize(reader, features);
  // One byte each, they are as many as the limits can say.
  const { memoryPages, memory64Pages } = implementationLimits;
  const most = address === "i64" ? memory64Pages : memoryPages;
  if (pageSize !== 1 && (min > most || (max !== undefined && max > most)))
    throw invalid(`memory size must be at most ${most} pages`, offset);
  const isShared = (flags & SHARED) !== 0;
  if (isShared && max === undefined) throw invalid("shared memory must have maximum", offset);
  return { limits: { min, max }, address, pageSize, isShared };
}

/** Written as its logarithm to base 2 (custom-page-sizes proposal). */
function readPageSize(reader: Reader, features: FeatureSet): 1 | 65536 {
  const offset = reader.position;
  const logarithm = reader.u32();
  if (!features.has("custom-page-sizes")) throw featureDisabled("custom-page-sizes", "a page size", offset);
  if (logarithm === 0) return 1;
  if (logarithm === 16) return 65536;
  throw logarithm >= 64
    ? malformed("invalid custom page size", offset)
    : invalid("invalid custom page size: it must be 1 or 65536", offset);
}

export function readGlobalType(reader: Reader, scope: TypeScope): GlobalType {
  const value = readValType(reader, scope);
  return { value, mutable: readMutability(reader) };
}

function readMutability(reader: Reader): boolean {
  const offset = reader.position;
  const mutability = reader.byte();
  if (mutability > 1) throw malformed("malformed mutability", offset);
  return mutability === 1;
}
