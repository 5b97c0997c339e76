// Equality and subtyping of types (core spec, §3.1.3 "Type Equivalence" and §3.3 "Matching"). Equal definitions of one
// registry are one object, whichever modules they come from, and know their supertypes by depth, so that every question
// about two definitions is one comparison. Knows nothing of bytes or values.
import { CompileError } from "./compile-error.ts";
import {
  abstractHeapTypes,
  bottom,
  bottomHeapType,
  type CompositeType,
  exactHeapType,
  type FieldType,
  type FuncType,
  type HeapType,
  heapTypeOf,
  isConcrete,
  isExact,
  isNullable,
  isRefType,
  type RecGroup,
  refType,
  type SubType,
  typeIndexOf,
  type ValType,
} from "./types.ts";

/** Of the first depths. */
export const supertypeNames = [
  "supertype0",
  "supertype1",
  "supertype2",
  "supertype3",
  "supertype4",
  "supertype5",
  "supertype6",
  "supertype7",
] as const;

/** What a display holds at the first depths: generated code reads a property in fewer steps than an element. */
type Supertypes = { [name in (typeof supertypeNames)[number]]: TypeIdentity | undefined };

const noSupertypes = Object.fromEntries(supertypeNames.map((name) => [name, undefined])) as unknown as Supertypes;

/** What a definition is besides its composite type. */
interface TypeIdentity extends Readonly<Supertypes> {
  /** What stands for it in the value types of definitions: they name no type indices of a module. */
  readonly id: number;
  readonly final: boolean;
  /** The `id` of the type of its descriptors, if it has any. */
  readonly descriptor: number | undefined;
  /** How many supertypes it has. */
  readonly depth: number;
  /** Its supertypes by their depth, then itself, then nothing: engines take long for what is outside of an array. */
  readonly display: readonly (TypeIdentity | undefined)[];
}

/** A type definition, the same object for all that are equal. */
export type DefinedType<T extends CompositeType = CompositeType> = T & TypeIdentity;

/** Definitions by what concrete heap types say: a module's by type index, a registry's by `id`. */
export type DefinedTypes = readonly DefinedType[];

/** Value types have no room for more. */
const maxTypes = 2 ** 21 - 0x100;

/** Whether `type` is `supertype`, or is declared below it. */
export function isDefinedSubtype(type: TypeIdentity, supertype: TypeIdentity): boolean {
  return type === supertype || type.display[supertype.depth] === supertype;
}

/** Knows one object for each type definition. */
export class TypeRegistry {
  /** By `id`. */
  readonly types: DefinedType[] = [];
  private readonly groups = new Map<string, DefinedTypes>();
  /** Types that have supertypes, by the one that has none. */
  private readonly below = new Map<DefinedType, DefinedType[]>();

  /** Adds the definitions of a recursive group to `known`, those that came before it by type index. */
  addGroup(group: RecGroup, known: DefinedType[]): void {
    for (const type of this.groupOf(group, known)) known.push(type);
  }

  /** The definition of a function type by itself, whose value types name definitions by `id`. */
  func({ params, results }: FuncType): DefinedType<FuncType> {
    const types: SubType[] = [{ final: true, supertypes: [], composite: { kind: "func", params, results } }];
    return this.groupOf({ start: this.types.length, types }, this.types)[0] as DefinedType<FuncType>;
  }

  /** All types of the hierarchy that a type belongs to, so far: none is before its supertypes, and none changes its place. */
  hierarchyOf(type: DefinedType): DefinedTypes {
    const top = topmost(type);
    return [top, ...(this.below.get(top) ?? [])];
  }

  private groupOf(group: RecGroup, known: DefinedTypes): DefinedTypes {
    const { start } = group;
    const key = group.types.map((type) => keyOfSubType(type, (index) => nameIn(index, start, known))).join(";");
    let found = this.groups.get(key);
    if (found === undefined) this.groups.set(key, (found = this.define(group, known)));
    return found;
  }

  private define({ start, types }: RecGroup, known: DefinedTypes): DefinedTypes {
    const first = this.types.length;
    if (first + types.length > maxTypes)
      throw new CompileError(`too many types: the limit is ${maxTypes} different ones`, {
        code: "limit_exceeded",
        offset: 0,
      });
    const made: DefinedType[] = [];
    const idOf = (index: number): number => (index < start ? (known[index] as DefinedType).id : first + index - start);
    types.forEach(({ final, supertypes, descriptor: descriptorIndex, composite }, i) => {
      const [above] = supertypes;
      const supertype = above === undefined ? undefined : above < start ? known[above] : made[above - start];
      const display: (TypeIdentity | undefined)[] = supertype?.display.slice(0, supertype.depth + 1) ?? [];
      const depth = display.length;
      const descriptor = descriptorIndex === undefined ? undefined : idOf(descriptorIndex);
      const identity = { id: first + i, final, descriptor, depth, display };
      const type: DefinedType & Supertypes = { ...noSupertypes, ...identity, ...canonicalComposite(composite, idOf) };
      display.push(type);
      while (display.length < supertypeNames.length) display.push(undefined);
      for (const [i, name] of supertypeNames.entries()) type[name] = display[i];
      made.push(type);
      this.types.push(type);
      if (depth > 0) this.addBelow(topmost(type), type);
    });
    return made;
  }

  private addBelow(top: DefinedType, type: DefinedType): void {
    const below = this.below.get(top);
    if (below === undefined) this.below.set(top, [type]);
    else below.push(type);
  }
}

/** The type above this one that has nothing above it. */
function topmost({ display }: TypeIdentity): DefinedType {
  return display[0] as DefinedType;
}

/** A reference to a definition in a group's key: by its identity, or by its place in the group. */
function nameIn(index: number, start: number, known: DefinedTypes): string {
  return index < start ? `${(known[index] as DefinedType).id}` : `.${index - start}`;
}

function keyOfSubType(type: SubType, nameOf: (index: number) => string): string {
  const { final, supertypes, descriptor, describes, composite } = type;
  const valType = (type: ValType): string => {
    const heap = heapTypeOf(type);
    if (!isRefType(type) || !isConcrete(heap)) return String(type);
    return `${isNullable(type) ? "n" : "r"}${isExact(heap) ? "=" : ""}${nameOf(typeIndexOf(heap))}`;
  };
  const field = ({ storage, mutable }: FieldType): string =>
    `${typeof storage === "string" ? storage : valType(storage)}${mutable ? "!" : ""}`;
  const clause = (mark: string, index: number | undefined): string =>
    index === undefined ? "" : `${mark}${nameOf(index)}`;
  const clauses = clause("/", describes) + clause("\\", descriptor);
  const head = `${final ? "" : "+"}${supertypes.map((each) => clause("<", each)).join("")}${clauses}`;
  switch (composite.kind) {
    case "func":
      return `${head}f${composite.params.map(valType).join()}>${composite.results.map(valType).join()}`;
    case "struct":
      return `${head}s${composite.fields.map(field).join()}`;
    case "array":
      return `${head}a${field(composite.element)}`;
  }
}

function canonicalComposite(composite: CompositeType, idOf: (index: number) => number): CompositeType {
  const valType = (type: ValType): ValType => mapConcrete(type, idOf);
  const field = ({ storage, mutable }: FieldType): FieldType => ({
    storage: typeof storage === "string" ? storage : valType(storage),
    mutable,
  });
  switch (composite.kind) {
    case "func":
      return { kind: "func", params: composite.params.map(valType), results: composite.results.map(valType) };
    case "struct":
      return { kind: "struct", fields: composite.fields.map(field) };
    case "array":
      return { kind: "array", element: field(composite.element) };
  }
}

/** The type with another name for the definition it refers to, if it refers to one. */
export function mapConcrete(type: ValType, nameOf: (index: number) => number): ValType {
  const heap = heapTypeOf(type);
  if (!isRefType(type) || !isConcrete(heap)) return type;
  const name = nameOf(typeIndexOf(heap));
  return refType(isExact(heap) ? exactHeapType(name) : (name as HeapType), isNullable(type));
}

/** Core spec, §3.3.3 and §3.3.4: whether every value of `actual` is one of `expected`. */
export function isSubtype(actual: ValType, expected: ValType, types: DefinedTypes): boolean {
  if (actual === expected || actual === bottom) return true;
  if (!isRefType(actual) || !isRefType(expected)) return false;
  if (isNullable(actual) && !isNullable(expected)) return false;
  return isHeapSubtype(heapTypeOf(actual), heapTypeOf(expected), types);
}

/** Whether both types have the same values. */
export function isSameType(a: ValType, b: ValType, types: DefinedTypes): boolean {
  return isSubtype(a, b, types) && isSubtype(b, a, types);
}

const { any, eq, i31, struct, array, none, func, nofunc, extern, noextern, exn, noexn } = abstractHeapTypes;

/** The abstract types directly above each, and above definitions by their kind. */
const above: Readonly<Record<number, HeapType>> = {
  [i31]: eq,
  [struct]: eq,
  [array]: eq,
  [eq]: any,
};
const aboveKind = { func, struct, array } as const;

/** The least and the greatest type of each hierarchy. */
const bottomOf: Readonly<Record<number, HeapType>> = { [any]: none, [func]: nofunc, [extern]: noextern, [exn]: noexn };

/** Core spec, §3.3.3 "Heap Types". */
export function isHeapSubtype(actual: HeapType, expected: HeapType, types: DefinedTypes): boolean {
  if (actual === expected || actual === bottomHeapType) return true;
  if (isConcrete(actual)) {
    const type = types[typeIndexOf(actual)] as DefinedType;
    if (isExact(expected)) return isExact(actual) && type === types[typeIndexOf(expected)];
    if (isConcrete(expected)) return isDefinedSubtype(type, types[expected] as DefinedType);
    return isHeapSubtype(aboveKind[type.kind], expected, types);
  }
  if (bottomOf[topOf(expected, types)] === actual) return true;
  const next = above[actual];
  return next !== undefined && isHeapSubtype(next, expected, types);
}

/** The greatest type of the hierarchy that a heap type belongs to. */
export function topOf(heap: HeapType, types: DefinedTypes): HeapType {
  if (isConcrete(heap)) return topOf(aboveKind[(types[typeIndexOf(heap)] as DefinedType).kind], types);
  switch (heap) {
    case func:
    case nofunc:
      return func;
    case extern:
    case noextern:
      return extern;
    case exn:
    case noexn:
      return exn;
    default:
      return any;
  }
}

/** Core spec, §3.3.8 to §3.3.11: whether a definition may be declared below another. */
export function isCompositeSubtype(actual: CompositeType, expected: CompositeType, types: DefinedTypes): boolean {
  switch (actual.kind) {
    case "func":
      return (
        expected.kind === "func" &&
        areSubtypes(expected.params, actual.params, types) &&
        areSubtypes(actual.results, expected.results, types)
      );
    case "struct":
      return (
        expected.kind === "struct" &&
        actual.fields.length >= expected.fields.length &&
        expected.fields.every((field, i) => isFieldSubtype(actual.fields[i] as FieldType, field, types))
      );
    case "array":
      return expected.kind === "array" && isFieldSubtype(actual.element, expected.element, types);
  }
}

export function areSubtypes(actual: readonly ValType[], expected: readonly ValType[], types: DefinedTypes): boolean {
  return actual.length === expected.length && actual.every((type, i) => isSubtype(type, expected[i] as ValType, types));
}

function isFieldSubtype(actual: FieldType, expected: FieldType, types: DefinedTypes): boolean {
  if (actual.mutable !== expected.mutable) return false;
  return (
    isStorageSubtype(actual.storage, expected.storage, types) &&
    (!actual.mutable || isStorageSubtype(expected.storage, actual.storage, types))
  );
}

/** Whether values stored as `actual` may be used as ones stored as `expected`. */
export function isStorageSubtype(
  actual: FieldType["storage"],
  expected: FieldType["storage"],
  types: DefinedTypes,
): boolean {
  if (typeof actual === "string" || typeof expected === "string") return actual === expected;
  return isSubtype(actual, expected, types);
}
