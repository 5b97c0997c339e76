// Typing rules of parametric, variable and reference instructions (core spec, §3.4).
import {
  addressTypeOf,
  bottom,
  exactHeapType,
  type HeapType,
  i32,
  isDefaultable,
  isRefType,
  refType,
  type ValType,
} from "@anywasm/isa";
import type { DecodedModule } from "../decoded-module.ts";
import type { FunctionContext } from "../function-context.ts";
import { invalid, malformed, unknown } from "../messages.ts";
import { readHeapType, readValType } from "../types.ts";
import type { Rule } from "./rule.ts";

const drop: Rule = (validator, _row, offset) => {
  validator.stack.popAny(offset);
  validator.builder?.drop();
};

const select: Rule = (validator, row, offset) => {
  const { stack } = validator;
  stack.pop(i32, offset);
  const second = stack.popAny(offset);
  const first = stack.popAny(offset);
  if (isRefType(first) || isRefType(second)) throw invalid("type mismatch: select of references needs a type", offset);
  if (first !== second && first !== bottom && second !== bottom)
    throw invalid("type mismatch: select of two types", offset);
  const type = first === bottom ? second : first;
  stack.push(type);
  validator.builder?.select(row, type, offset);
};

const selectTyped: Rule = (validator, row, offset) => {
  const { reader, stack } = validator;
  const count = reader.u32();
  if (count !== 1) {
    if (count > reader.end - reader.position) throw malformed("unexpected end", reader.end);
    throw invalid("invalid result arity", offset);
  }
  const type = readValType(reader, validator.module);
  stack.pop(i32, offset);
  stack.pop(type, offset);
  stack.pop(type, offset);
  stack.push(type);
  validator.builder?.select(row, type, offset);
};

const localGet: Rule = (validator, _row, offset) => {
  const index = validator.reader.u32();
  const type = validator.localType(index, offset);
  if (!isDefaultable(type) && index >= validator.parameterCount && !validator.stack.isAssigned(index))
    throw invalid(`uninitialized local ${index}`, offset);
  validator.stack.push(type);
  validator.builder?.get(index, offset);
};

const localSet: Rule = (validator, _row, offset) => {
  const index = validator.reader.u32();
  const type = validator.localType(index, offset);
  validator.stack.pop(type, offset);
  if (!isDefaultable(type)) validator.stack.assign(index);
  validator.builder?.set(index);
};

const localTee: Rule = (validator, _row, offset) => {
  const index = validator.reader.u32();
  const type = validator.localType(index, offset);
  validator.stack.pop(type, offset);
  validator.stack.push(type);
  if (!isDefaultable(type)) validator.stack.assign(index);
  validator.builder?.tee(index, offset);
};

const globalGet: Rule = (validator, row, offset) => {
  const index = validator.reader.u32();
  const type = validator.module.globals[index];
  if (type === undefined) throw unknown("global", index, offset);
  validator.stack.push(type.value);
  validator.builder?.entity(row, index, 0, type.value, offset);
};

const globalSet: Rule = (validator, row, offset) => {
  const index = validator.reader.u32();
  const type = validator.module.globals[index];
  if (type === undefined) throw unknown("global", index, offset);
  if (!type.mutable) throw invalid("immutable global", offset);
  validator.stack.pop(type.value, offset);
  validator.builder?.entity(row, index, 1, undefined, offset);
};

const refNull: Rule = (validator, _row, offset) => {
  const type = refType(readHeapType(validator.reader, validator.module), true);
  validator.stack.push(type);
  validator.builder?.constant(type, 0, 0, offset);
};

const refIsNull: Rule = (validator, row, offset) => {
  validator.stack.popReference(offset);
  validator.stack.push(i32);
  validator.builder?.operation(row, 1, i32, offset);
};

type FunctionSpace = Pick<DecodedModule, "functionTypeIndices" | "importedFunctionCount" | "exactImports">;

/** A function that is defined here has exactly its type; an imported one may have one below. */
export function functionReference(module: FunctionSpace, index: number): ValType {
  const typeIndex = module.functionTypeIndices[index] as number;
  const isExact = index >= module.importedFunctionCount || module.exactImports.has(index);
  return refType(isExact ? exactHeapType(typeIndex) : (typeIndex as HeapType), false);
}

const refFunc: Rule = (validator, row, offset) => {
  const index = validator.reader.u32();
  const { module } = validator;
  if (index >= module.functionTypeIndices.length) throw unknown("function", index, offset);
  if (!module.declaredFunctions.has(index)) throw invalid("undeclared function reference", offset);
  const type = functionReference(module, index);
  validator.stack.push(type);
  validator.builder?.entity(row, index, 0, type, offset);
};

/** Reads a table index and gives the table's element type, and the type of its indices. */
export function readTable(
  { reader, module }: FunctionContext,
  offset: number,
): readonly [index: number, element: ValType, at: ValType] {
  const index = reader.u32();
  const table = module.tables[index];
  if (table === undefined) throw unknown("table", index, offset);
  return [index, table.element, addressTypeOf(table)];
}

const tableGet: Rule = (validator, row, offset) => {
  const [index, element, at] = readTable(validator, offset);
  validator.stack.pop(at, offset);
  validator.stack.push(element);
  validator.builder?.entity(row, index, 1, element, offset);
};

const tableSet: Rule = (validator, row, offset) => {
  const [index, element, at] = readTable(validator, offset);
  validator.stack.pop(element, offset);
  validator.stack.pop(at, offset);
  validator.builder?.entity(row, index, 2, undefined, offset);
};

const tableGrow: Rule = (validator, row, offset) => {
  const [index, element, at] = readTable(validator, offset);
  validator.stack.pop(at, offset);
  validator.stack.pop(element, offset);
  validator.stack.push(at);
  validator.builder?.entity(row, index, 2, at, offset);
};

const tableSize: Rule = (validator, row, offset) => {
  const [index, , at] = readTable(validator, offset);
  validator.stack.push(at);
  validator.builder?.entity(row, index, 0, at, offset);
};

const tableFill: Rule = (validator, row, offset) => {
  const [index, element, at] = readTable(validator, offset);
  validator.stack.pop(at, offset);
  validator.stack.pop(element, offset);
  validator.stack.pop(at, offset);
  validator.builder?.entity(row, index, 3, undefined, offset);
};

export const variableRules = {
  drop,
  select,
  "select t": selectTyped,
  "local.get": localGet,
  "local.set": localSet,
  "local.tee": localTee,
  "global.get": globalGet,
  "global.set": globalSet,
  "ref.null": refNull,
  "ref.is_null": refIsNull,
  "ref.func": refFunc,
  "table.get": tableGet,
  "table.set": tableSet,
  "table.grow": tableGrow,
  "table.size": tableSize,
  "table.fill": tableFill,
};
