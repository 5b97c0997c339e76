// Lowers 64-bit expressions to BigInts from 0 to 2^64-1, where the function computes with them; what has no form on
// BigInts is computed on words.
import type { Access, Expression, Operation } from "@anywasm/ir";
import { i64, type ShiftKind } from "@anywasm/isa";
import { bigint, binary, call, name, number } from "../js/build.ts";
import type { BinaryOperator, JsExpression, JsStatement } from "../js/nodes.ts";
import { templateOf, templateOperands } from "../js/template.ts";
import { divideWide, isDivision } from "./divide.ts";
import { wrapped } from "./int64.ts";
import { loadWide } from "./memory.ts";
import { lowerNumber, lowerOperandsBy, lowerPair, lowerWideOperands, lowerWord } from "./operands.ts";
import type { Lowering, Pair } from "./state.ts";

export function lowerWide(state: Lowering, expression: Expression): JsExpression {
  switch (expression.kind) {
    case "constant":
      return bigint(expression.lo, expression.hi);
    case "get":
      return readWide(state, expression.variable);
    case "operation":
      return lowerOperation(state, expression) ?? ofWords(state, expression);
    case "access":
      return loadAsBigInt(state, expression) ?? ofWords(state, expression);
    default:
      return ofWords(state, expression);
  }
}

/** Whether an expression gives a BigInt; others give words. */
export function isWide(expression: Expression): boolean {
  if (expression.type !== i64) return false;
  switch (expression.kind) {
    case "get":
      return true;
    case "access":
      return expression.instruction.access?.method === "getInt64";
    case "operation": {
      const { instruction, operands } = expression;
      if (instruction.jsBigInt !== undefined) return instruction.name !== "i64.extend_i32_u";
      if (isDivision(instruction.name)) return true;
      if (instruction.shift !== undefined) return operands[1]?.kind === "constant";
      return instruction.name === "select" || instruction.name === "select t";
    }
    default:
      return false;
  }
}

function ofWords(state: Lowering, expression: Expression): JsExpression {
  return fromWords(state, lowerPair(state, expression));
}

function fromWords(state: Lowering, { lo, hi }: Pair): JsExpression {
  if (lo.kind === "number" && hi.kind === "number") return bigint(lo.value, hi.value);
  const low = unsignedBigInt(state, lo);
  if (hi.kind === "number" && hi.value === 0) return low;
  return wrapped(state, binary("|", binary("<<", unsignedBigInt(state, hi), bigint(32, 0)), low));
}

/** `toBigInt(x >>> 0)`: only for unsigned words do engines do this without a call. */
function unsignedBigInt(state: Lowering, word: JsExpression): JsExpression {
  if (word.kind === "number") return bigint(word.value, 0);
  return call(state.helper("toBigInt"), [binary(">>>", word, number(0))]);
}

/** The BigInt of a signed word: as unsigned, moved up by 2^31, and back down. */
function signedBigInt(state: Lowering, word: JsExpression): JsExpression {
  const moved = unsignedBigInt(state, binary("^", word, number(-0x80000000)));
  return wrapped(state, binary("-", moved, bigint(-0x80000000, 0)));
}

function lowerOperation(state: Lowering, expression: Operation): JsExpression | undefined {
  const { instruction, operands } = expression;
  const [first, second, third] = operands as readonly [Expression, Expression, Expression];
  if (instruction.shift !== undefined)
    return second.kind === "constant"
      ? shiftWide(state, instruction.shift, lowerWide(state, first), second.lo & 63)
      : undefined;
  switch (instruction.name) {
    case "select":
    case "select t":
      return selectWide(state, first, second, third);
    case "i64.extend_i32_s":
      return signedBigInt(state, lowerNumber(state, first));
    case "i64.extend32_s":
      return signedBigInt(state, lowerPair(state, first).lo);
    default:
  }
  if (isDivision(instruction.name)) {
    const [dividend, divisor] = lowerWideOperands(state, operands) as [JsExpression, JsExpression];
    return divideWide(state, expression, dividend, divisor);
  }
  if (instruction.jsBigInt === undefined) return undefined;
  const [a, b] = lowerWideOperands(state, operands);
  return templateOf(instruction.jsBigInt)({ ...templateOperands(), a, b }, state);
}

function shiftWide(state: Lowering, kind: ShiftKind, value: JsExpression, count: number): JsExpression {
  if (count === 0) return value;
  const by = (operator: BinaryOperator, operand: JsExpression, distance: number): JsExpression =>
    binary(operator, operand, bigint(distance, 0));
  switch (kind) {
    case "shl":
      return wrapped(state, by("<<", value, count));
    case "shr_u":
      return wrapped(state, by(">>", value, count));
    case "shr_s":
      return wrapped(state, by(">>", call(state.helper("asIntN"), [number(64), value]), count));
    case "rotl":
    case "rotr": {
      const left = kind === "rotl" ? count : 64 - count;
      const atom = state.atom(value);
      return wrapped(state, binary("|", by("<<", atom, left), by(">>", atom, 64 - left)));
    }
  }
}

/** Two BigInts must not meet in a variable; in a slot they may. */
function selectWide(state: Lowering, first: Expression, second: Expression, condition: Expression): JsExpression {
  const [a, b] = lowerOperandsBy(state, [first, second], true, lowerWide) as [JsExpression, JsExpression];
  const test = lowerWord(state, condition);
  const slot = state.int64Slots.takeSlot(state).value;
  state.emit({ kind: "assign", target: slot, value: b });
  state.emit({ kind: "if", condition: test, then: [{ kind: "assign", target: slot, value: a }], otherwise: [] });
  return state.temporary(slot);
}

function loadAsBigInt(state: Lowering, node: Access): JsExpression | undefined {
  const { access } = node.instruction;
  if (access === undefined) return undefined;
  if (access.method === "getInt64") return state.temporary(loadWide(state, node));
  if (access.hi === undefined || access.hi === "0") return undefined;
  return signedBigInt(state, lowerPair(state, node).lo);
}

/** The words of an expression for which `isWide` holds. */
export function wordsOf(state: Lowering, expression: Expression): Pair {
  const { int64Slots } = state;
  if (expression.kind === "get") {
    const { variable } = expression;
    if (int64Slots.hasSlot(variable)) return int64Slots.readWords(state, variable);
    const parameter = parameterWords(state, variable);
    if (parameter !== undefined) return parameter;
  }
  return int64Slots.spill(state, lowerWide(state, expression));
}

/** Gives a 64-bit variable the value of a BigInt expression. */
export function assignWide(state: Lowering, variable: number, value: JsExpression): void {
  if (state.int64Slots.hasSlot(variable)) state.int64Slots.assign(state, variable, value);
  else state.setVariable(variable, value);
}

/** Gives a 64-bit variable the value of two words. */
export function assignWords(state: Lowering, variable: number, words: Pair): void {
  assignWide(state, variable, fromWords(state, words));
}

/** Constants of parameters that are never assigned, for the start of the function. */
export function wideParameters(state: Lowering): JsStatement[] {
  return [...state.wideParameters].map(([variable, made]) => {
    const words = parameterWords(state, variable);
    if (words === undefined) throw new RangeError(`variable ${variable} is no parameter`);
    return { kind: "declare", keyword: "const", declarators: [{ name: made, value: fromWords(state, words) }] };
  });
}

/** A read of a 64-bit variable as a BigInt. */
function readWide(state: Lowering, variable: number): JsExpression {
  if (state.int64Slots.hasSlot(variable)) return state.int64Slots.read(state, variable);
  if (variable < state.func.type.params.length) return name(wideParameterName(state, variable));
  return state.readVariable(variable) as JsExpression;
}

/** The words of a parameter that is never assigned. */
function parameterWords(state: Lowering, variable: number): Pair | undefined {
  if (variable >= state.func.type.params.length) return undefined;
  return { lo: state.variable(variable), hi: state.highVariable(variable) };
}

/** A parameter that is never assigned, as a BigInt. */
function wideParameterName(state: Lowering, variable: number): string {
  const known = state.wideParameters.get(variable);
  if (known !== undefined) return known;
  const made = state.unique(`${state.variable(variable).name}$int64`);
  state.wideParameters.set(variable, made);
  return made;
}
