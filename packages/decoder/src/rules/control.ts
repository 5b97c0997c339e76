// Typing rules of control instructions (core spec, §3.4 "Control Instructions").
import {
  addressTypeOf,
  areSubtypes,
  type FuncType,
  funcref,
  functionType,
  i32,
  isRefType,
  isSubtype,
  type ValType,
} from "@anywasm/isa";
import type { FunctionContext } from "../function-context.ts";
import { featureDisabled, invalid, malformed, unknown } from "../messages.ts";
import { type Frame, FrameKind, labelTypes } from "../stacks.ts";
import { readValType } from "../types.ts";
import type { Rule } from "./rule.ts";

const noTypes: readonly ValType[] = [];
/** Block types of one result, made once each: most blocks have one of these. */
const singleTypes = new Map<ValType, readonly ValType[]>();

interface BlockType {
  readonly params: readonly ValType[];
  readonly results: readonly ValType[];
}

const emptyBlockType: BlockType = { params: noTypes, results: noTypes };

/** Core spec, §5.4.1: nothing, a result, or a type index. */
export function readBlockType({ reader, module }: FunctionContext): BlockType {
  const offset = reader.position;
  if (reader.bytes[offset] === 0x40 && offset < reader.end) {
    reader.position++;
    return emptyBlockType;
  }
  const code = reader.s33();
  if (code < 0) {
    reader.position = offset;
    const type = readValType(reader, module, "malformed block type");
    let results = singleTypes.get(type);
    if (results === undefined) {
      results = [type];
      // Of references there are as many types as a module likes.
      if (!isRefType(type)) singleTypes.set(type, results);
    }
    return { params: noTypes, results };
  }
  const type = module.types[code];
  if (type === undefined) throw unknown("type", code, offset);
  if ((type.params.length > 0 || type.results.length > 1) && !module.features.has("multi-value"))
    throw featureDisabled("multi-value", "a block with parameters or several results", offset);
  return type;
}

const unreachable: Rule = (validator, _row, offset) => {
  validator.builder?.unreachable(offset);
  validator.stack.becomeUnreachable();
};

const nop: Rule = () => undefined;

const block: Rule = (validator, _row, offset) => {
  const { params, results } = readBlockType(validator);
  validator.stack.popMany(params, offset);
  validator.stack.pushFrame(FrameKind.block, params, results);
  validator.builder?.block(params, results);
};

const loop: Rule = (validator, _row, offset) => {
  const { params, results } = readBlockType(validator);
  validator.stack.popMany(params, offset);
  validator.stack.pushFrame(FrameKind.loop, params, results);
  validator.builder?.loop(params, results);
};

const ifRule: Rule = (validator, _row, offset) => {
  const { params, results } = readBlockType(validator);
  validator.stack.pop(i32, offset);
  validator.stack.popMany(params, offset);
  validator.stack.pushFrame(FrameKind.if, params, results);
  validator.builder?.if(params, results, validator.hints?.get(offset));
};

const elseRule: Rule = (validator, _row, offset) => {
  const frame = validator.stack.popFrame(offset);
  if (frame.kind !== FrameKind.if) throw malformed("else without if", offset);
  validator.stack.pushFrame(FrameKind.else, frame.params, frame.results);
  validator.builder?.else();
};

const end: Rule = (validator, _row, offset) => {
  const frame = validator.stack.popFrame(offset);
  if (frame.kind === FrameKind.if && !areSubtypes(frame.params, frame.results, validator.module.defined))
    throw invalid("type mismatch: an if without else must give what it takes", offset);
  if (frame.kind !== FrameKind.function) validator.stack.pushMany(frame.results);
  validator.builder?.end();
};

export function readLabel(validator: FunctionContext, offset: number): readonly [number, Frame] {
  const depth = validator.reader.u32();
  return [depth, validator.stack.frameAt(depth, offset)];
}

const br: Rule = (validator, _row, offset) => {
  const [depth, frame] = readLabel(validator, offset);
  validator.stack.popMany(labelTypes(frame), offset);
  validator.builder?.br(depth);
  validator.stack.becomeUnreachable();
};

const brIf: Rule = (validator, _row, offset) => {
  const [depth, frame] = readLabel(validator, offset);
  validator.stack.pop(i32, offset);
  const types = labelTypes(frame);
  validator.stack.popMany(types, offset);
  validator.stack.pushMany(types);
  validator.builder?.brIf(depth, validator.hints?.get(offset));
};

const brTable: Rule = (validator, _row, offset) => {
  const { reader, stack } = validator;
  // Each target takes a byte at least.
  const count = reader.u32();
  if (count > reader.end - reader.position) throw malformed("unexpected end", reader.end);
  const depths: number[] = [];
  for (let i = 0; i < count; i++) depths.push(reader.u32());
  const fallback = reader.u32();
  stack.pop(i32, offset);
  const arity = labelTypes(stack.frameAt(fallback, offset)).length;
  const checked = new Set<number>();
  for (const depth of depths) {
    if (checked.has(depth)) continue;
    checked.add(depth);
    const types = labelTypes(stack.frameAt(depth, offset));
    if (types.length !== arity) throw invalid("type mismatch: br_table targets differ in arity", offset);
    checkTop(validator, types, offset);
  }
  stack.popMany(labelTypes(stack.frameAt(fallback, offset)), offset);
  validator.builder?.brTable(depths, fallback, offset);
  stack.becomeUnreachable();
};

/** The operands must match `types` and stay as they are, unknown ones included (core spec, "Validation Algorithm"). */
function checkTop({ stack }: FunctionContext, types: readonly ValType[], offset: number): void {
  if (types.length === 0) return;
  const popped: ValType[] = [];
  for (let i = types.length - 1; i >= 0; i--) {
    const actual = stack.popAny(offset);
    popped.push(actual);
    stack.push(actual);
    stack.pop(types[i] as ValType, offset);
  }
  for (let i = popped.length - 1; i >= 0; i--) stack.push(popped[i] as ValType);
}

const returnRule: Rule = (validator, _row, offset) => {
  validator.stack.popMany(validator.stack.functionFrame.results, offset);
  validator.builder?.return();
  validator.stack.becomeUnreachable();
};

function readFunction({ reader, module }: FunctionContext, offset: number): readonly [number, FuncType] {
  const index = reader.u32();
  if (index >= module.functionTypeIndices.length) throw unknown("function", index, offset);
  return [index, functionType(module, index)];
}

/** Gives the index of the type, that of the table, the type, and the type of what is the index into the table. */
function readIndirect(
  { reader, module }: FunctionContext,
  offset: number,
): readonly [typeIndex: number, tableIndex: number, type: FuncType, at: ValType] {
  const typeIndex = reader.u32();
  const tableOffset = reader.position;
  const tableIndex = reader.u32();
  const table = module.tables[tableIndex];
  if (table === undefined) throw unknown("table", tableIndex, offset);
  if (tableIndex > 0 && !module.features.has("reference-types"))
    throw featureDisabled("reference-types", "a table index", tableOffset);
  if (!isSubtype(table.element, funcref, module.defined))
    throw invalid("type mismatch: call_indirect needs a table of functions", offset);
  const type = module.types[typeIndex];
  if (type === undefined) throw unknown("type", typeIndex, offset);
  return [typeIndex, tableIndex, type, addressTypeOf(table)];
}

const call: Rule = (validator, _row, offset) => {
  validator.mayGrowMemories = true;
  const [index, type] = readFunction(validator, offset);
  validator.stack.popMany(type.params, offset);
  validator.stack.pushMany(type.results);
  validator.builder?.call(index, type, offset);
};

const callIndirect: Rule = (validator, _row, offset) => {
  validator.mayGrowMemories = true;
  const [typeIndex, tableIndex, type, at] = readIndirect(validator, offset);
  validator.stack.pop(at, offset);
  validator.stack.popMany(type.params, offset);
  validator.stack.pushMany(type.results);
  validator.builder?.callIndirect(typeIndex, tableIndex, type, offset);
};

export function checkTailResults(validator: FunctionContext, type: FuncType, offset: number): void {
  if (!areSubtypes(type.results, validator.stack.functionFrame.results, validator.module.defined))
    throw invalid("type mismatch: a tail call must give the results of its function", offset);
}

const returnCall: Rule = (validator, _row, offset) => {
  const [index, type] = readFunction(validator, offset);
  checkTailResults(validator, type, offset);
  validator.stack.popMany(type.params, offset);
  validator.builder?.returnCall(index, type, offset);
  validator.stack.becomeUnreachable();
};

const returnCallIndirect: Rule = (validator, _row, offset) => {
  const [typeIndex, tableIndex, type, at] = readIndirect(validator, offset);
  checkTailResults(validator, type, offset);
  validator.stack.pop(at, offset);
  validator.stack.popMany(type.params, offset);
  validator.builder?.returnCallIndirect(typeIndex, tableIndex, type, offset);
  validator.stack.becomeUnreachable();
};

export const controlRules = {
  unreachable,
  nop,
  block,
  loop,
  if: ifRule,
  else: elseRule,
  end,
  br,
  br_if: brIf,
  br_table: brTable,
  return: returnRule,
  call,
  call_indirect: callIndirect,
  return_call: returnCall,
  return_call_indirect: returnCallIndirect,
};
