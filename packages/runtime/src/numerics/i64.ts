// 64-bit integer instructions on pairs of int32 words (core spec, §4.3.2). The low word is returned, the high word is
// left in `high`.
import { Trap } from "../trap.ts";
import { high } from "./high.ts";
import { i32_ctz, i32_popcnt } from "./i32.ts";

const TWO_32 = 4294967296;

/** The high word of the product of two unsigned words whose low word is `lo`. Exact: see docs/rationale.md. */
function highProduct(a: number, b: number, lo: number): number {
  return (((a >>> 0) * (b >>> 0) - (lo >>> 0)) / TWO_32) | 0;
}

export function i64_mul(a: number, A: number, b: number, B: number): number {
  const lo = Math.imul(a, b);
  high[0] = highProduct(a, b, lo) + Math.imul(a, B) + Math.imul(A, b);
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
  return i64_rotl(a, A, -n, N);
}

// Division. Quotients of numbers below 2^53 come from the engine's own division; the rest is long division of
// unsigned numbers, 32 bits by one estimate each.

/** The remainder of the last unsigned division. */
const remainder = new Int32Array(2);

function isSafe(high32: number): boolean {
  return high32 >>> 21 === 0;
}

/** Divides unsigned numbers: the quotient's low word is returned, its high word goes to `high`. */
function divideUnsigned(a: number, A: number, b: number, B: number): number {
  if (isSafe(A) && isSafe(B)) return divideSafe((A >>> 0) * TWO_32 + (a >>> 0), (B >>> 0) * TWO_32 + (b >>> 0));
  if (B === 0) return divideByWord(a, A, b >>> 0);
  return divideLong(a, A, b, B);
}

function divideSafe(dividend: number, divisor: number): number {
  const quotient = Math.floor(dividend / divisor);
  // The quotient of two exact numbers below 2^53 rounds to the next integer at most when it is just below it.
  let rest = dividend - quotient * divisor;
  let exact = quotient;
  if (rest < 0) {
    exact -= 1;
    rest += divisor;
  }
  remainder[0] = rest | 0;
  remainder[1] = (rest / TWO_32) | 0;
  high[0] = (exact / TWO_32) | 0;
  return exact | 0;
}

/** By a divisor below 2^32: two steps of 32 bits, each in steps of 16 so that every number is exact. */
function divideByWord(a: number, A: number, divisor: number): number {
  const top = A >>> 0;
  const quotientHigh = Math.floor(top / divisor);
  let rest = top - quotientHigh * divisor;
  const upper = rest * 65536 + (a >>> 16);
  const upperQuotient = Math.floor(upper / divisor);
  rest = upper - upperQuotient * divisor;
  const lower = rest * 65536 + (a & 0xffff);
  const lowerQuotient = Math.floor(lower / divisor);
  rest = lower - lowerQuotient * divisor;
  remainder[0] = rest | 0;
  remainder[1] = 0;
  high[0] = quotientHigh | 0;
  return (upperQuotient * 65536 + lowerQuotient) | 0;
}

/** Whether a pair is at least another, both unsigned. */
function atLeast(a: number, A: number, b: number, B: number): boolean {
  return A === B ? a >>> 0 >= b >>> 0 : A >>> 0 > B >>> 0;
}

/** By a divisor of 2^32 or more: the quotient is one word, estimated from doubles and then put right. */
function divideLong(a: number, A: number, b: number, B: number): number {
  let quotient = 0;
  let [lo, hi] = [a, A];
  if (B >>> 30 === 0) {
    // Each double is off by at most one part in 2^53, so the estimate of a quotient below 2^32 is off by one at most.
    quotient = Math.min(Math.floor(((A >>> 0) * TWO_32 + (a >>> 0)) / ((B >>> 0) * TWO_32 + (b >>> 0))), 0xffffffff);
    const product = Math.imul(quotient | 0, b);
    const productHigh = highProduct(quotient | 0, b, product) + Math.imul(quotient | 0, B);
    lo = (a - product) | 0;
    hi = (A - productHigh - Number(a >>> 0 < product >>> 0)) | 0;
    // The divisor is below 2^62, so what is left cannot be mistaken: it is negative if the estimate was too large.
    if (hi < 0) {
      quotient -= 1;
      const sum = (lo + b) | 0;
      hi = (hi + B + Number(sum >>> 0 < lo >>> 0)) | 0;
      lo = sum;
    }
  }
  // Once for an estimate too small; up to three times for divisors near the top, whose quotients are that small.
  while (atLeast(lo, hi, b, B)) {
    quotient += 1;
    const difference = (lo - b) | 0;
    hi = (hi - B - Number(lo >>> 0 < b >>> 0)) | 0;
    lo = difference;
  }
  remainder[0] = lo;
  remainder[1] = hi;
  high[0] = 0;
  return quotient | 0;
}

/** Negates a pair: the low word is returned, the high word goes to `high`. */
function negate(a: number, A: number): number {
  high[0] = ~A + (a === 0 ? 1 : 0);
  return -a | 0;
}

export function i64_div_u(a: number, A: number, b: number, B: number): number {
  if ((b | B) === 0) throw new Trap("integer_divide_by_zero");
  return divideUnsigned(a, A, b, B);
}

export function i64_rem_u(a: number, A: number, b: number, B: number): number {
  if ((b | B) === 0) throw new Trap("integer_divide_by_zero");
  divideUnsigned(a, A, b, B);
  high[0] = remainder[1] as number;
  return remainder[0] as number;
}

/** Divides absolute values. */
function divideAbsolute(a: number, A: number, b: number, B: number): number {
  let [dividendLo, dividendHi] = [a, A];
  if (A < 0) {
    dividendLo = negate(a, A);
    dividendHi = high[0] as number;
  }
  let [divisorLo, divisorHi] = [b, B];
  if (B < 0) {
    divisorLo = negate(b, B);
    divisorHi = high[0] as number;
  }
  return divideUnsigned(dividendLo, dividendHi, divisorLo, divisorHi);
}

export function i64_div_s(a: number, A: number, b: number, B: number): number {
  if ((b | B) === 0) throw new Trap("integer_divide_by_zero");
  if ((b & B) === -1 && a === 0 && A === -0x80000000) throw new Trap("integer_overflow");
  const quotient = divideAbsolute(a, A, b, B);
  return (A ^ B) < 0 ? negate(quotient, high[0] as number) : quotient;
}

export function i64_rem_s(a: number, A: number, b: number, B: number): number {
  if ((b | B) === 0) throw new Trap("integer_divide_by_zero");
  divideAbsolute(a, A, b, B);
  // The remainder has the sign of the dividend.
  if (A < 0) return negate(remainder[0] as number, remainder[1] as number);
  high[0] = remainder[1] as number;
  return remainder[0] as number;
}
