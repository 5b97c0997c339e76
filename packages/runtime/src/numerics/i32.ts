// 32-bit integer instructions that JavaScript has no operator for (core spec, §4.3.2). Words are int32.
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
  return (a % b) | 0;
}

export function i32_rem_u(a: number, b: number): number {
  if (b === 0) throw new Trap("integer_divide_by_zero");
  return ((a >>> 0) % (b >>> 0)) | 0;
}

export function i32_ctz(a: number): number {
  // `a & -a` keeps the lowest bit; of zero there is none.
  return a === 0 ? 32 : 31 - Math.clz32(a & -a);
}

export function i32_popcnt(a: number): number {
  let bits = a - ((a >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
