// Lowers the operands of an instruction and keeps their order; turns values into words.

import type { Expression } from "@anywasm/ir";
import { Effect, type Effects, effectsConflict, i64 } from "@anywasm/isa";
import { index, isAtom, number, toNumber } from "../js/build.ts";
import type { JsExpression, JsStatement } from "../js/nodes.ts";
import type { Lowered, Lowering, Pair } from "./state.ts";

export function isPair(value: Lowered): value is Pair {
  return "lo" in value;
}

/** Lowers a single-word tree; comparisons may give a boolean. */
export function lowerWord(state: Lowering, expression: Expression, observed = true): JsExpression {
  const value = state.lower(expression, observed);
  if (isPair(value)) throw new TypeError("expected a single-word value");
  return value;
}

/** Lowers a single-word tree to a number. */
export function lowerNumber(state: Lowering, expression: Expression, observed = true): JsExpression {
  return toNumber(lowerWord(state, expression, observed));
}

export function lowerPair(state: Lowering, expression: Expression): Pair {
  const value = state.lower(expression);
  if (!isPair(value)) throw new TypeError("expected a 64-bit value");
  return value;
}

/**
 * Lowers operands in order. Statements that a later operand emits run before what an earlier one left as an expression:
 * where that could be noticed, the earlier one is evaluated before them.
 */
export function lowerOperands(state: Lowering, operands: readonly Expression[], observed = true): Lowered[] {
  return lowerOperandsBy(state, operands, observed, lowerOperand);
}

function lowerOperand(state: Lowering, operand: Expression, observed: boolean): Lowered {
  const value = state.lower(operand, observed);
  return isPair(value) ? value : toNumber(value);
}

/** As `lowerOperands`, each by `lower`: not a closure, which would be made for each instruction. */
export function lowerOperandsBy(
  state: Lowering,
  operands: readonly Expression[],
  observed: boolean,
  lower: (state: Lowering, operand: Expression, observed: boolean) => Lowered,
): Lowered[] {
  const values: Lowered[] = [];
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i] as Expression;
    const mark = state.out.length;
    const value = lower(state, operand, observed);
    if (state.out.length > mark) spillBefore(state, operands, values, operand.effects, mark, i);
    values.push(value);
  }
  return values;
}

/** Operands in order: 64-bit ones as BigInts, others as numbers. */
export function lowerWideOperands(state: Lowering, operands: readonly Expression[]): JsExpression[] {
  return lowerOperandsBy(state, operands, true, lowerWideOperand) as JsExpression[];
}

function lowerWideOperand(state: Lowering, operand: Expression): JsExpression {
  return operand.type === i64 ? state.lowerWide(operand) : lowerNumber(state, operand);
}

function spillBefore(
  state: Lowering,
  operands: readonly Expression[],
  values: Lowered[],
  effects: number,
  mark: number,
  count: number,
): void {
  const spills: JsStatement[] = [];
  for (let j = 0; j < count; j++) {
    const value = values[j] as Lowered;
    // Pairs are free of effects: lowering them has emitted those.
    if (isPair(value) || isAtom(value) || !effectsConflict((operands[j] as Expression).effects, effects)) continue;
    const [temporary, statement] = state.defineTemporary(value);
    spills.push(statement);
    values[j] = temporary;
  }
  if (spills.length > 0) state.out.splice(mark, 0, ...spills);
}

/** The last of the operands whose order with something of these effects could be noticed; -1 if there is none. */
export function lastConflicting(operands: readonly { readonly effects: Effects }[], effects: Effects): number {
  let last = -1;
  operands.forEach((operand, i) => {
    if (effectsConflict(operand.effects, effects)) last = i;
  });
  return last;
}

/** Evaluates now every value whose order with what comes next could be noticed. */
export function settleConflicting(
  state: Lowering,
  operands: readonly Expression[],
  values: Lowered[],
  effects: number,
): void {
  const last = lastConflicting(operands, effects);
  for (let i = 0; i <= last; i++) {
    const value = values[i] as Lowered;
    if (!isPair(value) && (operands[i] as Expression).effects !== Effect.none) values[i] = state.atom(value);
  }
}

/** The words of values in the order of the calling convention. */
export function flatten(values: readonly Lowered[]): JsExpression[] {
  const words: JsExpression[] = [];
  for (const value of values)
    if (isPair(value)) words.push(value.lo, value.hi);
    else words.push(value);
  return words;
}

/** A call of a helper that gives a 64-bit integer: evaluated at once, since the register of high words is shared. */
export function pairFromCall(state: Lowering, result: JsExpression): Pair {
  const lo = state.temporary(result);
  return { lo, hi: state.temporary(index(state.helper("high"), number(0))) };
}
