// Elements of arrays as numbers of some type: floats with the bits of their NaNs, and what lies in bytes.
// Typed arrays have the machine's byte order, modules the little-endian one.
import { f32_reinterpret_i32, i32_reinterpret_f32, i64_reinterpret_f64 } from "./convert.ts";
import { high } from "./high.ts";

const isLittleEndian = new Uint8Array(new Int32Array([1]).buffer)[0] === 1;

export function f32_element(elements: Float32Array, index: number): number {
  const value = elements[index] as number;
  if (value === value) return value;
  return f32_reinterpret_i32(new Int32Array(elements.buffer)[index] as number);
}

export function f32_element_set(elements: Float32Array, index: number, value: number): void {
  if (value === value) elements[index] = value;
  else new Int32Array(elements.buffer)[index] = i32_reinterpret_f32(value);
}

export function f64_element_set(elements: Float64Array, index: number, value: number): void {
  if (value === value) elements[index] = value;
  else {
    const view = new DataView(elements.buffer);
    const low = i64_reinterpret_f64(value);
    view.setInt32(8 * index + (isLittleEndian ? 0 : 4), low, isLittleEndian);
    view.setInt32(8 * index + (isLittleEndian ? 4 : 0), high[0] as number, isLittleEndian);
  }
}

/** A typed array that owns its buffer. */
export type NumberElements = Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** Copies little-endian bytes into elements, from the one at `index` on. */
export function setBytes(elements: NumberElements, index: number, bytes: Uint8Array): void {
  const { BYTES_PER_ELEMENT: size } = elements;
  const target = new Uint8Array(elements.buffer, index * size, bytes.length);
  target.set(bytes);
  if (!isLittleEndian)
    for (let start = 0; start < target.length; start += size) target.subarray(start, start + size).reverse();
}
