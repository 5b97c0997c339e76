// Typing rules of instructions that size, fill and copy memories and tables (core spec, §3.4).
import { i32 } from "@anywasm/isa";
import type { FunctionContext } from "../function-context.ts";
import { featureDisabled, invalid, malformed, unknown } from "../messages.ts";
import { isSubtype } from "../stacks.ts";
import type { Rule } from "./rule.ts";
import { readTable } from "./variable.ts";

function readMemory({ reader, module }: FunctionContext, offset: number): number {
  const position = reader.position;
  // Before multi-memory this was a reserved zero byte, not an index.
  const index = module.features.has("multi-memory") ? reader.u32() : reader.byte();
  if (index !== 0 && !module.features.has("multi-memory"))
    throw featureDisabled("multi-memory", "a memory index", position);
  if (index >= module.memories.length) throw unknown("memory", index, offset);
  return index;
}

function readDataSegment({ reader, module }: FunctionContext, offset: number): number {
  const index = reader.u32();
  if (module.dataCount === undefined) throw malformed("data count section required", offset);
  if (index >= module.dataCount) throw unknown("data segment", index, offset);
  return index;
}

function popThree({ stack }: FunctionContext, offset: number): void {
  stack.pop(i32, offset);
  stack.pop(i32, offset);
  stack.pop(i32, offset);
}

const memorySize: Rule = (validator, row, offset) => {
  const index = readMemory(validator, offset);
  validator.stack.push(i32);
  validator.builder?.entity(row, index, 0, i32, offset);
};

const memoryGrow: Rule = (validator, row, offset) => {
  validator.mayGrowMemories = true;
  const index = readMemory(validator, offset);
  validator.stack.pop(i32, offset);
  validator.stack.push(i32);
  validator.builder?.entity(row, index, 1, i32, offset);
};

const memoryFill: Rule = (validator, row, offset) => {
  const index = readMemory(validator, offset);
  popThree(validator, offset);
  validator.builder?.entity(row, index, 3, undefined, offset);
};

const memoryCopy: Rule = (validator, row, offset) => {
  const destination = readMemory(validator, offset);
  const source = readMemory(validator, offset);
  popThree(validator, offset);
  validator.builder?.transfer(row, destination, source, offset);
};

const memoryInit: Rule = (validator, row, offset) => {
  const segment = readDataSegment(validator, offset);
  const memory = readMemory(validator, offset);
  popThree(validator, offset);
  validator.builder?.transfer(row, memory, segment, offset);
};

const dataDrop: Rule = (validator, row, offset) => {
  const segment = readDataSegment(validator, offset);
  validator.builder?.entity(row, segment, 0, undefined, offset);
};

const tableInit: Rule = (validator, row, offset) => {
  const segmentIndex = validator.reader.u32();
  const [table, element] = readTable(validator, offset);
  const segment = validator.module.elements[segmentIndex];
  if (segment === undefined) throw unknown("elem segment", segmentIndex, offset);
  if (!isSubtype(segment.type, element)) throw invalid("type mismatch: segment and table differ", offset);
  popThree(validator, offset);
  validator.builder?.transfer(row, table, segmentIndex, offset);
};

const elemDrop: Rule = (validator, row, offset) => {
  const index = validator.reader.u32();
  if (validator.module.elements[index] === undefined) throw unknown("elem segment", index, offset);
  validator.builder?.entity(row, index, 0, undefined, offset);
};

const tableCopy: Rule = (validator, row, offset) => {
  const [destination, to] = readTable(validator, offset);
  const [source, from] = readTable(validator, offset);
  if (!isSubtype(from, to)) throw invalid("type mismatch: the tables differ", offset);
  popThree(validator, offset);
  validator.builder?.transfer(row, destination, source, offset);
};

export const bulkRules = {
  "memory.size": memorySize,
  "memory.grow": memoryGrow,
  "memory.fill": memoryFill,
  "memory.copy": memoryCopy,
  "memory.init": memoryInit,
  "data.drop": dataDrop,
  "table.init": tableInit,
  "elem.drop": elemDrop,
  "table.copy": tableCopy,
};
