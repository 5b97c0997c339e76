// Operations, from the instruction table's templates.
import { effectsOf } from "@anywasm/ir";
import { type Instruction, i64, type ValType } from "@anywasm/isa";
import { name as jsName, number } from "../js/build.ts";
import { ANY, CONDITIONAL, POSTFIX, precedence, UNARY } from "../js/precedence.ts";
import { printExpression } from "../js/print.ts";
import { type DivisionName, divideByConstant } from "../lower/expression.ts";
import { addConstant } from "../lower/pair-arithmetic.ts";
import { shiftPair } from "../lower/shift.ts";
import type { Pair } from "../lower/state.ts";
import { type Recipe, recipeOf } from "./text-recipe.ts";
import { type TextState, valueOf, wordsOf } from "./text-state.ts";
import { fill, levelOf, type TextTemplate } from "./text-template.ts";
import {
  ATOM,
  conditionText,
  enclosed,
  highBits,
  highText,
  isAtom,
  lowBits,
  negatedText,
  quietText,
  type TextValue,
  wordText,
} from "./text-value.ts";

type Values = readonly TextValue[];

export function operation(
  state: TextState,
  row: Instruction,
  type: ValType | undefined,
  operands: Values,
  offset: number,
): TextValue {
  const recipe = recipeOf(row);
  if (recipe.special !== undefined) {
    const value = special(state, recipe, row, type, operands);
    if (value !== undefined) return value;
  }
  const { low } = recipe;
  if (low === undefined) return ofHelper(state, recipe, row, type, operands, offset);
  const values = recipe.repeated !== 0 ? settled(state, recipe, operands) : operands;
  return recipe.high === undefined
    ? ofWord(state, recipe, low, row, type, values)
    : ofPair(state, recipe, low, recipe.high, values);
}

function ofWord(
  state: TextState,
  recipe: Recipe,
  low: TextTemplate,
  row: Instruction,
  type: ValType | undefined,
  values: Values,
): TextValue {
  const text = fill(low, values, "", row.arithmetic, state);
  const value = valueOf(type, row.effects, values, text, levelOfResult(low, values));
  value.isBoolean = low.isBoolean;
  value.trimmedLevel = low.trimmedLevel;
  value.maySignal = row.movesBits;
  if (recipe.isMask) {
    const mask = values[1] as TextValue;
    value.isUnsigned = mask.isConstant && lowBits(mask) >= 0;
  }
  if (recipe.quiet !== undefined) addQuiet(state, recipe.quiet, value, values);
  return value;
}

/** A template that is nothing but an operand binds as tightly as that does. */
function levelOfResult(template: TextTemplate, values: Values): number {
  return template.level === ANY ? (values[0] as TextValue).level : template.level;
}

function addQuiet(state: TextState, template: TextTemplate, value: TextValue, values: Values): void {
  value.quiet = enclosed(fill(template, values, "", true, state), template.level, POSTFIX);
}

function ofPair(
  state: TextState,
  { highNamesLow }: Recipe,
  low: TextTemplate,
  high: TextTemplate,
  operands: Values,
): TextValue {
  // Pairs are free of effects, so a single word with effects is evaluated now.
  const values =
    effectsOf(0, operands) === 0
      ? operands
      : operands.map((value) => (value.type === i64 ? value : state.atomic(value)));
  let text = fill(low, values, "", false, state);
  let level = (values[0] as TextValue).isBoolean && low.level === ANY ? CONDITIONAL : levelOfResult(low, values);
  if (highNamesLow && level !== ATOM) {
    text = state.define(text);
    level = ATOM;
  }
  const value = valueOf(i64, 0, values, text, level);
  value.high = fill(high, values, text, false, state);
  value.highLevel = high.level;
  return value;
}

function ofHelper(
  state: TextState,
  recipe: Recipe,
  row: Instruction,
  type: ValType | undefined,
  operands: Values,
  offset: number,
): TextValue {
  const at = row.effects === 0 ? "" : state.at(offset);
  const call = `${at}${state.helperName(recipe.helper)}(${wordsOf(operands, row.arithmetic).join(", ")})`;
  if (recipe.givesPair) return pairFromCall(state, call, effectsOf(row.effects, operands));
  const value = valueOf(type, row.effects, operands, call, POSTFIX);
  value.maySignal = row.movesBits;
  if (recipe.quiet !== undefined) addQuiet(state, recipe.quiet, value, operands);
  return value;
}

/** A call that gives a 64-bit integer: evaluated at once, since the register of high words is shared. */
export function pairFromCall(state: TextState, call: string, effects: number): TextValue {
  state.settleBefore(effects);
  const low = state.define(call);
  return state.pair(low, state.define(`${state.helperName("high")}[0]`));
}

// Operands that a template writes several times

/** Evaluates them once, before; and those to their left, which WebAssembly evaluates earlier. */
function settled(state: TextState, { repeated }: Recipe, operands: Values): Values {
  let lastRepeated = -1;
  let changes = false;
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i] as TextValue;
    if (operand.isConstant) continue;
    if (operand.type !== i64) {
      if (isLowIn(repeated, i) && !isAtom(operand)) lastRepeated = i;
    } else if (
      (isLowIn(repeated, i) && operand.level !== ATOM) ||
      (isHighIn(repeated, i) && operand.highLevel !== ATOM)
    )
      changes = true;
  }
  if (lastRepeated < 0 && !changes) return operands;
  return operands.map((operand, i) => {
    if (operand.type !== i64) return i <= lastRepeated ? state.atomic(operand) : operand;
    return operand.isConstant ? operand : withAtoms(state, operand, isLowIn(repeated, i), isHighIn(repeated, i));
  });
}

function isLowIn(words: number, operand: number): boolean {
  return (words & (1 << operand)) !== 0;
}

function isHighIn(words: number, operand: number): boolean {
  return isLowIn(words, operand + 3);
}

function withAtoms(state: TextState, value: TextValue, low: boolean, high: boolean): TextValue {
  const namesLow = low && value.level !== ATOM;
  const namesHigh = high && value.highLevel !== ATOM;
  const text = namesLow ? state.define(value.text) : value.text;
  const result = valueOf(i64, 0, [value], text, namesLow ? ATOM : value.level);
  result.high = namesHigh ? state.define(value.high) : value.high;
  result.highLevel = namesHigh ? ATOM : value.highLevel;
  return result;
}

// Forms of their own

function special(
  state: TextState,
  recipe: Recipe,
  row: Instruction,
  type: ValType | undefined,
  operands: Values,
): TextValue | undefined {
  const [first, second] = operands as readonly [TextValue, TextValue];
  switch (recipe.special) {
    case "select":
      return type === i64 ? selectPair(state, operands) : select(type, operands);
    case "is_null":
      return boolean(type, operands, `${wordText(first, EQUALITY)} === null`, EQUALITY);
    case "eqz":
      return first.isBoolean ? boolean(type, operands, negatedText(first), UNARY) : undefined;
    case "divide":
      return second.isConstant && lowBits(second) !== 0 && lowBits(second) !== -1
        ? divide(row.name as DivisionName, type, operands)
        : undefined;
    case "shift":
      if (!second.isConstant || row.shift === undefined) return undefined;
      return ofTrees(shiftPair(state, row.shift, treesOf(state, first), lowBits(second)), first);
    case "add":
      if (!second.isConstant) return undefined;
      return ofTrees(
        addConstant(state, treesOf(state, first), { lo: number(lowBits(second)), hi: number(highBits(second)) }),
        first,
      );
    case "saturate":
      return saturate(type, first);
    case undefined:
      return undefined;
  }
}

/** Of a value whose high word is known. */
function saturate(type: ValType | undefined, value: TextValue): TextValue | undefined {
  if (!value.isConstant) return value.high === "0" ? valueOf(type, 0, [value], value.text, value.level) : undefined;
  const word = highBits(value) === 0 ? lowBits(value) : -1;
  const result = valueOf(type, 0, [], String(word), word < 0 ? UNARY : ATOM);
  result.isConstant = true;
  result.isSettled = true;
  return result;
}

const EQUALITY = precedence["==="];

function boolean(type: ValType | undefined, operands: Values, text: string, level: number): TextValue {
  const value = valueOf(type, 0, operands, text, level);
  value.isBoolean = true;
  return value;
}

/** The builder has seen to it that neither value has effects that evaluating one only could lose. */
function select(type: ValType | undefined, operands: Values): TextValue {
  const [first, second, condition] = operands as readonly [TextValue, TextValue, TextValue];
  const test = conditionText(condition, CONDITIONAL + 1);
  const text = `${test} ? ${wordText(first, CONDITIONAL)} : ${wordText(second, CONDITIONAL)}`;
  const value = valueOf(type, 0, operands, text, CONDITIONAL);
  value.maySignal = first.maySignal || second.maySignal;
  if (first.quiet !== undefined || second.quiet !== undefined) {
    value.quiet = `(${test} ? ${quietText(first, CONDITIONAL)} : ${quietText(second, CONDITIONAL)})`;
  }
  return value;
}

function selectPair(state: TextState, operands: Values): TextValue {
  const [first, second, condition] = operands as readonly [TextValue, TextValue, TextValue];
  const settledCondition = state.atomic(condition);
  const test = wordText(settledCondition, CONDITIONAL + 1);
  const text = `${test} ? ${wordText(first, CONDITIONAL)} : ${wordText(second, CONDITIONAL)}`;
  const value = valueOf(i64, 0, [first, second, settledCondition], text, CONDITIONAL);
  value.high = `${test} ? ${highText(first, CONDITIONAL)} : ${highText(second, CONDITIONAL)}`;
  value.highLevel = CONDITIONAL;
  return value;
}

// Forms that are made as trees

function divide(name: DivisionName, type: ValType | undefined, operands: Values): TextValue {
  const [dividend, divisor] = operands as readonly [TextValue, TextValue];
  const tree = divideByConstant(name, jsName(wordText(dividend, precedence["/"])), lowBits(divisor));
  return valueOf(type, 0, operands, printExpression(tree), levelOf(tree));
}

/** Of words that can be written several times. */
function treesOf(state: TextState, value: TextValue): Pair {
  return { lo: state.treeOf(value.text, value.level), hi: state.treeOf(value.high, value.highLevel) };
}

function ofTrees({ lo, hi }: Pair, source: TextValue): TextValue {
  const value = valueOf(i64, 0, [source], printExpression(lo), levelOf(lo));
  value.high = printExpression(hi);
  value.highLevel = levelOf(hi);
  return value;
}
