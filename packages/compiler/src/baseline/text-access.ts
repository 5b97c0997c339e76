// Loads and stores: DataView accesses, which check bounds and allow any alignment by themselves. The effective address is
// `(address >>> 0) + offset`, exact because both are below 2^32.
import { effectsOf, type MemArg } from "@anywasm/ir";
import { type AtomicAccess, Effect, type Instruction, i64, type MemoryAccess, type ValType } from "@anywasm/isa";
import { ANY, POSTFIX, precedence } from "../js/precedence.ts";
import { atomicHelper, isBelow2GiB } from "../lower/memory.ts";
import { pairFromCall } from "./text-operation.ts";
import { recipeOf } from "./text-recipe.ts";
import { type TextState, valueOf, wordsOf } from "./text-state.ts";
import { fill } from "./text-template.ts";
import { highText, lowBits, type TextValue, unsignedText, wordText } from "./text-value.ts";

export function access(
  state: TextState,
  row: Instruction,
  memArg: MemArg,
  type: ValType | undefined,
  operands: readonly TextValue[],
  offset: number,
): TextValue {
  const found = row.access as MemoryAccess | AtomicAccess;
  if (found.method === "atomic") return atomicAccess(state, row, found, memArg, type, operands, offset);
  const { method, bytes } = found;
  // The receiver is read before the arguments; an argument that may grow the memory must be evaluated before it.
  const isGrowing = (effectsOf(0, operands) & Effect.writesMemory) !== 0;
  const values = isGrowing
    ? operands.map((operand) => (operand.type === i64 ? operand : state.atomic(operand)))
    : operands;
  const [address, stored] = values as readonly [TextValue, TextValue];
  if (method === "getInt64") return load64(state, row, memArg, address, offset);
  if (method === "setInt64") return store64(state, row, memArg, values, offset);
  const at = addressText(state, memArg, address);
  const text =
    stored === undefined
      ? viewCall(state, memArg, method, bytes, offset, at)
      : store(state, memArg, method, bytes, offset, at, stored);
  const { high } = recipeOf(row);
  if (high !== undefined) {
    // A trap must come now, whatever becomes of the words.
    state.settleBefore(effectsOf(row.effects, values));
    const low = state.define(text);
    return state.pair(low, fill(high, [], low, false, state), high.level);
  }
  const value = valueOf(type, row.effects, values, text, POSTFIX);
  value.isUnsigned = method === "getUint8" || method === "getUint16";
  if (method === "getFloat32") {
    value.maySignal = true;
    value.quiet = text;
    value.text = `${state.at(offset)}${state.helperName("f32_load")}(${state.view(memArg.memory)}, ${at})`;
  }
  return value;
}

function addressText(state: TextState, { offset, memory }: MemArg, address: TextValue): string {
  if (address.isConstant) return String((lowBits(address) >>> 0) + offset);
  if (offset > 0) return `${unsignedText(address, precedence["+"])} + ${offset}`;
  // Below 2 GiB a negative address is out of bounds as it is.
  return isBelow2GiB(state.module, memory) ? wordText(address) : unsignedText(address, ANY);
}

function viewCall(
  state: TextState,
  { memory }: MemArg,
  method: string,
  bytes: number,
  offset: number,
  args: string,
): string {
  return `${state.at(offset)}${state.view(memory)}.${method}(${args}${bytes === 1 ? "" : ", true"})`;
}

function store(
  state: TextState,
  memArg: MemArg,
  method: string,
  bytes: number,
  offset: number,
  at: string,
  value: TextValue,
): string {
  // `setFloat32` would quiet a signalling NaN.
  if (method === "setFloat32" && value.maySignal)
    return `${state.at(offset)}${state.helperName("f32_store")}(${state.view(memArg.memory)}, ${at}, ${wordText(value)})`;
  return viewCall(state, memArg, method, bytes, offset, `${at}, ${wordText(value)}`);
}

function load64(state: TextState, row: Instruction, memArg: MemArg, address: TextValue, offset: number): TextValue {
  const base = state.atomic(address);
  state.settleBefore(effectsOf(row.effects, [base]));
  const low = state.define(viewCall(state, memArg, "getInt32", 4, offset, addressText(state, memArg, base)));
  const high = state.define(viewCall(state, memArg, "getInt32", 4, offset, addressText(state, upper(memArg), base)));
  return state.pair(low, high);
}

function store64(
  state: TextState,
  row: Instruction,
  memArg: MemArg,
  operands: readonly TextValue[],
  offset: number,
): TextValue {
  const [address, value] = operands as readonly [TextValue, TextValue];
  const base = state.atomic(address);
  const set = (at: MemArg, word: string): string =>
    viewCall(state, memArg, "setInt32", 4, offset, `${addressText(state, at, base)}, ${word}`);
  // The higher half first: if it is in bounds so is the lower one, and a trap leaves memory as it was.
  const text = `${set(upper(memArg), highText(value))};\n${set(memArg, wordText(value))}`;
  return valueOf(undefined, row.effects, operands, text, ANY);
}

function upper(memArg: MemArg): MemArg {
  return { ...memArg, offset: memArg.offset + 4 };
}

/** A call of a helper: what it accesses memory by is looked up there. */
function atomicAccess(
  state: TextState,
  row: Instruction,
  access: AtomicAccess,
  memArg: MemArg,
  type: ValType | undefined,
  operands: readonly TextValue[],
  offset: number,
): TextValue {
  const { bytes, wraps } = access;
  const [address, ...values] = operands as readonly [TextValue, ...TextValue[]];
  const words = wraps ? values.map((value) => wordText(value)) : wordsOf(values);
  const size = bytes === 8 ? [] : [bytes];
  const memory = state.entity("memory", memArg.memory).name;
  const args = [memory, addressText(state, memArg, address), ...size, ...words].join(", ");
  const text = `${state.at(offset)}${state.helperName(atomicHelper(access))}(${args})`;
  if (type !== i64) return valueOf(type, row.effects, operands, text, POSTFIX);
  const effects = effectsOf(row.effects, operands);
  if (!wraps) return pairFromCall(state, text, effects);
  state.settleBefore(effects);
  return state.pair(state.define(text), "0");
}
