// Numbers at the border between host and guest, where bigints and exact bits are wanted.
import { f32_reinterpret_i32, f64_reinterpret_i64, i32_reinterpret_f32, i64_reinterpret_f64 } from "./convert.ts";
import { high } from "./high.ts";

// A view converts without arithmetic on bigints, each step of which allocates, and without BigInt.asIntN, which older
// engines get wrong.
const scratch = new DataView(new ArrayBuffer(8));

/** The signed 64-bit integer of two words. */
export function i64ToBigInt(lo: number, hi: number): bigint {
  scratch.setInt32(0, lo, true);
  scratch.setInt32(4, hi, true);
  return scratch.getBigInt64(0, true);
}

/** The low word of `value` modulo 2^64 (JS API, "ToWebAssemblyValue": ToBigInt64); the high word goes to `high`. */
export function bigIntToI64(value: bigint): number {
  scratch.setBigInt64(0, value, true);
  high[0] = scratch.getInt32(4, true);
  return scratch.getInt32(0, true);
}

/** The f32 with these 32 bits, as guest code represents it: a NaN keeps its bits where the engine lets it. */
export function f32FromBits(bits: number): number {
  return f32_reinterpret_i32(bits | 0);
}

/** The 32 bits of an f32, unsigned. */
export function f32ToBits(value: number): number {
  return i32_reinterpret_f32(value) >>> 0;
}

/** The f64 with these 64 bits. */
export function f64FromBits(bits: bigint): number {
  const lo = bigIntToI64(bits);
  return f64_reinterpret_i64(lo, high[0] as number);
}

/** The 64 bits of an f64, unsigned. */
export function f64ToBits(value: number): bigint {
  const lo = i64_reinterpret_f64(value);
  return BigInt.asUintN(64, i64ToBigInt(lo, high[0] as number));
}
