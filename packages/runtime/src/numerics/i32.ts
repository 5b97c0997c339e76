// 32-bit integer instructions as functions (core spec, §4.3.2). Words are int32.
//
// The instruction table prints the rotations in place; they are here for callers that want every instruction that is
// more than one operator as a function.
import { Trap } from "../trap.ts";

export function i32_div_s(a: number, b: number): number {
  if (b === 0) throw new Trap("integer_divide_by_zero");
  if (b === -1 && a === -0x80000000) throw new Trap("integer_overflow");
  return (a / b) | 0;
}

export function i32_div_u(a: number, b: number): number {
  if (b === 0) throw new Trap("integer_divide_by_zero");
  return ((a >>> 0) / (b >>> 0)) | 0;
}

export function i32_rem_s(a: number, b: number): number {
  if (b === 0) throw new Trap("integer_divide_by_zero");
  // The inner "| 0" change nothing but tell V8 that the operands are words. Without them a result of -0 once (-4 % 2)
  // makes the operation the C library's fmod wherever this function is not inlined.
  return ((a | 0) % (b | 0)) | 0;
}

export function i32_rem_u(a: number, b: number): number {
  if (b === 0) throw new Trap("integer_divide_by_zero");
  return ((a >>> 0) % (b >>> 0)) | 0;
}

export function i32_ctz(a: number): number {
  // `~a & (a - 1)` has ones exactly where `a` has trailing zeros, all 32 of them for zero.
  return 32 - Math.clz32(~a & (a - 1));
}

export function i32_popcnt(a: number): number {
  let bits = a - ((a >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

// Shift counts are taken modulo 32, so for n = 0 both halves are `a`.

export function i32_rotl(a: number, n: number): number {
  return (a << n) | (a >>> (32 - n));
}

export function i32_rotr(a: number, n: number): number {
  return (a >>> n) | (a << (32 - n));
}
