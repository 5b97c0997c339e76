// Structures, arrays and host values as guest code holds them: what references of the `any` hierarchy are.
//
// A structure is made by a class of its type's own (see the compiler's structures.ts). An i31 is a number; whatever else
// comes from the host is in a `HostReference`, so that each reference but a number has a `type` to ask, and none is asked
// that a host could have made. See docs/gc.md.
import {
  type ArrayType,
  abstractHeapTypes,
  type DefinedType,
  type DefinedTypes,
  exactHeapType,
  f32,
  f64,
  type HeapType,
  heapTypeOf,
  i64,
  isHeapSubtype,
  isNullable,
  isRefType,
  topOf,
  type ValType,
  v128,
} from "@anywasm/isa";
import { f32_element_set, f64_element_set, type NumberElements } from "./numerics/elements.ts";
import { FuncRecord, type Reference } from "./records.ts";
import { Trap } from "./trap.ts";

/** A structure or an array. */
interface GuestObject {
  readonly type: DefinedType;
}

/** What holds the elements of an array. Of 64-bit integers there are two words each, of vectors four. */
export type Elements = NumberElements | Reference[];

export class ArrayObject implements GuestObject {
  readonly type: DefinedType<ArrayType>;
  readonly elements: Elements;
  readonly length: number;

  constructor(type: DefinedType<ArrayType>, elements: Elements, length: number) {
    this.type = type;
    this.elements = elements;
    this.length = length;
  }
}

/** The type of host values: none of any module's. */
const hostType = { kind: "host", display: [] };

/** A host value that is no i31, as a reference to anything. */
export class HostReference {
  readonly type = hostType;
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** What the runtime knows of an array's type. */
export interface ArrayClass {
  readonly type: DefinedType<ArrayType>;
  /** Of numbers; `undefined` where elements are references. */
  readonly Numbers: (new (length: number) => NumberElements) | undefined;
  /** Elements of `Numbers` that an element takes. */
  readonly words: 1 | 2 | 4;
  /** In a data segment. */
  readonly bytes: number;
}

// Types belong to engines, which may go.
const arrayClasses = new WeakMap<DefinedType, ArrayClass>();

export function arrayClass(type: DefinedType<ArrayType>): ArrayClass {
  let known = arrayClasses.get(type);
  if (known === undefined) arrayClasses.set(type, (known = makeArrayClass(type)));
  return known;
}

function makeArrayClass(type: DefinedType<ArrayType>): ArrayClass {
  const { storage } = type.element;
  if (storage === "i8") return { type, Numbers: Int8Array, words: 1, bytes: 1 };
  if (storage === "i16") return { type, Numbers: Int16Array, words: 1, bytes: 2 };
  if (isRefType(storage)) return { type, Numbers: undefined, words: 1, bytes: 0 };
  if (storage === i64) return { type, Numbers: Int32Array, words: 2, bytes: 8 };
  if (storage === v128) return { type, Numbers: Int32Array, words: 4, bytes: 16 };
  if (storage === f32) return { type, Numbers: Float32Array, words: 1, bytes: 4 };
  if (storage === f64) return { type, Numbers: Float64Array, words: 1, bytes: 8 };
  return { type, Numbers: Int32Array, words: 1, bytes: 4 };
}

/** Of an array of numbers, in bytes; and of one of references, in elements. The specification leaves it open. */
const maxArrayBytes = 2 ** 30;
const maxReferences = 2 ** 26;

/** Copying takes a third of the time of filling. */
const someNulls: readonly Reference[] = Array.from({ length: 1024 }, () => null);

function nulls(length: number): Reference[] {
  return length <= someNulls.length ? someNulls.slice(0, length) : new Array<Reference>(length).fill(null);
}

/** An array of zeros or nulls. @throws Trap for one that is too large. */
export function newArray({ type, Numbers, words, bytes }: ArrayClass, count: number): ArrayObject {
  const length = count >>> 0;
  if (Numbers === undefined ? length > maxReferences : length * bytes > maxArrayBytes)
    throw new Trap("array_too_large");
  if (Numbers === undefined) return new ArrayObject(type, nulls(length), length);
  try {
    return new ArrayObject(type, new Numbers(length * words), length);
  } catch (error) {
    // The host has no memory for it.
    throw error instanceof RangeError ? new Trap("array_too_large", { cause: error }) : error;
  }
}

/** Gives elements from `from` to `to` the words of one value. */
export function fillElements(
  { type, elements }: ArrayObject,
  from: number,
  to: number,
  words: readonly unknown[],
): void {
  const [word] = words;
  const { words: each } = arrayClass(type);
  if (Array.isArray(elements)) elements.fill(word, from, to);
  else if (each > 1) for (let i = each * from; i < each * to; i++) elements[i] = words[i & (each - 1)] as number;
  else if (word === word) elements.fill(word as number, from, to);
  else for (let i = from; i < to; i++) setElement(elements, i, word as number);
}

/** Writes a word, of a float with the bits of a NaN. */
function setElement(elements: NumberElements, index: number, word: number): void {
  if (elements instanceof Float32Array) f32_element_set(elements, index, word);
  else if (elements instanceof Float64Array) f64_element_set(elements, index, word);
  else elements[index] = word;
}

/** An array of these words. */
export function arrayOf({ type, Numbers, words: each }: ArrayClass, words: readonly unknown[]): ArrayObject {
  const length = words.length / each;
  if (Numbers === undefined) return new ArrayObject(type, words as Reference[], length);
  const elements = new Numbers(words.length);
  for (let i = 0; i < words.length; i++) setElement(elements, i, words[i] as number);
  return new ArrayObject(type, elements, length);
}

// What the host sees

const opaqueHandler: ProxyHandler<object> = {
  set: refuse,
  defineProperty: refuse,
  deleteProperty: refuse,
  preventExtensions: refuse,
};

function refuse(): never {
  throw new TypeError("WebAssembly objects are opaque");
}

const handles = new WeakMap<object, object>();
const objects = new WeakMap<object, GuestObject>();

/**
 * JS API, "Exported GC Objects": an object without properties or prototype, always the same for the same structure or array.
 * The object itself stays out of reach.
 */
function handleOf(object: GuestObject): object {
  let handle = handles.get(object);
  if (handle === undefined) {
    handle = new Proxy(Object.freeze(Object.create(null) as object), opaqueHandler);
    handles.set(object, handle);
    objects.set(handle, object);
  }
  return handle;
}

function objectOf(value: unknown): GuestObject | undefined {
  return typeof value === "object" && value !== null ? objects.get(value) : undefined;
}

/** What a host value is if it is a structure or array: which of them. */
export function kindOfObject(value: unknown): "struct" | "array" | undefined {
  const kind = objectOf(value)?.type.kind;
  return kind === "struct" || kind === "array" ? kind : undefined;
}

/** `any.convert_extern` (core spec, §4.4.2): numbers of 31 bits are those; JS API, "ToWebAssemblyValue". */
export function internalize(value: unknown): Reference {
  if (value === null) return null;
  if (typeof value === "number" && (value << 1) >> 1 === value && !Object.is(value, -0)) return value;
  return objectOf(value) ?? new HostReference(value);
}

/** `extern.convert_any`. */
export function externalize(reference: Reference): unknown {
  if (reference === null || typeof reference === "number") return reference;
  return reference instanceof HostReference ? reference.value : handleOf(reference as GuestObject);
}

/** What the host sees of a reference to a function, or to anything but a value of its own. */
export function referenceToHost(reference: Reference, fromFunction: (record: FuncRecord) => unknown): unknown {
  return reference instanceof FuncRecord ? fromFunction(reference) : externalize(reference);
}

/**
 * The reference that a host value stands for, where one of `type` is wanted, which is none of the host's own; `undefined`
 * if there is none.
 */
export function referenceFromHost(
  type: ValType,
  value: unknown,
  functionOf: (value: unknown) => FuncRecord | undefined,
  types: DefinedTypes,
): Reference | undefined {
  const heap = heapTypeOf(type);
  const top = topOf(heap, types);
  // Of exceptions, not even null crosses (JS API, "ToWebAssemblyValue").
  if (top === abstractHeapTypes.exn) return undefined;
  if (value === null) return isNullable(type) ? null : undefined;
  switch (top) {
    case abstractHeapTypes.func: {
      const record = functionOf(value);
      return record !== undefined && isHeapSubtype(exactHeapType(record.type.id), heap, types) ? record : undefined;
    }
    case abstractHeapTypes.any: {
      const reference = internalize(value);
      return isHeapSubtype(heapOf(reference), heap, types) ? reference : undefined;
    }
    default:
      return undefined;
  }
}

/** The least type of a reference that is not null. */
function heapOf(reference: Reference): HeapType {
  if (typeof reference === "number") return abstractHeapTypes.i31;
  return reference instanceof HostReference ? abstractHeapTypes.any : exactHeapType((reference as GuestObject).type.id);
}
