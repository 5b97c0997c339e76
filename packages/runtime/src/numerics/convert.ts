// Conversions between number types (core spec, §4.3.4). How a float's NaN is represented: see float.ts.
import { Trap } from "../trap.ts";
import { high as register } from "./high.ts";
import { signedNumber, split, unsignedNumber } from "./pair.ts";

// See i64.ts.
const high = register;

const TWO_32 = 4294967296;
const TWO_63 = 2 ** 63;
const TWO_64 = 2 ** 64;

function invalid(): never {
  throw new Trap("invalid_conversion_to_integer");
}

function overflow(): never {
  throw new Trap("integer_overflow");
}

function truncS32(x: number): number {
  if (x > -2147483649 && x < 2147483648) return x | 0;
  return x === x ? overflow() : invalid();
}

function truncU32(x: number): number {
  if (x > -1 && x < TWO_32) return x | 0;
  return x === x ? overflow() : invalid();
}

export const i32_trunc_f32_s = truncS32;
export const i32_trunc_f64_s = truncS32;
export const i32_trunc_f32_u = truncU32;
export const i32_trunc_f64_u = truncU32;

function truncS64(x: number): number {
  if (x >= -TWO_63 && x < TWO_63) return split(Math.trunc(x));
  return x === x ? overflow() : invalid();
}

function truncU64(x: number): number {
  if (x > -1 && x < TWO_64) return split(Math.trunc(x));
  return x === x ? overflow() : invalid();
}

export const i64_trunc_f32_s = truncS64;
export const i64_trunc_f64_s = truncS64;
export const i64_trunc_f32_u = truncU64;
export const i64_trunc_f64_u = truncU64;

function saturateS32(x: number): number {
  if (x >= 2147483647) return 0x7fffffff;
  if (x <= -2147483648) return -0x80000000;
  return x | 0;
}

function saturateU32(x: number): number {
  if (x >= TWO_32) return -1;
  return x > 0 ? x | 0 : 0;
}

export const i32_trunc_sat_f32_s = saturateS32;
export const i32_trunc_sat_f64_s = saturateS32;
export const i32_trunc_sat_f32_u = saturateU32;
export const i32_trunc_sat_f64_u = saturateU32;

function pair(lo: number, hi: number): number {
  high[0] = hi;
  return lo;
}

function saturateS64(x: number): number {
  if (x >= TWO_63) return pair(-1, 0x7fffffff);
  if (x <= -TWO_63) return pair(0, -0x80000000);
  return x === x ? split(Math.trunc(x)) : pair(0, 0);
}

function saturateU64(x: number): number {
  if (x >= TWO_64) return pair(-1, -1);
  return x > 0 ? split(Math.trunc(x)) : pair(0, 0);
}

export const i64_trunc_sat_f32_s = saturateS64;
export const i64_trunc_sat_f64_s = saturateS64;
export const i64_trunc_sat_f32_u = saturateU64;
export const i64_trunc_sat_f64_u = saturateU64;

/**
 * Rounding to a double and then to a single rounds twice. Where the number has more bits than a double holds, the bits
 * that the double would round away are first gathered into one ("sticky") bit that the single cannot hold either.
 */
function singleOf(lo: number, hi: number): number {
  const sticky = (lo & 0xfff) === 0 ? lo : (lo & ~0xfff) | 0x800;
  return Math.fround(signedNumber(sticky, hi));
}

export function f32_convert_i64_u(lo: number, hi: number): number {
  // Up to 53 bits the double is exact and only one rounding takes place.
  return hi >>> 21 === 0 ? Math.fround(unsignedNumber(lo, hi)) : singleOf(lo, hi >>> 0);
}

export function f32_convert_i64_s(lo: number, hi: number): number {
  const upper = hi >> 21;
  return upper === 0 || upper === -1 ? Math.fround(signedNumber(lo, hi)) : singleOf(lo, hi);
}

// The instruction table prints these two in place.
export const f64_convert_i64_s = signedNumber;
export const f64_convert_i64_u = unsignedNumber;

/** Arithmetic quiets a signalling NaN. */
export function f64_promote_f32(x: number): number {
  return x === x ? x : x + x;
}

// The bits of floats. Those of a NaN take a way of their own: V8's middle tier (Maglev, seen in 14.6) quiets what it
// stores with setFloat64 or into a Float64Array. It does not do so for what it loads, and `fill` is no code of its own.

const scratch = new DataView(new ArrayBuffer(8));
const nan = new Float64Array(1);
const nanWords = new Int32Array(nan.buffer);
const highIndex = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0;

function reinterpretNaN(x: number): number {
  nan.fill(x);
  high[0] = nanWords[highIndex] as number;
  return nanWords[1 - highIndex] as number;
}

export function i64_reinterpret_f64(x: number): number {
  if (x !== x) return reinterpretNaN(x);
  scratch.setFloat64(0, x, true);
  high[0] = scratch.getInt32(4, true);
  return scratch.getInt32(0, true);
}

export function f64_reinterpret_i64(lo: number, hi: number): number {
  scratch.setInt32(0, lo, true);
  scratch.setInt32(4, hi, true);
  return scratch.getFloat64(0, true);
}

export function i32_reinterpret_f32(x: number): number {
  if (x === x) {
    scratch.setFloat32(0, x, true);
    return scratch.getInt32(0, true);
  }
  const lo = reinterpretNaN(x);
  const hi = high[0] as number;
  // Sign, exponent and the upper 20 bits of the payload are in the high word; three more follow in the low one.
  return (hi & 0x80000000) | 0x7f800000 | ((hi & 0x000fffff) << 3) | (lo >>> 29);
}

export function f32_reinterpret_i32(bits: number): number {
  if ((bits & 0x7f800000) !== 0x7f800000 || (bits & 0x007fffff) === 0) {
    scratch.setInt32(0, bits, true);
    return scratch.getFloat32(0, true);
  }
  return f64_reinterpret_i64(bits << 29, (bits & 0x80000000) | 0x7ff00000 | ((bits & 0x007fffff) >>> 3));
}
