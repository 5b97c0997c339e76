// Lowers expression trees. A single-word value becomes one JavaScript expression, a 64-bit integer a pair of them;
// what cannot be an expression is emitted as statements before the one under construction.
//
// Invariant: evaluating the statements emitted so far and then the returned expression, left to right, has the effects
// of the tree in WebAssembly's order.
import { Effect, effectsConflict, f32, f64, i32, i64, isRefType } from "@anywasm/isa";
import { assertNever, type Constant, type Expression, type Operation } from "@anywasm/ir";
import { binary, conditional, index, isAtom, name, not, number, toNumber } from "../js/build.ts";
import type { JsExpression, JsStatement } from "../js/nodes.ts";
import { observesBits } from "./analysis.ts";
import { lowerCall, lowerCallIndirect } from "./call.ts";
import { lowerEntity, lowerTransfer } from "./entity.ts";
import { lowerAccess } from "./memory.ts";
import { formulaOf } from "./formula.ts";
import type { Lowering, Pair } from "./state.ts";

/** A value: single word or pair, as its type says; `undefined` where an instruction gives none. */
export type Lowered = JsExpression | Pair;

export function isPair(value: Lowered): value is Pair {
  return "lo" in value;
}

/** Lowers a tree of any type. `observed`: the bits of a NaN result matter. */
export function lower(state: Lowering, expression: Expression, observed = true): Lowered {
  switch (expression.kind) {
    case "constant":
      return lowerConstant(state, expression, observed);
    case "get":
      return state.readVariable(expression.variable);
    case "operation":
      return lowerOperation(state, expression, observed);
    case "access":
      return lowerAccess(state, expression, observed);
    case "entity":
      return lowerEntity(state, expression);
    case "transfer":
      return lowerTransfer(state, expression);
    case "call":
      return lowerCall(state, expression);
    case "call_indirect":
      return lowerCallIndirect(state, expression);
    default:
      return assertNever(expression);
  }
}

/** Lowers a single-word tree; comparisons may give a boolean. */
export function lowerWord(state: Lowering, expression: Expression, observed = true): JsExpression {
  const value = lower(state, expression, observed);
  if (isPair(value)) throw new TypeError("expected a single-word value");
  return value;
}

/** Lowers a single-word tree to a number. */
export function lowerNumber(state: Lowering, expression: Expression, observed = true): JsExpression {
  return toNumber(lowerWord(state, expression, observed));
}

export function lowerPair(state: Lowering, expression: Expression): Pair {
  const value = lower(state, expression);
  if (!isPair(value)) throw new TypeError("expected a 64-bit value");
  return value;
}

/**
 * Lowers operands in order. Statements that a later operand emits run before what an earlier one left as an expression:
 * where that could be noticed, the earlier one is evaluated before them.
 */
export function lowerOperands(state: Lowering, operands: readonly Expression[], observed = true): Lowered[] {
  const values: Lowered[] = [];
  operands.forEach((operand, i) => {
    const mark = state.out.length;
    let value = lower(state, operand, observed);
    if (!isPair(value)) value = toNumber(value);
    if (state.out.length > mark) spillBefore(state, operands, values, operand.effects, mark, i);
    values.push(value);
  });
  return values;
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

/** Evaluates now every value whose order with what comes next could be noticed. */
export function settleConflicting(
  state: Lowering,
  operands: readonly Expression[],
  values: Lowered[],
  effects: number,
): void {
  let last = -1;
  operands.forEach((operand, i) => {
    if (effectsConflict(operand.effects, effects)) last = i;
  });
  for (let i = 0; i <= last; i++) {
    const value = values[i] as Lowered;
    if (!isPair(value) && (operands[i] as Expression).effects !== Effect.none) values[i] = state.atom(value);
  }
}

/** The words of values in the order of the calling convention. */
export function flatten(values: readonly Lowered[]): JsExpression[] {
  return values.flatMap((value) => (isPair(value) ? [value.lo, value.hi] : [value]));
}

function lowerConstant(state: Lowering, { type, lo, hi }: Constant, observed: boolean): Lowered {
  if (type === i32) return number(lo);
  if (type === i64) return { lo: number(lo), hi: number(hi) };
  if (type === f32 || type === f64) return lowerFloat(state, type === f32 ? "f32" : "f64", lo, hi, observed);
  if (isRefType(type)) return { kind: "null" };
  throw new TypeError(`no constant of type ${type}`);
}

const scratch = new DataView(new ArrayBuffer(8));

function lowerFloat(state: Lowering, kind: "f32" | "f64", lo: number, hi: number, observed: boolean): JsExpression {
  scratch.setInt32(0, lo, true);
  scratch.setInt32(4, hi, true);
  const value = kind === "f32" ? scratch.getFloat32(0, true) : scratch.getFloat64(0, true);
  if (value === value) return number(value);
  return observed ? state.nan(kind, lo, hi) : name("NaN");
}

function lowerOperation(state: Lowering, expression: Operation, observed: boolean): Lowered {
  const { instruction, operands } = expression;
  switch (instruction.name) {
    case "select":
    case "select t":
      return lowerSelect(state, expression, observed);
    case "ref.is_null":
      return binary("===", lowerNumber(state, operands[0] as Expression), { kind: "null" });
    case "i32.eqz":
      return lowerEqz(state, operands[0] as Expression);
    default:
  }
  const formula = formulaOf(instruction, observed);
  const values = lowerOperands(state, operands, observesBits(expression, observed));
  return formula.apply(state, values, expression.offset);
}

function lowerEqz(state: Lowering, operand: Expression): JsExpression {
  const value = lowerWord(state, operand);
  return value === toNumber(value) ? binary("===", value, number(0)) : not(value);
}

/** The builder has seen to it that neither value has effects that evaluating one only could lose. */
function lowerSelect(state: Lowering, { operands, type }: Operation, observed: boolean): Lowered {
  const [first, second, condition] = operands as readonly [Expression, Expression, Expression];
  const a = lower(state, first, observed);
  const b = lower(state, second, observed);
  let test = lowerWord(state, condition);
  if (type !== i64) return conditional(test, toNumber(a as JsExpression), toNumber(b as JsExpression));
  test = state.atom(test);
  const [left, right] = [a as Pair, b as Pair];
  return { lo: conditional(test, left.lo, right.lo), hi: conditional(test, left.hi, right.hi) };
}

/** A call of a helper that gives a 64-bit integer: evaluated at once, since the register of high words is shared. */
export function pairFromCall(state: Lowering, result: JsExpression): Pair {
  const lo = state.temporary(result);
  return { lo, hi: state.temporary(index(state.helper("high"), number(0))) };
}
