// Typing rules of instructions that size, fill and copy memories and tables (core spec, §3.4).
import {
  addressTypeOf,
  growsElsewhere,
  i32,
  isSubtype,
  type MemoryType,
  type TableType,
  type ValType,
} from "@anywasm/isa";
import type { FunctionContext } from "../function-context.ts";
import { featureDisabled, invalid, malformed, unknown } from "../messages.ts";
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

export function readDataSegment({ reader, module }: FunctionContext, offset: number): number {
  const index = reader.u32();
  if (module.dataCount === undefined) throw malformed("data count section required", offset);
  if (index >= module.dataCount) throw unknown("data segment", index, offset);
  return index;
}

function addressOf({ module }: FunctionContext, memory: number): ValType {
  return addressTypeOf(module.memories[memory] as MemoryType);
}

function indexOf({ module }: FunctionContext, table: number): ValType {
  return addressTypeOf(module.tables[table] as TableType);
}

/** Between two memories or tables the count is of 32 bits unless both have 64-bit addresses. */
function popCopied({ stack }: FunctionContext, to: ValType, from: ValType, offset: number): void {
  stack.pop(to === from ? to : i32, offset);
  stack.pop(from, offset);
  stack.pop(to, offset);
}

/** Positions in segments are of 32 bits, and so are counts of what is copied from there. */
function popInitialised({ stack }: FunctionContext, to: ValType, offset: number): void {
  stack.pop(i32, offset);
  stack.pop(i32, offset);
  stack.pop(to, offset);
}

const memorySize: Rule = (validator, row, offset) => {
  const index = readMemory(validator, offset);
  if (growsElsewhere(validator.module.memories[index] as MemoryType)) validator.mayGrowMemories = true;
  const address = addressOf(validator, index);
  validator.stack.push(address);
  validator.builder?.entity(row, index, 0, address, offset);
};

const memoryGrow: Rule = (validator, row, offset) => {
  validator.mayGrowMemories = true;
  const index = readMemory(validator, offset);
  const address = addressOf(validator, index);
  validator.stack.pop(address, offset);
  validator.stack.push(address);
  validator.builder?.entity(row, index, 1, address, offset);
};

const memoryFill: Rule = (validator, row, offset) => {
  const index = readMemory(validator, offset);
  const address = addressOf(validator, index);
  validator.stack.pop(address, offset);
  validator.stack.pop(i32, offset);
  validator.stack.pop(address, offset);
  validator.builder?.entity(row, index, 3, undefined, offset);
};

const memoryCopy: Rule = (validator, row, offset) => {
  const destination = readMemory(validator, offset);
  const source = readMemory(validator, offset);
  popCopied(validator, addressOf(validator, destination), addressOf(validator, source), offset);
  validator.builder?.transfer(row, destination, source, offset);
};

const memoryInit: Rule = (validator, row, offset) => {
  const segment = readDataSegment(validator, offset);
  const memory = readMemory(validator, offset);
  popInitialised(validator, addressOf(validator, memory), offset);
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
  if (!isSubtype(segment.type, element, validator.module.defined))
    throw invalid("type mismatch: segment and table differ", offset);
  popInitialised(validator, indexOf(validator, table), offset);
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
  if (!isSubtype(from, to, validator.module.defined)) throw invalid("type mismatch: the tables differ", offset);
  popCopied(validator, indexOf(validator, destination), indexOf(validator, source), offset);
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
