// Lowers additions, subtractions and products of 64-bit words where something is known of an operand, so that less has to
// be computed than the table's templates do.
import { binary, call, isNumber, number, unsigned } from "../js/build.ts";
import type { JsExpression, JsNumber } from "../js/nodes.ts";
import type { Atoms, Lowering, Pair } from "./state.ts";

const zero = number(0);

/** A sum of int32 words and a carry, as an int32. */
function sum(terms: readonly JsExpression[]): JsExpression {
  const [first, ...rest] = terms.filter((term) => !isNumber(term, 0));
  if (first === undefined) return zero;
  if (rest.length === 0) return first;
  return binary(
    "|",
    rest.reduce((left, right) => binary("+", left, right), first),
    zero,
  );
}

/** The sum of a pair and a constant, whose top bit decides half of the carry. */
export function addConstant(state: Atoms, a: Pair, b: { readonly lo: JsNumber; readonly hi: JsNumber }): Pair {
  if (isNumber(b.lo, 0)) return { lo: a.lo, hi: sum([a.hi, b.hi]) };
  const low = state.atom(a.lo);
  const lo = state.atom(binary("|", binary("+", low, b.lo), zero));
  // The carry out of the top bit: where both are set, or one is and the sum's is not.
  const carry = binary(b.lo.value < 0 ? "|" : "&", low, { kind: "unary", operator: "~", operand: lo });
  return { lo, hi: sum([a.hi, b.hi, binary(">>>", carry, number(31))]) };
}

/** The product of pairs, without the terms that a zero high word takes away. */
export function multiply(state: Lowering, a: Pair, b: Pair): Pair {
  const [al, bl] = [state.atom(a.lo), state.atom(b.lo)];
  const imul = state.helper("imul");
  const lo = state.atom(call(imul, [al, bl]));
  // See highProduct in the runtime's i64.ts: flipping the top bit of `lo` makes the truncation exact.
  const unsignedProduct = binary("*", unsigned(al), unsigned(bl));
  const rest = binary("-", unsignedProduct, binary("^", lo, number(-0x80000000)));
  const high = binary("|", binary("/", rest, number(4294967296)), zero);
  const cross = (x: JsExpression, y: JsExpression): JsExpression => (isNumber(y, 0) ? zero : call(imul, [x, y]));
  return { lo, hi: sum([high, cross(al, b.hi), cross(bl, a.hi)]) };
}
