// `select`: a conditional of JavaScript, or where both values are cheap words, arithmetic, as native code has a conditional
// move: a branch that nobody can predict costs more than a dozen instructions.
import { type Expression, effectsOf, type Operation } from "@anywasm/ir";
import { i32, i64 } from "@anywasm/isa";
import { binary, call, conditional, isBoolean, number, toNumber } from "../js/build.ts";
import type { JsExpression } from "../js/nodes.ts";
import { rangeOf } from "../passes/ranges.ts";
import { lowerNumber, lowerWord } from "./operands.ts";
import type { Lowered, Lowering, Pair } from "./state.ts";

/** The builder has seen to it that neither value has effects that evaluating one only could lose. */
export function lowerSelect(state: Lowering, { operands, type }: Operation, observed: boolean): Lowered {
  const [first, second, condition] = operands as readonly [Expression, Expression, Expression];
  const a = state.lower(first, observed);
  const b = state.lower(second, observed);
  const test = lowerWord(state, condition);
  if (type === i64) return selectPair(state.atom(test), a as Pair, b as Pair);
  const [left, right] = [toNumber(a as JsExpression), toNumber(b as JsExpression)];
  const isWord = type === i32 && state.isBranchless && isCheap(first) && isCheap(second);
  const mask = isWord ? maskOf(state, condition, test) : undefined;
  if (mask === undefined) return conditional(test, left, right);
  const extreme = extremeOf(state, condition, first, second);
  if (extreme !== undefined) return call(state.helper(extreme), [left, right]);
  const added = addedTo(second, first);
  return added === undefined
    ? selectWord(state, mask, left, right)
    : binary("|", binary("+", right, masked(lowerNumber(state, added), mask)), number(0));
}

/** Whether the smaller or the larger of two variables is chosen, where engines have an instruction for that. */
function extremeOf(state: Lowering, condition: Expression, a: Expression, b: Expression): "min" | "max" | undefined {
  // V8 has conditional moves for these since it keeps BigInts in registers; before, they were branches.
  if (state.module.int64 === "pairs" || condition.kind !== "operation") return undefined;
  const comparison = /^i32\.([lg])[te]_s$/.exec(condition.instruction.name)?.[1];
  const [x, y] = condition.operands;
  if (comparison === undefined || x === undefined || y === undefined) return undefined;
  const isSmaller = comparison === "l";
  if (isSameVariable(x, a) && isSameVariable(y, b)) return isSmaller ? "min" : "max";
  if (isSameVariable(x, b) && isSameVariable(y, a)) return isSmaller ? "max" : "min";
  return undefined;
}

function isSameVariable(a: Expression, b: Expression): boolean {
  return a.kind === "get" && b.kind === "get" && a.variable === b.variable;
}

/** What is added to a variable by the other value. */
function addedTo(variable: Expression, value: Expression): Expression | undefined {
  if (value.kind !== "operation" || value.instruction.name !== "i32.add") return undefined;
  const [base, added] = value.operands;
  return base !== undefined && isSameVariable(base, variable) ? added : undefined;
}

function selectPair(test: JsExpression, a: Pair, b: Pair): Pair {
  return { lo: conditional(test, a.lo, b.lo), hi: conditional(test, a.hi, b.hi) };
}

/** Height of a tree that is worth evaluating for nothing. */
const maxCheapDepth = 3;

/** No loads: those check bounds. */
function isCheap(value: Expression): boolean {
  return value.depth <= maxCheapDepth && effectsOf(0, [value]) === 0;
}

/** What is 1 where a condition holds, else 0; `undefined` where a branch is better: branches on being a certain value are predicted. */
function maskOf(state: Lowering, condition: Expression, test: JsExpression): JsExpression | undefined {
  if (isBoolean(test)) return test.kind === "binary" && !/^[!=]==$/.test(test.operator) ? test : undefined;
  const { min, max } = rangeOf(condition, state.ranges ?? []);
  return min === 0 && max === 1 ? test : undefined;
}

/** `a` where `holds`, which is 1, 0 or a boolean, else `b`: bits in which they differ are taken over by a mask. */
function selectWord(state: Lowering, holds: JsExpression, a: JsExpression, b: JsExpression): JsExpression {
  if (isZero(b)) return masked(a, holds);
  const kept = state.atom(b);
  return binary("^", kept, masked(binary("^", a, kept), holds));
}

function isZero(value: JsExpression): boolean {
  return value.kind === "number" && value.value === 0;
}

function masked(value: JsExpression, holds: JsExpression): JsExpression {
  return binary("&", value, { kind: "unary", operator: "-", operand: holds });
}
