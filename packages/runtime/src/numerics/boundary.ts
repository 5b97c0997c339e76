// Numbers at the border between host and guest, where bigints and exact bits are wanted.
import { f32_reinterpret_i32, f64_reinterpret_i64, i32_reinterpret_f32, i64_reinterpret_f64 } from "./convert.ts";
import { high } from "./high.ts";

// A view would do as well, but V8 has compiled its bigint accesses well since version 12 only.
const scratch = new ArrayBuffer(8);
const words = new Int32Array(scratch);
/** Without bigints there are no 64-bit values at the border. */
const wide = typeof BigInt64Array === "undefined" ? ([] as unknown as BigInt64Array) : new BigInt64Array(scratch);

/** Where the engine's byte order puts the low word. */
const lowWord = new Uint8Array(new Int32Array([1]).buffer)[0] === 1 ? 0 : 1;
const highWord = 1 - lowWord;

/**
 * The signed 64-bit integer of two words. Not through memory: a processor waits for two halves to be written before it reads
 * the whole. The sum is one already; `asIntN` lets V8 know, which then computes it in a register.
 */
export function i64ToBigInt(lo: number, hi: number): bigint {
  return BigInt.asIntN(64, (BigInt(hi) << 32n) + BigInt(lo >>> 0));
}

/** The low word of `value` modulo 2^64 (JS API, "ToWebAssemblyValue": ToBigInt64); the high word goes to `high`. */
export function bigIntToI64(value: bigint): number {
  wide[0] = value;
  high[0] = words[highWord] as number;
  return words[lowWord] as number;
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
