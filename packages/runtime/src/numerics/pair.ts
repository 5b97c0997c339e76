// Pairs of int32 words as doubles and back, where a double holds the number exactly. Owns no instruction.
import { high as register } from "./high.ts";

// See i64.ts.
const high = register;

const TWO_32 = 4294967296;

/** The pair as a signed number, rounded once where it has more than 53 bits: the products are exact, the sum rounds. */
export function signedNumber(lo: number, hi: number): number {
  return hi * TWO_32 + (lo >>> 0);
}

/** The pair as an unsigned number, rounded once where it has more than 53 bits. */
export function unsignedNumber(lo: number, hi: number): number {
  return (hi >>> 0) * TWO_32 + (lo >>> 0);
}

/** The pair of an integer between -2^63 and 2^64: the low word is returned, the high word goes to `high`. */
export function split(integer: number): number {
  // Dividing by a power of two loses nothing, and flooring makes the high word right for negative numbers. ToInt32 is
  // exact modulo 2^32 for numbers of any size.
  high[0] = Math.floor(integer / TWO_32) | 0;
  return integer | 0;
}

/**
 * The high word of the product of two unsigned words whose low word is `lo`.
 *
 * The product as a double is off by at most 2^10, and the subtraction may round by as much once more. Taking off `lo`
 * would leave a multiple of 2^32 give or take 2^11, which truncation gets wrong when it comes out below, as for a
 * quarter of the products just above 2^63. Flipping the top bit of `lo` makes it 2^31 less, so that half a unit is left
 * on either side and truncation is exact.
 */
export function highProduct(a: number, b: number, lo: number): number {
  return (((a >>> 0) * (b >>> 0) - (lo ^ -0x80000000)) / TWO_32) | 0;
}
