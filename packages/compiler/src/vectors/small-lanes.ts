// Instructions on lanes of 8 and 16 bits, by what they do to one word (see the runtime's numerics/lanes.ts).
// Maps, since bundles call properties something else that are found by parts of names. In their JavaScript `H` is the top
// bits of a word's lanes, `L` the others, `S` one less than a lane's width.

/** By what follows the lanes in the name. */
const operations: ReadonlyMap<string, string> = new Map([
  ["abs", "lanes_abs(a, H, S)"],
  ["neg", "lanes_sub(0, a, H)"],
  ["popcnt", "lanes_popcnt(a)"],
  ["add", "lanes_add(a, b, H)"],
  ["sub", "lanes_sub(a, b, H)"],
  ["avgr_u", "(a | b) - ((a ^ b) >>> 1 & L) | 0"],
  ["mul", "imul(a, b) & 65535 | imul(a >>> 16, b >>> 16) << 16"],
  ["eq", "lanes_eq(a, b, H, S)"],
  ["ne", "~lanes_eq(a, b, H, S)"],
  ["q15mulr_sat_s", "lanes_q15mulr(a, b)"],
  ["relaxed_dot_i8x16_i7x16_s", "lanes_dot(a, b)"],
  ["extadd_pairwise_i8x16_s", "lanes_dot(a, 16843009)"],
  ["extadd_pairwise_i8x16_u", "(a & 16711935) + (a >>> 8 & 16711935)"],
  ["shl", "lanes_shl(a, b, H, S)"],
]);

/** The same for signed and unsigned numbers, `X` in their JavaScript. */
const ofEitherSign: ReadonlyMap<string, string> = new Map([
  ["add_sat", "lanes_add_sat_X(a, b, H, S)"],
  ["sub_sat", "lanes_sub_sat_X(a, b, H, S)"],
  ["lt", "lanes_lt_X(a, b, H, S)"],
  ["gt", "lanes_lt_X(b, a, H, S)"],
  ["le", "~lanes_lt_X(b, a, H, S)"],
  ["ge", "~lanes_lt_X(a, b, H, S)"],
  ["min", "b ^ (a ^ b) & lanes_lt_X(a, b, H, S)"],
  ["max", "a ^ (a ^ b) & lanes_lt_X(a, b, H, S)"],
  ["shr", "lanes_shr_X(a, b, H, S)"],
]);

/** Of whole words, or pairs of lanes that become one. */
const onWords: ReadonlyMap<string, string> = new Map([
  ["v128.not", "~a"],
  ["v128.and", "a & b"],
  ["v128.andnot", "a & ~b"],
  ["v128.or", "a | b"],
  ["v128.xor", "a ^ b"],
  ["v128.bitselect", "a & c | b & ~c"],
  ["i32x4.neg", "0 - a | 0"],
  ["i32x4.abs", "(a ^ a >> 31) - (a >> 31) | 0"],
  ["i32x4.dot_i16x8_s", "imul(a << 16 >> 16, b << 16 >> 16) + imul(a >> 16, b >> 16) | 0"],
  ["i32x4.extadd_pairwise_i16x8_s", "(a << 16 >> 16) + (a >> 16)"],
  ["i32x4.extadd_pairwise_i16x8_u", "(a & 65535) + (a >>> 16)"],
]);

/** JavaScript of what an instruction does to each word, if it does the same to all. */
export function ofEachWord(name: string): string | undefined {
  const [lanes, operation = ""] = name.split(".");
  const known = onWords.get(name);
  if (known !== undefined || (lanes !== "i8x16" && lanes !== "i16x8")) return known;
  const sign = operation.slice(-1);
  const js = operations.get(operation) ?? ofEitherSign.get(operation.slice(0, -2))?.replace("X", sign);
  const [tops, rest, shift] =
    lanes === "i8x16" ? ["-2139062144", "2139062143", "7"] : ["-2147450880", "2147450879", "15"];
  return js?.replace("H", tops).replace("L", rest).replace("S", shift);
}

/** A word of two words, whose lanes are halved: those of the first are the lower ones. */
export const narrowing: ReadonlyMap<string, string> = new Map([
  ["i8x16.narrow_i16x8_s", "lanes_narrow8_s(a, b)"],
  ["i8x16.narrow_i16x8_u", "lanes_narrow8_u(a, b)"],
  ["i16x8.narrow_i32x4_s", "lanes_narrow16_s(a, b)"],
  ["i16x8.narrow_i32x4_u", "lanes_narrow16_u(a, b)"],
]);

/** What becomes of a word whose lanes are doubled: its lower half a word, its higher half another. */
export const extension: ReadonlyMap<string, readonly [low: string, high: string]> = new Map([
  ["i8x16_s", ["a << 24 >> 24 & 65535 | a << 16 >> 24 << 16", "a << 8 >> 24 & 65535 | a >> 24 << 16"]],
  ["i8x16_u", ["a & 255 | (a & 65280) << 8", "a >>> 16 & 255 | a >>> 24 << 16"]],
  ["i16x8_s", ["a << 16 >> 16", "a >> 16"]],
  ["i16x8_u", ["a & 65535", "a >>> 16"]],
]);

/** The top bits of a word's lanes, gathered; and how many there are. */
export const topBits: ReadonlyMap<string, readonly [js: string, count: number]> = new Map([
  // The product has each of the four bits in its place, and others below.
  ["i8x16", ["imul(a >>> 7 & 16843009, 270549120) >>> 28", 4]],
  ["i16x8", ["a >>> 15 & 1 | a >>> 30 & 2", 2]],
  ["i32x4", ["a >>> 31", 1]],
]);
