// 64-bit integer instructions on pairs of int32 words (core spec, §4.3.2). `a` is the low word and `A` the high word of
// the first operand, `b` and `B` those of the second. The low word is returned, the high word is left in `high`.
import { Trap } from "../trap.ts";
import { high as register } from "./high.ts";
import { i32_ctz, i32_popcnt } from "./i32.ts";
import { highProduct, signedNumber, split, unsignedNumber } from "./pair.ts";

// A constant of the module itself is known to V8's compilers; an imported one is loaded from its cell at each use.
// With both of these a multiplication takes 1.7 to 2.0 ns instead of 3.1.
const high = register;
const TWO_32 = 4294967296;

export function i64_mul(a: number, A: number, b: number, B: number): number {
  const lo = Math.imul(a, b);
  high[0] = (highProduct(a, b, lo) + Math.imul(a, B) + Math.imul(A, b)) | 0;
  return lo;
}

export function i64_clz(a: number, A: number): number {
  high[0] = 0;
  return A === 0 ? 32 + Math.clz32(a) : Math.clz32(A);
}

export function i64_ctz(a: number, A: number): number {
  high[0] = 0;
  return a === 0 ? 32 + i32_ctz(A) : i32_ctz(a);
}

export function i64_popcnt(a: number, A: number): number {
  high[0] = 0;
  return i32_popcnt(a) + i32_popcnt(A);
}

// JavaScript's shifts take the count modulo 32, so a shift across the words by `32 - n` is wrong for n = 0 alone;
// shifting by one and then by `31 - n` is right for all n below 32.

export function i64_shl(a: number, A: number, n: number, _N: number): number {
  if ((n & 32) !== 0) {
    high[0] = a << n;
    return 0;
  }
  high[0] = (A << n) | ((a >>> 1) >>> (31 - (n & 31)));
  return a << n;
}

export function i64_shr_s(a: number, A: number, n: number, _N: number): number {
  if ((n & 32) !== 0) {
    high[0] = A >> 31;
    return A >> n;
  }
  high[0] = A >> n;
  return (a >>> n) | ((A << 1) << (31 - (n & 31)));
}

export function i64_shr_u(a: number, A: number, n: number, _N: number): number {
  if ((n & 32) !== 0) {
    high[0] = 0;
    return (A >>> n) | 0;
  }
  high[0] = A >>> n;
  return (a >>> n) | ((A << 1) << (31 - (n & 31)));
}

export function i64_rotl(a: number, A: number, n: number, _N: number): number {
  const count = n & 31;
  const lo = (n & 32) === 0 ? a : A;
  const hi = (n & 32) === 0 ? A : a;
  high[0] = (hi << count) | ((lo >>> 1) >>> (31 - count));
  return (lo << count) | ((hi >>> 1) >>> (31 - count));
}

export function i64_rotr(a: number, A: number, n: number, N: number): number {
  // Not `-n`, which is -0 for zero and no word any more.
  return i64_rotl(a, A, 64 - (n & 63), N);
}

// Division. Operands below 2^53 are divided as doubles, which is exact: a quotient x/y that is not an integer is at
// least 1/y away from the next one, too far to be rounded to it while x < 2^53. Wider ones are divided unsigned, in
// functions of their own so that engines inline the common case.

export function i64_div_u(a: number, A: number, b: number, B: number): number {
  if ((b | B) === 0) throw new Trap("integer_divide_by_zero");
  if ((A | B) >>> 21 === 0) return split(Math.floor(unsignedNumber(a, A) / unsignedNumber(b, B)));
  return wideQuotient(a, A, b, B);
}

export function i64_rem_u(a: number, A: number, b: number, B: number): number {
  if ((b | B) === 0) throw new Trap("integer_divide_by_zero");
  if ((A | B) >>> 21 === 0) {
    const dividend = unsignedNumber(a, A);
    const divisor = unsignedNumber(b, B);
    return split(dividend - Math.floor(dividend / divisor) * divisor);
  }
  return wideRemainder(a, A, b, B);
}

export function i64_div_s(a: number, A: number, b: number, B: number): number {
  if ((b | B) === 0) throw new Trap("integer_divide_by_zero");
  if (areNarrow(A, B)) return split(Math.trunc(signedNumber(a, A) / signedNumber(b, B)));
  return wideSignedQuotient(a, A, b, B);
}

export function i64_rem_s(a: number, A: number, b: number, B: number): number {
  if ((b | B) === 0) throw new Trap("integer_divide_by_zero");
  if (areNarrow(A, B)) {
    const dividend = signedNumber(a, A);
    const divisor = signedNumber(b, B);
    return split(dividend - Math.trunc(dividend / divisor) * divisor);
  }
  return wideSignedRemainder(a, A, b, B);
}

/** Whether both signed numbers are within ±2^53, by their high words: the low word cannot take them out of it. */
function areNarrow(A: number, B: number): boolean {
  return ((A + 0x200000) | (B + 0x200000)) >>> 22 === 0;
}

function wideSignedQuotient(a: number, A: number, b: number, B: number): number {
  if ((b & B) === -1 && a === 0 && A === -0x80000000) throw new Trap("integer_overflow");
  const dividendLo = negateIf(A >> 31, a, A);
  const dividendHi = high[0] as number;
  const divisorLo = negateIf(B >> 31, b, B);
  const lo = wideQuotient(dividendLo, dividendHi, divisorLo, high[0] as number);
  return negateIf((A ^ B) >> 31, lo, high[0] as number);
}

function wideSignedRemainder(a: number, A: number, b: number, B: number): number {
  const dividendLo = negateIf(A >> 31, a, A);
  const dividendHi = high[0] as number;
  const divisorLo = negateIf(B >> 31, b, B);
  const lo = wideRemainder(dividendLo, dividendHi, divisorLo, high[0] as number);
  // The remainder has the sign of the dividend.
  return negateIf(A >> 31, lo, high[0] as number);
}

/** Negates a pair where `sign` is -1, leaves it where `sign` is 0: `-x` is `~x + 1`. */
function negateIf(sign: number, a: number, A: number): number {
  const flipped = a ^ sign;
  const lo = (flipped - sign) | 0;
  high[0] = (A ^ sign) + ((flipped & ~lo) >>> 31);
  return lo;
}

/** Divides unsigned numbers of any size. */
function wideQuotient(a: number, A: number, b: number, B: number): number {
  if (B !== 0) {
    const word = wordQuotient(a, A, b, B);
    high[0] = 0;
    return word;
  }
  // Long division, one word after the other; what the higher one leaves is below the divisor.
  const divisor = b >>> 0;
  const upper = Math.floor((A >>> 0) / divisor);
  const rest = (A >>> 0) - upper * divisor;
  high[0] = upper | 0;
  if (divisor < 0x200000) return Math.floor((rest * TWO_32 + (a >>> 0)) / divisor) | 0;
  // In two steps of 16 bits every number is below 2^48.
  const middle = rest * 65536 + (a >>> 16);
  const middleQuotient = Math.floor(middle / divisor);
  const lower = (middle - middleQuotient * divisor) * 65536 + (a & 0xffff);
  return (middleQuotient * 65536 + Math.floor(lower / divisor)) | 0;
}

/** What dividing unsigned numbers leaves; the same ways as `wideQuotient`. */
function wideRemainder(a: number, A: number, b: number, B: number): number {
  if (B !== 0) return wordRemainder(a, A, b, B);
  const divisor = b >>> 0;
  const rest = (A >>> 0) - Math.floor((A >>> 0) / divisor) * divisor;
  high[0] = 0;
  if (divisor < 0x200000) {
    const lower = rest * TWO_32 + (a >>> 0);
    return (lower - Math.floor(lower / divisor) * divisor) | 0;
  }
  const middle = rest * 65536 + (a >>> 16);
  const lower = (middle - Math.floor(middle / divisor) * divisor) * 65536 + (a & 0xffff);
  return (lower - Math.floor(lower / divisor) * divisor) | 0;
}

// A divisor of 2^32 or more leaves a quotient of one word. It is estimated from doubles so that it is exact or one too
// small, which the rest then shows.

function wordQuotient(a: number, A: number, b: number, B: number): number {
  const estimate = estimateQuotient(a, A, b, B);
  const lo = subtractProduct(a, A, estimate, b, B);
  return isAtLeast(lo, high[0] as number, b, B) ? (estimate + 1) | 0 : estimate;
}

function wordRemainder(a: number, A: number, b: number, B: number): number {
  const lo = subtractProduct(a, A, estimateQuotient(a, A, b, B), b, B);
  const hi = high[0] as number;
  if (!isAtLeast(lo, hi, b, B)) return lo;
  const rest = (lo - b) | 0;
  high[0] = hi - B - (((~lo & b) | ((~lo | b) & rest)) >>> 31);
  return rest;
}

/**
 * The two numbers and their quotient are rounded, by less than 2^-19 in all for a quotient below 2^32. Taking off twice
 * as much makes the estimate never too large; truncation makes it zero, not -1, where nothing is left of it.
 */
function estimateQuotient(a: number, A: number, b: number, B: number): number {
  return (unsignedNumber(a, A) / unsignedNumber(b, B) - 2 ** -18) | 0;
}

/** A pair minus the product of an unsigned word and a pair. */
function subtractProduct(a: number, A: number, word: number, b: number, B: number): number {
  const productLo = Math.imul(word, b);
  const productHi = highProduct(word, b, productLo) + Math.imul(word, B);
  const lo = (a - productLo) | 0;
  high[0] = A - productHi - (((~a & productLo) | ((~a | productLo) & lo)) >>> 31);
  return lo;
}

function isAtLeast(a: number, A: number, b: number, B: number): boolean {
  return A === B ? a >>> 0 >= b >>> 0 : A >>> 0 > B >>> 0;
}
