// Everything generated code can call: numeric helpers, functions of Math, and what works on the store's records.
// A name in the instruction table without a helper here is a type error.
import {
  type BigIntHelperName,
  type DefinedType,
  type HelperName,
  isDefinedSubtype,
  type LaneHelperName,
  type MathHelperName,
  type RuntimeHelperName,
} from "@anywasm/isa";
import { atomics } from "./atomics.ts";
import { caught, ExceptionRecord, thrown } from "./exception.ts";
import type { MemoryRecord } from "./memory-record.ts";
import { high } from "./numerics/high.ts";
import { numerics } from "./numerics/index.ts";
import * as lanes from "./numerics/lanes.ts";
import { f32_load, f32_store } from "./numerics/memory.ts";
import { objectHelpers } from "./object-helpers.ts";
import {
  type Code,
  type DataRecord,
  type ElementRecord,
  FuncRecord,
  type GlobalRecord,
  type Reference,
  type TableRecord,
  type TagRecord,
} from "./records.ts";
import { TailCall } from "./tail-call.ts";
import { checkRange, Trap, trap } from "./trap.ts";

const mathHelpers = {
  abs: Math.abs,
  ceil: Math.ceil,
  clz32: Math.clz32,
  floor: Math.floor,
  fround: Math.fround,
  imul: Math.imul,
  max: Math.max,
  min: Math.min,
  sqrt: Math.sqrt,
  trunc: Math.trunc,
} satisfies Record<MathHelperName, unknown>;

// Engines without BigInt are given no code that names them.
const bigIntHelpers = {
  asUintN: typeof BigInt === "undefined" ? undefined : BigInt.asUintN,
  asIntN: typeof BigInt === "undefined" ? undefined : BigInt.asIntN,
  toBigInt: typeof BigInt === "undefined" ? undefined : BigInt,
} satisfies Record<BigIntHelperName, unknown>;

/** Core spec, §4.4 "call_indirect": the element must exist, be a function, and have the type, mostly the very same one. */
function callee(table: TableRecord, index: number, type: DefinedType): Code {
  return called(table, index, type).code;
}

function called(table: TableRecord, index: number, type: DefinedType): FuncRecord {
  // Validation allows this on tables of functions only: records, or nulls. `instanceof` would walk prototypes each time.
  const func = table.elements[index >>> 0] as FuncRecord | null | undefined;
  if (func !== undefined && func !== null && func.type === type) return func;
  return subtypedCallee(func, table, index, type);
}

/** The element, where its type is not the one asked for but may be below it. */
function subtypedCallee(func: Reference, table: TableRecord, index: number, type: DefinedType): FuncRecord {
  if (func instanceof FuncRecord && isDefinedSubtype(func.type, type)) return func;
  if (index >>> 0 >= table.elements.length) return trap("undefined_element");
  return trap(func === null ? "uninitialized_element" : "indirect_call_type_mismatch");
}

/** The first of a vector's words; the others are put into the register. */
function v128_words(first: number, second: number, third: number, fourth: number): number {
  high[3] = second;
  high[4] = third;
  high[5] = fourth;
  return first;
}

function checkMemory({ bytes }: MemoryRecord, start: number, count: number): void {
  checkRange(bytes.length, start, count, "memory_out_of_bounds");
}

function checkTable({ elements }: TableRecord | ElementRecord, start: number, count: number): void {
  checkRange(elements.length, start, count, "table_out_of_bounds");
}

const runtimeHelpers = {
  ...objectHelpers,
  high,
  unreachable: (): Trap => new Trap("unreachable"),
  callee,
  first_callee: (table: TableRecord, index: number, type: DefinedType): Code => called(table, index, type).first,
  tail_call: (func: FuncRecord, ...args: readonly unknown[]): TailCall => new TailCall(func, args),
  tail_call_indirect: (table: TableRecord, index: number, type: DefinedType, ...args: readonly unknown[]): TailCall =>
    new TailCall(subtypedCallee(table.elements[index >>> 0], table, index, type), args),
  tail_call_ref: (func: FuncRecord | null, ...args: readonly unknown[]): TailCall =>
    new TailCall(func ?? trap("null_function_reference"), args),
  ref_as_non_null: (reference: Reference): Reference => (reference === null ? trap("null_reference") : reference),
  caught,
  exception: (tag: TagRecord, words: readonly unknown[]): ExceptionRecord => new ExceptionRecord(tag, words),
  throw_ref: thrown,
  f32_load,
  f32_store,
  v128_get: ({ value }: GlobalRecord): number => {
    const words = value as Int32Array;
    return v128_words(words[0] as number, words[1] as number, words[2] as number, words[3] as number);
  },
  v128_words,
  v128_set: ({ value }: GlobalRecord, first: number, second: number, third: number, fourth: number): void => {
    const words = value as Int32Array;
    words[0] = first;
    words[1] = second;
    words[2] = third;
    words[3] = fourth;
  },
  // Pages may be so small that there are more of them than an int32 can count.
  memory_size: (memory: MemoryRecord): number => memory.pages | 0,
  memory_grow: (memory: MemoryRecord, delta: number): number => memory.grow(delta >>> 0) | 0,
  memory_fill: (memory: MemoryRecord, start: number, value: number, count: number): void => {
    checkMemory(memory, start, count);
    memory.bytes.fill(value, start >>> 0, (start >>> 0) + (count >>> 0));
  },
  memory_copy: (destination: MemoryRecord, source: MemoryRecord, to: number, from: number, count: number): void => {
    checkMemory(destination, to, count);
    checkMemory(source, from, count);
    const end = (from >>> 0) + (count >>> 0);
    if (destination === source) destination.bytes.copyWithin(to >>> 0, from >>> 0, end);
    else destination.bytes.set(source.bytes.subarray(from >>> 0, end), to >>> 0);
  },
  memory_init: (memory: MemoryRecord, data: DataRecord, to: number, from: number, count: number): void => {
    checkRange(data.bytes.length, from, count, "memory_out_of_bounds");
    checkMemory(memory, to, count);
    memory.bytes.set(data.bytes.subarray(from >>> 0, (from >>> 0) + (count >>> 0)), to >>> 0);
  },
  data_drop: (data: DataRecord): void => {
    data.bytes = new Uint8Array(0);
  },
  table_get: (table: TableRecord, index: number): Reference => {
    if (index >>> 0 >= table.elements.length) return trap("table_out_of_bounds");
    return table.elements[index >>> 0];
  },
  table_set: (table: TableRecord, index: number, value: Reference): void => {
    if (index >>> 0 >= table.elements.length) trap("table_out_of_bounds");
    table.elements[index >>> 0] = value;
  },
  table_size: (table: TableRecord): number => table.elements.length,
  table_grow: (table: TableRecord, value: Reference, delta: number): number => {
    const before = table.elements.length;
    if (before + (delta >>> 0) > table.max) return -1;
    for (let i = delta >>> 0; i > 0; i--) table.elements.push(value);
    return before;
  },
  table_fill: (table: TableRecord, start: number, value: Reference, count: number): void => {
    checkTable(table, start, count);
    table.elements.fill(value, start >>> 0, (start >>> 0) + (count >>> 0));
  },
  table_copy: (destination: TableRecord, source: TableRecord, to: number, from: number, count: number): void => {
    checkTable(source, from, count);
    checkTable(destination, to, count);
    const end = (from >>> 0) + (count >>> 0);
    if (destination === source) destination.elements.copyWithin(to >>> 0, from >>> 0, end);
    else for (let i = 0; i < count >>> 0; i++) destination.elements[(to >>> 0) + i] = source.elements[(from >>> 0) + i];
  },
  table_init: (table: TableRecord, segment: ElementRecord, to: number, from: number, count: number): void => {
    checkTable(segment, from, count);
    checkTable(table, to, count);
    for (let i = 0; i < count >>> 0; i++) table.elements[(to >>> 0) + i] = segment.elements[(from >>> 0) + i];
  },
  elem_drop: (segment: ElementRecord): void => {
    segment.elements = [];
  },
  ...atomics,
} satisfies Record<RuntimeHelperName, unknown>;

const laneHelpers = { ...lanes } satisfies Record<LaneHelperName, unknown>;

/** By name, as compilers emit them. */
export const helpers: Readonly<Record<HelperName, unknown>> = {
  ...numerics,
  ...mathHelpers,
  ...bigIntHelpers,
  ...laneHelpers,
  ...runtimeHelpers,
};

export { runtimeHelpers };
