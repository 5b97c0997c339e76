// Instructions on 128-bit integers (wide-arithmetic proposal): pairs of 64-bit ones, the less significant one first, so four
// words each. The lowest word of a result is returned, the others are left in `high`.
import { high as register } from "./high.ts";
import { highProduct } from "./pair.ts";

// See i64.ts.
const high = register;

const TWO_32 = 4294967296;

/** The carry out of `sum`, which is `a + b` with or without a carry into it. */
function carry(a: number, b: number, sum: number): number {
  return ((a & b) | ((a | b) & ~sum)) >>> 31;
}

type Int128Operation = (
  ...words: [a0: number, a1: number, a2: number, a3: number, b0: number, b1: number, b2: number, b3: number]
) => number;

export const i64_add128: Int128Operation = (a0, a1, a2, a3, b0, b1, b2, b3) => {
  const lowest = (a0 + b0) | 0;
  const second = (a1 + b1 + carry(a0, b0, lowest)) | 0;
  const third = (a2 + b2 + carry(a1, b1, second)) | 0;
  high[0] = second;
  high[1] = third;
  high[2] = a3 + b3 + carry(a2, b2, third);
  return lowest;
};

/** What is taken off by inverting it and adding one leaves a borrow where there is no carry. */
export const i64_sub128: Int128Operation = (a0, a1, a2, a3, b0, b1, b2, b3) => {
  const lowest = (a0 - b0) | 0;
  const second = (a1 - b1 - 1 + carry(a0, ~b0, lowest)) | 0;
  const third = (a2 - b2 - 1 + carry(a1, ~b1, second)) | 0;
  high[0] = second;
  high[1] = third;
  high[2] = a3 - b3 - 1 + carry(a2, ~b2, third);
  return lowest;
};

/** As written by hand: products of words, whose sums of the same weight stay far below 2^53. */
export function i64_mul_wide_u(a: number, A: number, b: number, B: number): number {
  const lowest = Math.imul(a, b);
  const ab = Math.imul(a, B);
  const Ab = Math.imul(A, b);
  const AB = Math.imul(A, B);
  const second = (highProduct(a, b, lowest) >>> 0) + (ab >>> 0) + (Ab >>> 0);
  const third =
    (highProduct(a, B, ab) >>> 0) + (highProduct(A, b, Ab) >>> 0) + (AB >>> 0) + Math.floor(second / TWO_32);
  high[0] = second | 0;
  high[1] = third | 0;
  high[2] = highProduct(A, B, AB) + Math.floor(third / TWO_32);
  return lowest;
}

/** A negative operand is 2^64 more when taken as unsigned: what it multiplies is taken off the upper half again. */
export function i64_mul_wide_s(a: number, A: number, b: number, B: number): number {
  const lowest = i64_mul_wide_u(a, A, b, B);
  const upper = high[1] as number;
  const signsOfA = A >> 31;
  const signsOfB = B >> 31;
  const third = (upper >>> 0) - ((b & signsOfA) >>> 0) - ((a & signsOfB) >>> 0);
  high[1] = third | 0;
  high[2] = (high[2] as number) - (B & signsOfA) - (A & signsOfB) + Math.floor(third / TWO_32);
  return lowest;
}
