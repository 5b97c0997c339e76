// Lowers 64-bit shifts and rotations by constants: a few operations on words where the helper would have to look at the
// count.
import type { ShiftKind } from "@anywasm/isa";
import { binary, isNumber, number } from "../js/build.ts";
import type { BinaryOperator, JsExpression } from "../js/nodes.ts";
import type { Atoms, Pair } from "./state.ts";

const zero = number(0);

/** `count` is taken modulo 64, as the instructions do. */
export function shiftPair(state: Atoms, kind: ShiftKind, value: Pair, count: number): Pair {
  const distance = (kind === "rotr" ? -count : count) & 63;
  if (distance === 0) return value;
  const lo = state.atom(value.lo);
  const hi = state.atom(value.hi);
  const rest = distance & 31;
  switch (kind) {
    case "shl":
      if (distance >= 32) return { lo: zero, hi: shift("<<", lo, rest) };
      return { lo: shift("<<", lo, rest), hi: funnel(hi, lo, rest) };
    case "shr_u":
      if (distance >= 32) return { lo: shift(">>>", hi, rest), hi: zero };
      return { lo: funnel(hi, lo, 32 - rest), hi: shift(">>>", hi, rest) };
    case "shr_s":
      if (distance >= 32) return { lo: shift(">>", hi, rest), hi: shift(">>", hi, 31) };
      return { lo: funnel(hi, lo, 32 - rest), hi: shift(">>", hi, rest) };
    case "rotl":
    case "rotr":
      return distance >= 32
        ? { lo: funnel(hi, lo, rest), hi: funnel(lo, hi, rest) }
        : { lo: funnel(lo, hi, rest), hi: funnel(hi, lo, rest) };
  }
}

function shift(operator: BinaryOperator, word: JsExpression, count: number): JsExpression {
  if (isNumber(word, 0)) return zero;
  return count === 0 ? word : binary(operator, word, number(count));
}

/** The upper word of `upper:lower << count`, for a count from 0 to 31. */
function funnel(upper: JsExpression, lower: JsExpression, count: number): JsExpression {
  if (count === 0) return upper;
  const left = shift("<<", upper, count);
  const right = shift(">>>", lower, 32 - count);
  if (right === zero) return left;
  // A shift to the right by at least one bit leaves a word below 2^31: no sign to restore.
  return left === zero ? right : binary("|", left, right);
}
