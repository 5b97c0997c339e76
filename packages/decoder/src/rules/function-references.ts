// Typing rules of instructions on typed function references, and of branches on null (core spec, §3.4).
import {
  bottom,
  bottomHeapType,
  type FuncType,
  type HeapType,
  heapTypeOf,
  instruction,
  isRefType,
  refType,
  type ValType,
} from "@anywasm/isa";
import type { FunctionContext } from "../function-context.ts";
import { invalid, unknown } from "../messages.ts";
import { labelTypes } from "../stacks.ts";
import { checkTailResults, readLabel } from "./control.ts";
import type { Rule } from "./rule.ts";

/** Pops a reference to a function of the type that the instruction names. */
function popCallee({ reader, module, stack }: FunctionContext, offset: number): readonly [number, FuncType] {
  const index = reader.u32();
  const type = module.types[index];
  if (type === undefined) throw unknown("type", index, offset);
  stack.pop(refType(index as HeapType, true), offset);
  return [index, type];
}

const callRef: Rule = (validator, _row, offset) => {
  validator.mayGrowMemories = true;
  const [index, type] = popCallee(validator, offset);
  validator.stack.popMany(type.params, offset);
  validator.stack.pushMany(type.results);
  validator.builder?.callRef(index, type, offset);
};

const returnCallRef: Rule = (validator, _row, offset) => {
  const [index, type] = popCallee(validator, offset);
  checkTailResults(validator, type, offset);
  validator.stack.popMany(type.params, offset);
  validator.builder?.returnCallRef(index, type, offset);
  validator.stack.becomeUnreachable();
};

/** The type of a reference that has been found not to be null. */
function withoutNull(type: ValType): ValType {
  return refType(type === bottom ? bottomHeapType : heapTypeOf(type), false);
}

const refAsNonNull: Rule = ({ stack, builder }, row, offset) => {
  const type = withoutNull(stack.popReference(offset));
  stack.push(type);
  builder?.operation(row, 1, type, offset);
};

const isNull = instruction("ref.is_null");

const brOnNull: Rule = (validator, _row, offset) => {
  const { stack } = validator;
  const [depth, frame] = readLabel(validator, offset);
  const type = stack.popReference(offset);
  const types = labelTypes(frame);
  stack.popMany(types, offset);
  stack.pushMany(types);
  stack.push(withoutNull(type));
  const ways = { onSuccess: true, branchesWithValue: false, goesOnWithValue: true };
  validator.builder?.branchOn(depth, isNull, 0, ways, offset);
};

const brOnNonNull: Rule = (validator, _row, offset) => {
  const { stack } = validator;
  const [depth, frame] = readLabel(validator, offset);
  const [types, last] = splitLabelTypes(labelTypes(frame), offset);
  stack.pop(refType(heapTypeOf(last), true), offset);
  stack.popMany(types, offset);
  stack.pushMany(types);
  const ways = { onSuccess: false, branchesWithValue: true, goesOnWithValue: false };
  validator.builder?.branchOn(depth, isNull, 0, ways, offset);
};

/** What a branch carries that carries a reference last. */
export function splitLabelTypes(types: readonly ValType[], offset: number): readonly [readonly ValType[], ValType] {
  const last = types[types.length - 1];
  if (last === undefined || !isRefType(last))
    throw invalid("type mismatch: the label must take a reference last", offset);
  return [types.slice(0, -1), last];
}

export const functionReferenceRules = {
  call_ref: callRef,
  return_call_ref: returnCallRef,
  "ref.as_non_null": refAsNonNull,
  br_on_null: brOnNull,
  br_on_non_null: brOnNonNull,
};
