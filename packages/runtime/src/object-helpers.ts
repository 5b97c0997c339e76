// What generated code calls for structures, arrays and casts (core spec, §4.4.2 and §4.4.3).
import type { DefinedType } from "@anywasm/isa";
import { f32_element, f32_element_set, f64_element_set, type NumberElements, setBytes } from "./numerics/elements.ts";
import {
  type ArrayClass,
  ArrayObject,
  arrayOf,
  externalize,
  fillElements,
  HostReference,
  internalize,
  newArray,
} from "./objects.ts";
import type { DataRecord, ElementRecord, Reference } from "./records.ts";
import { checkRange, trap } from "./trap.ts";

function checkArray(array: ArrayObject | null, start: number, count: number): ArrayObject {
  if (array === null) return trap("null_array_reference");
  checkRange(array.length, start, count, "array_out_of_bounds");
  return array;
}

/** The bytes of so many elements of a data segment. */
function bytesFor(data: DataRecord, from: number, count: number, size: number): Uint8Array {
  const start = from >>> 0;
  const end = start + (count >>> 0) * size;
  if (end > data.bytes.length) trap("memory_out_of_bounds");
  return data.bytes.subarray(start, end);
}

function referencesFor(segment: ElementRecord, from: number, count: number): readonly Reference[] {
  checkRange(segment.elements.length, from, count, "table_out_of_bounds");
  return segment.elements.slice(from >>> 0, (from >>> 0) + (count >>> 0));
}

/** Of each element. */
function wordsOf({ elements, length }: ArrayObject): number {
  return length === 0 ? 1 : elements.length / length;
}

/** Below this many elements, a loop is faster than a view. */
const shortCopy = 16;

function copyElements(to: ArrayObject, at: number, from: ArrayObject, start: number, count: number): void {
  const words = wordsOf(to);
  const [first, source, end] = [at * words, start * words, (start + count) * words];
  if (to === from) to.elements.copyWithin(first, source, end);
  else if (Array.isArray(to.elements) || (count <= shortCopy && !(to.elements instanceof Float32Array)))
    for (let i = source, j = first; i < end; i++, j++) (to.elements as Reference[])[j] = from.elements[i];
  else to.elements.set((from.elements as NumberElements).subarray(source, end), first);
}

const wordsOfInt31 = (reference: number | null): number =>
  reference === null ? trap("null_i31_reference") : reference;

export const objectHelpers = {
  f32_element,
  f32_element_set,
  f64_element_set,
  array_out_of_bounds: (): never => trap("array_out_of_bounds"),
  cast_failure: (): never => trap("cast_failure"),
  descriptor_cast_failure: (): never => trap("descriptor_cast_failure"),
  null_descriptor: (): never => trap("null_descriptor_reference"),
  descriptor: (reference: Reference): Reference => (reference === null ? trap("null_descriptor_reference") : reference),
  is_eq: (reference: Reference): number => (reference === null || reference instanceof HostReference ? 0 : 1),
  is_i31: (reference: Reference): number => (typeof reference === "number" ? 1 : 0),
  is_struct: (reference: { readonly type?: DefinedType } | null): number =>
    reference !== null && reference.type?.kind === "struct" ? 1 : 0,
  is_array: (reference: Reference): number => (reference instanceof ArrayObject ? 1 : 0),
  i31_get_s: wordsOfInt31,
  i31_get_u: (reference: number | null): number => wordsOfInt31(reference) & 0x7fffffff,
  any_convert_extern: internalize,
  extern_convert_any: externalize,
  array_new: (of: ArrayClass, ...operands: readonly unknown[]): ArrayObject => {
    const array = newArray(of, operands[of.words] as number);
    // Most are to begin with what a new one has.
    const isFilled = of.words === 1 && (operands[0] === null || Object.is(operands[0], 0));
    if (!isFilled) fillElements(array, 0, array.length, operands);
    return array;
  },
  array_new_default: newArray,
  array_new_fixed: (of: ArrayClass, ...words: readonly unknown[]): ArrayObject => arrayOf(of, words),
  array_new_data: (of: ArrayClass, data: DataRecord, from: number, count: number): ArrayObject => {
    const bytes = bytesFor(data, from, count, of.bytes);
    const array = newArray(of, count);
    setBytes(array.elements as NumberElements, 0, bytes);
    return array;
  },
  array_new_elem: (of: ArrayClass, segment: ElementRecord, from: number, count: number): ArrayObject =>
    arrayOf(of, referencesFor(segment, from, count)),
  array_init_data: (data: DataRecord, to: ArrayObject | null, at: number, from: number, count: number): void => {
    const array = checkArray(to, at, count);
    const { elements } = array;
    const words = wordsOf(array);
    const { BYTES_PER_ELEMENT } = elements as NumberElements;
    const bytes = bytesFor(data, from, count, words * BYTES_PER_ELEMENT);
    setBytes(elements as NumberElements, (at >>> 0) * words, bytes);
  },
  array_init_elem: (segment: ElementRecord, to: ArrayObject | null, at: number, from: number, count: number): void => {
    const { elements } = checkArray(to, at, count);
    referencesFor(segment, from, count).forEach((reference, i) => {
      (elements as Reference[])[(at >>> 0) + i] = reference;
    });
  },
  array_fill: (to: ArrayObject | null, at: number, ...operands: readonly unknown[]): void => {
    const count = operands[operands.length - 1] as number;
    fillElements(checkArray(to, at, count), at >>> 0, (at >>> 0) + (count >>> 0), operands);
  },
  array_copy: (to: ArrayObject | null, at: number, from: ArrayObject | null, start: number, count: number): void => {
    if (to === null || from === null) return trap("null_array_reference");
    copyElements(checkArray(to, at, count), at >>> 0, checkArray(from, start, count), start >>> 0, count >>> 0);
  },
};
