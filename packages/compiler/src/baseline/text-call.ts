// Calls, and instructions on globals, tables, memories and segments.
import { effectsOf } from "@anywasm/ir";
import { Effect, type Effects, type FuncType, type Instruction, i64, instruction, type ValType } from "@anywasm/isa";
import { ANY, POSTFIX } from "../js/precedence.ts";
import { calledCode, calleeHelper } from "../lower/call.ts";
import { entityKindOf, sourceKindOf } from "../lower/entity.ts";
import { helperOf } from "../lower/formula.ts";
import { lastConflicting } from "../lower/operands.ts";
import { pairFromCall } from "./text-operation.ts";
import { type TextState, valueOf, wordsOf } from "./text-state.ts";
import { ATOM, highText, TextValue, wordText } from "./text-value.ts";

const callEffects: Effects = instruction("call").effects;

export function call(
  state: TextState,
  functionIndex: number,
  type: FuncType,
  operands: readonly TextValue[],
  offset: number,
): TextValue {
  const callee = state.entity("function", functionIndex).name;
  return resultOf(
    state,
    type,
    operands,
    `${state.at(offset)}${callee}.${calledCode(state.module)}(${wordsOf(operands).join(", ")})`,
  );
}

export function callIndirect(
  state: TextState,
  typeIndex: number,
  tableIndex: number,
  type: FuncType,
  operands: readonly TextValue[],
  offset: number,
): TextValue {
  const [settled, position] = indirectOperands(state, operands, Effect.readsTable | Effect.traps);
  const at = state.at(offset);
  const table = state.entity("table", tableIndex).name;
  const expected = state.entity("type", typeIndex).name;
  const callee = `${at}${state.helperName(calleeHelper(state.module))}(${table}, ${wordText(position)}, ${expected})`;
  return resultOf(state, type, [...settled, position], `${callee}(${wordsOf(settled).join(", ")})`);
}

export function callRef(
  state: TextState,
  _typeIndex: number,
  type: FuncType,
  operands: readonly TextValue[],
  offset: number,
): TextValue {
  const [settled, callee] = indirectOperands(state, operands, Effect.traps);
  const text = `${state.at(offset)}${wordText(callee, POSTFIX)}.${calledCode(state.module)}(${wordsOf(settled).join(", ")})`;
  return resultOf(state, type, [...settled, callee], text);
}

/** The callee is found before the arguments are evaluated, so arguments that could tell are evaluated first. */
function indirectOperands(
  state: TextState,
  operands: readonly TextValue[],
  lookUp: Effects,
): readonly [args: readonly TextValue[], last: TextValue] {
  const last = operands[operands.length - 1] as TextValue;
  const args = operands.slice(0, -1);
  const conflicting = lastConflicting(args, lookUp | last.effects);
  return [args.map((arg, i) => (i <= conflicting && arg.effects !== 0 ? state.atomic(arg) : arg)), last];
}

function resultOf(state: TextState, { results }: FuncType, operands: readonly TextValue[], text: string): TextValue {
  const type = results.length === 1 ? results[0] : undefined;
  if (type === i64) return pairFromCall(state, text, effectsOf(callEffects, operands));
  const value = valueOf(type, callEffects, operands, text, POSTFIX);
  value.maySignal = true;
  return value;
}

/** The request to go on in the callee, which whoever called this function answers. */
export function tailCall(
  state: TextState,
  functionIndex: number,
  operands: readonly TextValue[],
  offset: number,
): string {
  const args = [state.entity("function", functionIndex).name, ...wordsOf(operands)];
  return `${state.at(offset)}${state.helperName("tail_call")}(${args.join(", ")})`;
}

export function tailCallIndirect(
  state: TextState,
  typeIndex: number,
  tableIndex: number,
  operands: readonly TextValue[],
  offset: number,
): string {
  const settled = operands.map((operand) => (operand.type === i64 ? operand : state.atomic(operand)));
  const position = wordText(settled[settled.length - 1] as TextValue);
  const args = [
    state.entity("table", tableIndex).name,
    position,
    state.entity("type", typeIndex).name,
    ...wordsOf(settled.slice(0, -1)),
  ];
  return `${state.at(offset)}${state.helperName("tail_call_indirect")}(${args.join(", ")})`;
}

export function tailCallRef(state: TextState, operands: readonly TextValue[], offset: number): string {
  const settled = operands.map((operand) => (operand.type === i64 ? operand : state.atomic(operand)));
  const args = [wordText(settled[settled.length - 1] as TextValue), ...wordsOf(settled.slice(0, -1))];
  return `${state.at(offset)}${state.helperName("tail_call_ref")}(${args.join(", ")})`;
}

export function entity(
  state: TextState,
  row: Instruction,
  index: number,
  type: ValType | undefined,
  operands: readonly TextValue[],
  offset: number,
): TextValue {
  switch (row.name) {
    case "global.get":
      return globalGet(state, row, index, type);
    case "global.set":
      return globalSet(state, row, index, operands);
    case "ref.func":
      return new TextValue(type, row.effects, 0, 1, state.entity("function", index).name, ATOM);
  }
  const args = [state.entity(entityKindOf(row), index).name, ...wordsOf(operands)];
  return ofHelper(state, row, type, operands, offset, args);
}

export function transfer(
  state: TextState,
  row: Instruction,
  destination: number,
  source: number,
  operands: readonly TextValue[],
  offset: number,
): TextValue {
  const target = state.entity(row.name.startsWith("table") ? "table" : "memory", destination).name;
  const from = state.entity(sourceKindOf(row), source).name;
  return ofHelper(state, row, undefined, operands, offset, [target, from, ...wordsOf(operands)]);
}

function ofHelper(
  state: TextState,
  row: Instruction,
  type: ValType | undefined,
  operands: readonly TextValue[],
  offset: number,
  args: readonly string[],
): TextValue {
  const text = `${state.at(offset)}${state.helperName(helperOf(row))}(${args.join(", ")})`;
  return valueOf(type, row.effects, operands, text, POSTFIX);
}

function globalGet(state: TextState, row: Instruction, index: number, type: ValType | undefined): TextValue {
  const record = state.entity("global", index).name;
  if (type === i64) {
    // A pair must not be read in two places in time.
    state.settleBefore(row.effects);
    const low = state.define(`${record}.value`);
    return state.pair(low, state.define(`${record}.high`));
  }
  const value = new TextValue(type, row.effects, 0, 1, `${record}.value`, POSTFIX);
  value.maySignal = true;
  return value;
}

function globalSet(state: TextState, row: Instruction, index: number, operands: readonly TextValue[]): TextValue {
  const [value] = operands as readonly [TextValue];
  const record = state.entity("global", index).name;
  const low = `${record}.value = ${wordText(value)}`;
  const text = value.type === i64 ? `${record}.high = ${highText(value)};\n${low}` : low;
  return valueOf(undefined, row.effects, operands, text, ANY);
}
