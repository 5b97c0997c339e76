// Lowers expression trees. A single-word value becomes one JavaScript expression, a 64-bit integer a pair of them;
// what cannot be an expression is emitted as statements before the one under construction.
//
// Invariant: evaluating the statements emitted so far and then the returned expression, left to right, has the effects
// of the tree in WebAssembly's order.

import { assertNever, type Constant, type Expression, type Operation } from "@anywasm/ir";
import { f32, f64, i32, i64, isRefType } from "@anywasm/isa";
import { binary, name, not, number, toNumber, unsigned } from "../js/build.ts";
import type { JsExpression } from "../js/nodes.ts";
import { observesBits } from "./analysis.ts";
import { lowerCall } from "./call.ts";
import { lowerElementIs, lowerEntity, lowerObject, lowerTransfer, lowerVectorWord } from "./entity.ts";
import { lowerExceptionIs, lowerExceptionValue } from "./exceptions.ts";
import { floatOf } from "./float.ts";
import { formulaOf } from "./formula.ts";
import { lowerAccess } from "./memory.ts";
import { lowerNumber, lowerOperands, lowerPair, lowerWord } from "./operands.ts";
import { addConstant, multiply } from "./pair-arithmetic.ts";
import { lowerSelect } from "./select.ts";
import { shiftPair } from "./shift.ts";
import type { Lowered, Lowering, Pair } from "./state.ts";
import { isWide, wordsOf } from "./wide.ts";

/** Lowers a tree of any type. `observed`: the bits of a NaN result matter. */
export function lower(state: Lowering, expression: Expression, observed = true): Lowered {
  if (state.computesWithBigInts && isWide(expression)) return wordsOf(state, expression);
  switch (expression.kind) {
    case "constant":
      return lowerConstant(state, expression, observed);
    case "get":
      return state.readVariable(expression.variable);
    case "operation":
      return lowerOperation(state, expression, observed);
    case "vector":
      throw new TypeError("vectors have become words before");
    case "vector_word":
      return lowerVectorWord(state, expression);
    case "access":
      return lowerAccess(state, expression, observed);
    case "entity":
      return lowerEntity(state, expression);
    case "transfer":
      return lowerTransfer(state, expression);
    case "call":
    case "call_indirect":
    case "call_ref":
      return lowerCall(state, expression);
    case "object":
      return lowerObject(state, expression);
    case "element_is":
      return lowerElementIs(state, expression);
    case "exception_is":
      return lowerExceptionIs(state, expression);
    case "exception_value":
      return lowerExceptionValue(state, expression);
    default:
      return assertNever(expression);
  }
}

function lowerConstant(state: Lowering, { type, lo, hi }: Constant, observed: boolean): Lowered {
  if (type === i32) return number(lo);
  if (type === i64) return { lo: number(lo), hi: number(hi) };
  if (type === f32 || type === f64) return lowerFloat(state, type === f32 ? "f32" : "f64", lo, hi, observed);
  if (isRefType(type)) return { kind: "null" };
  throw new TypeError(`no constant of type ${type}`);
}

function lowerFloat(state: Lowering, kind: "f32" | "f64", lo: number, hi: number, observed: boolean): JsExpression {
  const value = floatOf(kind, lo, hi);
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
    case "i32.div_s":
    case "i32.div_u":
    case "i32.rem_s":
    case "i32.rem_u": {
      const divisor = operands[1] as Expression;
      if (divisor.kind === "constant" && divisor.lo !== 0 && divisor.lo !== -1)
        return divideByConstant(instruction.name, lowerNumber(state, operands[0] as Expression), divisor.lo);
      break;
    }
    default:
  }
  const special = instruction.signature?.results[0] === i64 ? lowerSpecial64(state, expression) : undefined;
  if (special !== undefined) return special;
  const formula = formulaOf(instruction, observed);
  const values = lowerOperands(state, operands, observesBits(expression, observed));
  return formula.apply(state, values, expression.offset, expression.effects);
}

export type DivisionName = "i32.div_s" | "i32.div_u" | "i32.rem_s" | "i32.rem_u";

/**
 * By a constant neither 0 nor -1 no division traps, and operators of JavaScript do what is left. Quotients of 32-bit
 * integers are far enough from whole numbers, or whole, for a double to be truncated right.
 */
export function divideByConstant(name: DivisionName, dividend: JsExpression, divisor: number): JsExpression {
  const operator = name.startsWith("i32.div") ? "/" : "%";
  const isSigned = name.endsWith("_s");
  const result = binary(operator, isSigned ? dividend : unsigned(dividend), number(isSigned ? divisor : divisor >>> 0));
  return binary("|", result, number(0));
}

/** 64-bit operations that constants and zero words make cheaper than the table's templates say. */
function lowerSpecial64(state: Lowering, { instruction, operands }: Operation): Pair | undefined {
  const [first, second] = operands as readonly [Expression, Expression | undefined];
  if (second === undefined) return undefined;
  if (instruction.shift !== undefined)
    return second.kind === "constant"
      ? shiftPair(state, instruction.shift, lowerPair(state, first), second.lo)
      : undefined;
  if (instruction.name === "i64.add" && second.kind === "constant")
    return addConstant(state, lowerPair(state, first), { lo: number(second.lo), hi: number(second.hi) });
  if (instruction.name === "i64.mul") {
    const [a, b] = lowerOperands(state, operands) as [Pair, Pair];
    return multiply(state, a, b);
  }
  return undefined;
}

function lowerEqz(state: Lowering, operand: Expression): JsExpression {
  const value = lowerWord(state, operand);
  return value === toNumber(value) ? binary("===", value, number(0)) : not(value);
}
