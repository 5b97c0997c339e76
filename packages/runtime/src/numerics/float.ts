// Floating-point instructions that JavaScript lacks or does not define to the bit (core spec, §4.3.3).
//
// An f32 is a JavaScript number that is exactly a single. An f32 NaN is the double NaN of the same sign whose payload
// is the single's, 29 bits further up, not quieted: what getFloat32 gives for quiet ones. V8 keeps those bits while a
// number is only moved between variables, calls and fields. Storing it as a float may quiet it (see convert.ts), and
// other engines may have one NaN for all: then sign and payload are lost, never that it is a NaN. JavaScriptCore's
// interpreter has one, its optimizing tiers mostly keep the bits.
import { f64_reinterpret_i64, i64_reinterpret_f64 } from "./convert.ts";
import { high } from "./high.ts";

// Arithmetic makes a signalling NaN quiet, so `x + x` does where nothing else is to be done. V8's Math.ceil, floor
// and trunc hand one through until they are optimized, and its optimizing tiers take `x - 0`, `x * 1` and `x / 1` for `x`.

export function f64_ceil(x: number): number {
  return x === x ? Math.ceil(x) : x + x;
}

export function f64_floor(x: number): number {
  return x === x ? Math.floor(x) : x + x;
}

export function f64_trunc(x: number): number {
  return x === x ? Math.trunc(x) : x + x;
}

export const f32_ceil = f64_ceil;
export const f32_floor = f64_floor;
export const f32_trunc = f64_trunc;

/** Rounds to the nearest integer, ties to even; keeps the sign of zero. */
export function f64_nearest(x: number): number {
  // Ties up, which is too far by one where the result is odd. It keeps the sign of zero, too.
  const rounded = Math.round(x);
  const excess = rounded - x;
  if (excess < 0.5) return rounded;
  if (excess === 0.5) return rounded % 2 === 0 ? rounded : rounded - 1;
  // Infinities and NaN.
  return x + x;
}

// Singles are doubles, and what they round to are singles again.
export const f32_nearest = f64_nearest;

// The minimum with a NaN that is canonical must be one. V8's middle tier (Maglev, seen in 14.6) makes Math.min and
// Math.max of a NaN one with all bits set. Arithmetic gives the operand's, quiet.

export function f64_min(x: number, y: number): number {
  const min = Math.min(x, y);
  if (min !== min) return x + y;
  return min;
}

export function f64_max(x: number, y: number): number {
  const max = Math.max(x, y);
  if (max !== max) return x + y;
  return max;
}

export const f32_min = f64_min;
export const f32_max = f64_max;

export function f64_neg(x: number): number {
  if (x === x) return -x;
  const lo = i64_reinterpret_f64(x);
  return f64_reinterpret_i64(lo, (high[0] as number) ^ 0x80000000);
}

export function f64_abs(x: number): number {
  if (x === x) return Math.abs(x);
  const lo = i64_reinterpret_f64(x);
  return f64_reinterpret_i64(lo, (high[0] as number) & 0x7fffffff);
}

export function f64_copysign(x: number, y: number): number {
  if (x === x && y === y) {
    const magnitude = Math.abs(x);
    return y < 0 || (y === 0 && 1 / y < 0) ? -magnitude : magnitude;
  }
  i64_reinterpret_f64(y);
  const sign = (high[0] as number) & 0x80000000;
  const lo = i64_reinterpret_f64(x);
  return f64_reinterpret_i64(lo, ((high[0] as number) & 0x7fffffff) | sign);
}

export const f32_neg = f64_neg;
export const f32_abs = f64_abs;
export const f32_copysign = f64_copysign;
