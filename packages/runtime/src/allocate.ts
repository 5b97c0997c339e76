// What an instance has (core spec, §4.7.2): allocates what a module defines, copies its segments, and prepares functions
// to be compiled on their first call.
import type { Binding, EvaluatedFunction, Module, Tier } from "@anywasm/engine";
import {
  type ArrayType,
  CompileError,
  type DefinedType,
  type ElementSegment,
  type Export,
  type FuncType,
  f32,
  f64,
  functionBody,
  type SegmentMode,
  type StructType,
} from "@anywasm/isa";
import { evaluateConstant, numberFromBits } from "./constant.ts";
import { UsageError } from "./errors.ts";
import { helpers, runtimeHelpers } from "./helpers.ts";
import { createMemory } from "./memory-handle.ts";
import type { MemoryRecord } from "./memory-record.ts";
import { arrayClass } from "./objects.ts";
import {
  type Code,
  createGlobal,
  type DataRecord,
  type ElementRecord,
  FuncRecord,
  type GlobalRecord,
  type TableRecord,
  TagRecord,
} from "./records.ts";
import { createTable } from "./table.ts";
import { answeringTailCalls } from "./tail-call.ts";
import { boxedArray } from "./words.ts";

export type EntityRecord = FuncRecord | TableRecord | MemoryRecord | GlobalRecord | TagRecord;

/** The index spaces of an instance: imported entities first. */
export interface InstanceRecord {
  readonly module: Module;
  readonly functions: FuncRecord[];
  readonly tables: TableRecord[];
  readonly memories: MemoryRecord[];
  readonly globals: GlobalRecord[];
  readonly tags: TagRecord[];
  readonly elements: ElementRecord[];
  readonly data: DataRecord[];
}

/** An instance with its imports, before anything of its own exists. */
export function createInstanceRecord(module: Module): InstanceRecord {
  return { module, functions: [], tables: [], memories: [], globals: [], tags: [], elements: [], data: [] };
}

/**
 * Allocates and initialises what the module defines, once `instance` has its imports.
 * @throws Trap when an active segment does not fit; what came before it stays done (core spec, §4.7.2).
 */
export function allocate(instance: InstanceRecord): void {
  const { module } = instance;
  const { structure } = module;
  for (let index = structure.importedFunctionCount; index < structure.functionTypeIndices.length; index++)
    instance.functions.push(createFunction(instance, index));
  for (const { type, init } of structure.tableDefinitions) {
    const element = module.canonical(type.element);
    const value = init === undefined ? null : evaluateConstant(init, instance).value;
    instance.tables.push(createTable({ ...type, element }, value));
  }
  for (const type of structure.memories.slice(instance.memories.length)) instance.memories.push(createMemory(type));
  for (const typeIndex of structure.tagTypeIndices.slice(instance.tags.length))
    instance.tags.push(new TagRecord(module.types[typeIndex] as DefinedType<FuncType>));
  for (const { type, init } of structure.globalDefinitions) {
    const { value, high } = evaluateConstant(init, instance);
    instance.globals.push(createGlobal({ ...type, value: module.canonical(type.value) }, value, high));
  }
  for (const segment of structure.elements) instance.elements.push(createElements(instance, segment));
  for (const { start, end } of structure.data) instance.data.push({ bytes: module.bytes.subarray(start, end) });
}

function createElements(instance: InstanceRecord, { items }: ElementSegment): ElementRecord {
  return { elements: items.map((item) => evaluateConstant(item, instance).value) };
}

/** Copies active segments into tables and memories, in order. @throws Trap for one that does not fit. */
export function initialise(instance: InstanceRecord): void {
  const { structure } = instance.module;
  structure.elements.forEach(({ mode, items }, i) => {
    const element = instance.elements[i] as ElementRecord;
    if (mode.kind === "active") {
      const table = instance.tables[mode.index] as TableRecord;
      runtimeHelpers.table_init(table, element, offsetOf(instance, mode), 0, items.length);
    }
    if (mode.kind !== "passive") runtimeHelpers.elem_drop(element);
  });
  structure.data.forEach(({ mode, start, end }, i) => {
    if (mode.kind !== "active") return;
    const data = instance.data[i] as DataRecord;
    const memory = instance.memories[mode.index] as MemoryRecord;
    runtimeHelpers.memory_init(memory, data, offsetOf(instance, mode), 0, end - start);
    runtimeHelpers.data_drop(data);
  });
}

/** Of 64 bits, it is out of bounds if it does not fit in 32: as `i32.sat_i64_u`. */
function offsetOf(instance: InstanceRecord, mode: SegmentMode & { kind: "active" }): number {
  const { value, high } = evaluateConstant(mode.offset, instance);
  return high === 0 ? (value as number) : -1;
}

/** A function that compiles itself when it is first called. */
function createFunction(instance: InstanceRecord, index: number): FuncRecord {
  const { module } = instance;
  const type = module.functionTypeOf(index);
  const record: FuncRecord = new FuncRecord(type, (...words: unknown[]) => {
    record.prepare?.();
    return record.code(...words);
  });
  record.index = index;
  record.prepare = () => {
    const { bindings } = install(instance, record, module.firstTier);
    record.prepare = undefined;
    // Code that does not count never asks for better code.
    record.isFinal = !bindings.some(({ binding }) => binding.kind === "self");
    if (record.isFinal) return;
    count(record, firstBudget(module, index));
    record.promoteFrom =
      lengthOf(module, index) > unoptimizedLength
        ? promoteWhenWorthIt(instance, record)
        : (depth) => promote(instance, record, depth);
    record.resumeAt = (label) => resumeAt(instance, record, label);
  };
  record.isFinal = false;
  return record;
}

/** Compiles a function and makes the code its record's. */
function install(instance: InstanceRecord, record: FuncRecord, tier: Tier): EvaluatedFunction {
  const evaluated = instance.module.evaluateFunction(record.index, tier);
  const code = close(instance, record, evaluated);
  if (evaluated.tailCalls) record.body = code;
  record.code = evaluated.tailCalls ? answeringTailCalls(code) : code;
  if (tier === instance.module.firstTier) record.first = record.code;
  return evaluated;
}

/** Closes code over the instance's entities. */
function close(instance: InstanceRecord, record: FuncRecord, evaluated: EvaluatedFunction): Code {
  const { factory, parts, bindings, slotCount } = evaluated;
  const slots = new ArrayBuffer(8 * slotCount);
  const values = boxedArray();
  for (const { binding } of bindings)
    if (binding.kind !== "part") values.push(resolve(instance, binding, record, slots));
  for (const part of parts) values.push(part(...values));
  return factory(...values) as Code;
}

/** Has it ask for better code after so many calls, or turns of loops. */
function count(record: FuncRecord, budget: number): void {
  record.calls = budget;
  record.turns = budget;
}

/** The budget of code that need not ask again. A small integer on every engine, so that the field stays one. */
const endlessBudget = 2 ** 30 - 1;

/** Bytes of a body that is compiled again after `promoteAfter`; longer ones, which take longer to compile, later. */
const promptLength = 2048;

/** Bodies longer than this may give code that engines do not optimize, or not well. */
const unoptimizedLength = 8192;
/**
 * Of `promoteAfter`, the share after which it is first asked how long such code takes: before engines have optimized it, which
 * do that again where a way is taken that was never taken.
 */
const firstShare = 0.0005;
/** The share after which that is asked again. */
const timedShare = 0.1;
/** Milliseconds of a call or turn, above which such code is not optimized. */
const unoptimizedTime = 2.5e-5;
/** Milliseconds of a call or turn, above which most of it is not that code's own: callees take them, or nobody calls. */
const foreignTime = 3e-3;
/** Milliseconds of running such code that pay for splitting it; by then, engines have done what they do. */
const unoptimizedPatience = 1000;

function lengthOf({ structure }: Module, index: number): number {
  const body = functionBody(structure, index);
  return body === undefined ? 0 : body.end - body.start;
}

function firstBudget(module: Module, index: number): number {
  const length = lengthOf(module, index);
  return budgetOf(module, length > unoptimizedLength ? firstShare : Math.max(1, length / promptLength));
}

function budgetOf({ engine }: Module, times: number): number {
  return Math.min(endlessBudget, Math.round(engine.config.promoteAfter * times));
}

/**
 * Replaces the code of a long body when that is worth it: where turns take a hundred times as long as optimized ones, soon;
 * where engines do well as it is, late; where most of the time is spent in callees, not yet.
 */
function promoteWhenWorthIt(instance: InstanceRecord, record: FuncRecord): (depth: number) => void {
  const { module } = instance;
  const turns = budgetOf(module, timedShare);
  let last: number | undefined;
  let spent = 0;
  let isLate = false;
  return (depth) => {
    if (isLate) {
      promote(instance, record, depth);
      return;
    }
    // Not because callers are: too little is known of it.
    if (depth > 0) return;
    const now = Date.now();
    const time = last === undefined ? undefined : now - last;
    last = now;
    isLate = time !== undefined && time <= turns * unoptimizedTime;
    if (time !== undefined && time <= turns * foreignTime) spent += time;
    if (!isLate && spent > unoptimizedPatience) promote(instance, record);
    else count(record, isLate ? budgetOf(module, lengthOf(module, record.index) / promptLength) : turns);
  };
}

/** Chains of callees longer than this are promoted from their own ends. */
const maxPromotionDepth = 16;

/**
 * Compiles a function again, and before it the functions it calls that are on their way to the same: engines inline a call
 * that has only ever had one target.
 */
function promote(instance: InstanceRecord, record: FuncRecord, depth = 0): void {
  const { module, functions } = instance;
  // Activations that go on in the old code count on from here.
  count(record, endlessBudget);
  // Once, whatever comes of it.
  if (record.isFinal) return;
  record.isFinal = true;
  if (record.profile !== undefined) module.useProfile(record.index, record.profile);
  try {
    if (depth < maxPromotionDepth)
      for (const { binding } of module.evaluateFunction(record.index, "optimizing").bindings) {
        if (binding.kind !== "function" || binding.index < module.structure.importedFunctionCount) continue;
        const callee = functions[binding.index];
        const isCompiled = callee?.prepare === undefined;
        if (callee === undefined || !isCompiled || callee.isFinal) continue;
        const left = Math.min(callee.calls, callee.turns);
        if (left < 0.75 * firstBudget(module, callee.index)) callee.promoteFrom(depth + 1);
      }
    install(instance, record, "optimizing");
    // The code there was asks at its next call, and goes on in this.
    record.calls = 0;
  } catch (error) {
    goOn(error);
  }
}

/** Past a limit of the optimizing compiler, or out of stack: the code there is goes on. @throws any other error. */
function goOn(error: unknown): void {
  if (!(error instanceof CompileError || error instanceof RangeError)) throw error;
}

/** Promotes a function, and gives code to go on with from the start of a loop; nothing while that is too early. */
function resumeAt(instance: InstanceRecord, record: FuncRecord, label: number): Code | undefined {
  record.promoteFrom(0);
  if (!record.isFinal) return undefined;
  try {
    const evaluated = instance.module.evaluateFrom(record.index, label);
    return evaluated === undefined ? undefined : close(instance, record, evaluated);
  } catch (error) {
    goOn(error);
    return undefined;
  }
}

/** What a free name of generated code stands for in this instance. */
function resolve(
  instance: InstanceRecord,
  binding: Exclude<Binding, { kind: "part" }>,
  record: FuncRecord,
  slots: ArrayBuffer,
): unknown {
  switch (binding.kind) {
    case "self":
      return record;
    case "slots":
      return slotView(binding.view, slots);
    case "profile":
      record.profile ??= [];
      return (record.profile[binding.table] = new Int32Array(binding.length));
    case "function":
      return instance.functions[binding.index];
    case "memory":
      return instance.memories[binding.index];
    case "table":
      return instance.tables[binding.index];
    case "global":
      return instance.globals[binding.index];
    case "tag":
      return instance.tags[binding.index];
    case "data":
      return instance.data[binding.index];
    case "element":
      return instance.elements[binding.index];
    case "type":
      return instance.module.types[binding.index];
    case "struct":
      return instance.module.engine.evaluateStructure(instance.module.types[binding.index] as DefinedType<StructType>);
    case "array":
      return arrayClass(instance.module.types[binding.index] as DefinedType<ArrayType>);
    case "helper":
      return helpers[binding.helper];
    case "f32":
    case "f64":
      return numberFromBits(binding.kind === "f32" ? f32 : f64, binding.lo, binding.hi);
  }
}

function slotView(view: "int64" | "words" | "floats", slots: ArrayBuffer): ArrayBufferView {
  switch (view) {
    case "int64":
      return new BigUint64Array(slots);
    case "words":
      return new Int32Array(slots);
    case "floats":
      return new Float64Array(slots);
  }
}

/** The record behind an export. */
export function exportedRecord(instance: InstanceRecord, { kind, index }: Export): EntityRecord {
  const spaces: Readonly<Record<Export["kind"], readonly EntityRecord[]>> = {
    func: instance.functions,
    table: instance.tables,
    memory: instance.memories,
    global: instance.globals,
    tag: instance.tags,
  };
  const record = spaces[kind][index];
  if (record === undefined) throw new UsageError("no_such_export", `no ${kind} ${index}`);
  return record;
}
