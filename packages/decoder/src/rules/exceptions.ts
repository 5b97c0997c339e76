// Typing rules of exception handling (core spec, §3.4.5), and of its legacy form.
import type { CatchClause } from "@anywasm/ir";
import { abstractHeapTypes, exnref, type FuncType, isSubtype, refType, type ValType } from "@anywasm/isa";
import type { FunctionContext } from "../function-context.ts";
import { invalid, malformed, typeMismatch, unknown } from "../messages.ts";
import { FrameKind, labelTypes } from "../stacks.ts";
import { readBlockType, readLabel } from "./control.ts";
import type { Rule } from "./rule.ts";

/** A caught exception. */
const exception = refType(abstractHeapTypes.exn, false);
const noTypes: readonly ValType[] = [];

function readTag({ reader, module }: FunctionContext, offset: number): readonly [number, FuncType] {
  const index = reader.u32();
  const type = module.tags[index];
  if (type === undefined) throw unknown("tag", index, offset);
  return [index, type];
}

const throwRule: Rule = (validator, _row, offset) => {
  const [index, type] = readTag(validator, offset);
  validator.stack.popMany(type.params, offset);
  validator.builder?.throw(index, type, offset);
  validator.stack.becomeUnreachable();
};

const throwRef: Rule = (validator, _row, offset) => {
  validator.stack.pop(exnref, offset);
  validator.builder?.throwRef(offset);
  validator.stack.becomeUnreachable();
};

const tryTable: Rule = (validator, _row, offset) => {
  validator.catchesExceptions = true;
  const { stack } = validator;
  const { params, results } = readBlockType(validator);
  stack.popMany(params, offset);
  const clauses = readClauses(validator);
  stack.pushFrame(FrameKind.block, params, results);
  validator.builder?.tryTable(params, results, clauses);
};

/** Labels are those around the instruction, whose own is not among them. */
function readClauses(validator: FunctionContext): readonly CatchClause[] {
  const { reader } = validator;
  const countOffset = reader.position;
  const count = reader.u32();
  // Each clause takes two bytes at least.
  if (count > reader.end - reader.position) throw malformed("unexpected end", countOffset);
  const clauses: CatchClause[] = [];
  for (let i = 0; i < count; i++) {
    const offset = reader.position;
    const kind = reader.byte();
    if (kind > 3) throw malformed("malformed catch clause", offset);
    const [tag, type] = kind < 2 ? readTag(validator, offset) : [undefined, undefined];
    const hasReference = (kind & 1) === 1;
    const [depth, frame] = readLabel(validator, offset);
    const given = [...(type?.params ?? noTypes), ...(hasReference ? [exception] : noTypes)];
    checkHandler(validator, given, labelTypes(frame), offset);
    clauses.push({ tag, type, hasReference, depth });
  }
  return clauses;
}

function checkHandler(
  { module }: FunctionContext,
  given: readonly ValType[],
  expected: readonly ValType[],
  offset: number,
): void {
  if (given.length !== expected.length)
    throw invalid(`type mismatch: the clause gives ${given.length} values, its label takes ${expected.length}`, offset);
  given.forEach((type, i) => {
    const wanted = expected[i] as ValType;
    if (!isSubtype(type, wanted, module.defined)) throw typeMismatch(wanted, type, offset);
  });
}

const tryRule: Rule = (validator, _row, offset) => {
  validator.catchesExceptions = true;
  const { params, results } = readBlockType(validator);
  validator.stack.popMany(params, offset);
  validator.stack.pushFrame(FrameKind.try, params, results);
  validator.builder?.try(params, results);
};

const catchRule: Rule = (validator, _row, offset) => {
  const [index, type] = readTag(validator, offset);
  const frame = validator.stack.popFrame(offset);
  if (frame.kind !== FrameKind.try && frame.kind !== FrameKind.catch) throw malformed("catch without try", offset);
  validator.stack.pushFrame(FrameKind.catch, type.params, frame.results);
  validator.builder?.catch(index, type);
};

const catchAll: Rule = (validator, _row, offset) => {
  const frame = validator.stack.popFrame(offset);
  if (frame.kind !== FrameKind.try && frame.kind !== FrameKind.catch) throw malformed("catch_all without try", offset);
  validator.stack.pushFrame(FrameKind.catchAll, noTypes, frame.results);
  validator.builder?.catchAll();
};

const rethrow: Rule = (validator, _row, offset) => {
  const [depth, frame] = readLabel(validator, offset);
  if (frame.kind !== FrameKind.catch && frame.kind !== FrameKind.catchAll)
    throw invalid("invalid rethrow label", offset);
  validator.builder?.rethrow(depth, offset);
  validator.stack.becomeUnreachable();
};

/** Ends a `try` whose exceptions are as if they were thrown where the label's own block is. */
const delegate: Rule = (validator, _row, offset) => {
  const frame = validator.stack.popFrame(offset);
  if (frame.kind !== FrameKind.try) throw malformed("delegate without try", offset);
  const [depth] = readLabel(validator, offset);
  validator.stack.pushMany(frame.results);
  validator.builder?.delegate(depth);
};

export const exceptionRules = {
  throw: throwRule,
  throw_ref: throwRef,
  try_table: tryTable,
  try: tryRule,
  catch: catchRule,
  catch_all: catchAll,
  rethrow,
  delegate,
};
