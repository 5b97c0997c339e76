// Typing rules of instructions on structures and arrays (core spec, §3.4 "Aggregate Reference Instructions").
import {
  type ArrayType,
  arrayref,
  exactHeapType,
  type FieldType,
  type HeapType,
  type InstructionName,
  i32,
  implementationLimits,
  isDefaultable,
  isRefType,
  isStorageSubtype,
  type ModuleStructure,
  refType,
  type StructType,
  type ValType,
  valueTypeOf,
} from "@anywasm/isa";
import type { FunctionContext } from "../function-context.ts";
import { invalid, limitExceeded, unknown } from "../messages.ts";
import type { Reader } from "../reader.ts";
import { readDataSegment } from "./bulk.ts";
import type { Rule } from "./rule.ts";

export type TypeSpace = Pick<ModuleStructure, "subTypes">;

/** Reads the index of a structure type. */
function readStructType(reader: Reader, { subTypes }: TypeSpace, offset: number): readonly [number, StructType] {
  const index = reader.u32();
  const type = subTypes[index]?.composite;
  if (type === undefined) throw unknown("type", index, offset);
  if (type.kind !== "struct") throw invalid(`type mismatch: type ${index} is not a structure type`, offset);
  return [index, type];
}

/** Reads the index of the type of a structure to be made, and the type of its descriptor if it has one. */
export function readAllocatedStruct(
  reader: Reader,
  module: TypeSpace,
  name: string,
  offset: number,
): readonly [index: number, type: StructType, descriptor: ValType | undefined] {
  const [index, type] = readStructType(reader, module, offset);
  const descriptor = module.subTypes[index]?.descriptor;
  const isGiven = name.endsWith("_desc");
  if (isGiven && descriptor === undefined)
    throw invalid("type without descriptor requires non-descriptor allocation", offset);
  if (!isGiven && descriptor !== undefined)
    throw invalid("type with descriptor requires descriptor allocation", offset);
  return [index, type, descriptor === undefined ? undefined : refType(exactHeapType(descriptor), true)];
}

/** Reads the index of an array type. */
export function readArrayType(reader: Reader, { subTypes }: TypeSpace, offset: number): readonly [number, ArrayType] {
  const index = reader.u32();
  const type = subTypes[index]?.composite;
  if (type === undefined) throw unknown("type", index, offset);
  if (type.kind !== "array") throw invalid(`type mismatch: type ${index} is not an array type`, offset);
  return [index, type];
}

/** @throws CompileError for a field that has no default value. */
export function checkDefaultable({ storage }: FieldType, offset: number): void {
  if (!isDefaultable(valueTypeOf(storage))) throw invalid("type mismatch: a field is not defaultable", offset);
}

export function readFixedLength(reader: Reader, offset: number): number {
  const count = reader.u32();
  const limit = implementationLimits.arrayNewFixedOperands;
  if (count > limit) throw limitExceeded("operands of array.new_fixed", count, limit, offset);
  return count;
}

/** What makes an object gives exactly the type that it names. */
export function exactRef(index: number): ValType {
  return refType(exactHeapType(index), false);
}

export function nullableRef(index: number): ValType {
  return refType(index as HeapType, true);
}

// Structures

const structNew: Rule = ({ reader, module, stack, builder }, row, offset) => {
  const [index, { fields }, descriptor] = readAllocatedStruct(reader, module, row.name, offset);
  if (descriptor !== undefined) stack.pop(descriptor, offset);
  for (let i = fields.length - 1; i >= 0; i--) stack.pop(valueTypeOf((fields[i] as FieldType).storage), offset);
  stack.push(exactRef(index));
  builder?.object(row, index, 0, fields.length + (descriptor === undefined ? 0 : 1), exactRef(index), offset);
};

const structNewDefault: Rule = ({ reader, module, stack, builder }, row, offset) => {
  const [index, { fields }, descriptor] = readAllocatedStruct(reader, module, row.name, offset);
  for (const field of fields) checkDefaultable(field, offset);
  if (descriptor !== undefined) stack.pop(descriptor, offset);
  stack.push(exactRef(index));
  builder?.object(row, index, 0, descriptor === undefined ? 0 : 1, exactRef(index), offset);
};

function readField({ reader, module }: FunctionContext, offset: number): readonly [number, number, FieldType] {
  const [index, { fields }] = readStructType(reader, module, offset);
  const fieldIndex = reader.u32();
  const field = fields[fieldIndex];
  if (field === undefined) throw unknown("field", fieldIndex, offset);
  return [index, fieldIndex, field];
}

/** Packed fields are read with a sign or without one, others as they are. */
function checkPacking({ storage }: FieldType, name: string, offset: number): void {
  const isPacked = typeof storage === "string";
  if (isPacked !== /_[su]$/.test(name))
    throw invalid(`type mismatch: the field is ${isPacked ? "packed" : "not packed"}`, offset);
}

const structGet: Rule = (validator, row, offset) => {
  const [index, fieldIndex, field] = readField(validator, offset);
  checkPacking(field, row.name, offset);
  const type = valueTypeOf(field.storage);
  validator.stack.pop(nullableRef(index), offset);
  validator.stack.push(type);
  validator.builder?.object(row, index, fieldIndex, 1, type, offset);
};

const structSet: Rule = (validator, row, offset) => {
  const [index, fieldIndex, { storage, mutable }] = readField(validator, offset);
  if (!mutable) throw invalid("immutable field", offset);
  validator.stack.pop(valueTypeOf(storage), offset);
  validator.stack.pop(nullableRef(index), offset);
  validator.builder?.object(row, index, fieldIndex, 2, undefined, offset);
};

// Arrays

const arrayNew: Rule = ({ reader, module, stack, builder }, row, offset) => {
  const [index, { element }] = readArrayType(reader, module, offset);
  stack.pop(i32, offset);
  stack.pop(valueTypeOf(element.storage), offset);
  stack.push(exactRef(index));
  builder?.object(row, index, 0, 2, exactRef(index), offset);
};

const arrayNewDefault: Rule = ({ reader, module, stack, builder }, row, offset) => {
  const [index, { element }] = readArrayType(reader, module, offset);
  checkDefaultable(element, offset);
  stack.pop(i32, offset);
  stack.push(exactRef(index));
  builder?.object(row, index, 0, 1, exactRef(index), offset);
};

const arrayNewFixed: Rule = ({ reader, module, stack, builder }, row, offset) => {
  const [index, { element }] = readArrayType(reader, module, offset);
  const count = readFixedLength(reader, offset);
  for (let i = 0; i < count; i++) stack.pop(valueTypeOf(element.storage), offset);
  stack.push(exactRef(index));
  builder?.object(row, index, count, count, exactRef(index), offset);
};

/** Reads an array type and a data segment, whose bytes are to be elements. */
function readArrayAndData(validator: FunctionContext, offset: number): readonly [number, ArrayType, number] {
  const [index, type] = readArrayType(validator.reader, validator.module, offset);
  const segment = readDataSegment(validator, offset);
  const { storage } = type.element;
  if (typeof storage !== "string" && isRefType(storage)) throw invalid("array type is not numeric or vector", offset);
  return [index, type, segment];
}

/** Reads an array type and an element segment, whose elements are to be the array's. */
function readArrayAndElements(validator: FunctionContext, offset: number): readonly [number, ArrayType, number] {
  const { reader, module } = validator;
  const [index, type] = readArrayType(reader, module, offset);
  const segmentIndex = reader.u32();
  const segment = module.elements[segmentIndex];
  if (segment === undefined) throw unknown("elem segment", segmentIndex, offset);
  if (!isStorageSubtype(segment.type, type.element.storage, module.defined))
    throw invalid("type mismatch: segment and array differ", offset);
  return [index, type, segmentIndex];
}

function newFromSegment(
  read: (validator: FunctionContext, offset: number) => readonly [number, ArrayType, number],
): Rule {
  return (validator, row, offset) => {
    const [index, , segment] = read(validator, offset);
    validator.stack.pop(i32, offset);
    validator.stack.pop(i32, offset);
    validator.stack.push(exactRef(index));
    validator.builder?.object(row, index, segment, 2, exactRef(index), offset);
  };
}

function initFromSegment(
  read: (validator: FunctionContext, offset: number) => readonly [number, ArrayType, number],
): Rule {
  return (validator, row, offset) => {
    const [index, { element }, segment] = read(validator, offset);
    checkMutable(element, offset);
    for (let i = 0; i < 3; i++) validator.stack.pop(i32, offset);
    validator.stack.pop(nullableRef(index), offset);
    validator.builder?.object(row, index, segment, 4, undefined, offset);
  };
}

function checkMutable({ mutable }: FieldType, offset: number): void {
  if (!mutable) throw invalid("immutable array", offset);
}

const arrayGet: Rule = ({ reader, module, stack, builder }, row, offset) => {
  const [index, { element }] = readArrayType(reader, module, offset);
  checkPacking(element, row.name, offset);
  const type = valueTypeOf(element.storage);
  stack.pop(i32, offset);
  stack.pop(nullableRef(index), offset);
  stack.push(type);
  builder?.object(row, index, 0, 2, type, offset);
};

const arraySet: Rule = ({ reader, module, stack, builder }, row, offset) => {
  const [index, { element }] = readArrayType(reader, module, offset);
  checkMutable(element, offset);
  stack.pop(valueTypeOf(element.storage), offset);
  stack.pop(i32, offset);
  stack.pop(nullableRef(index), offset);
  builder?.object(row, index, 0, 3, undefined, offset);
};

const arrayLen: Rule = ({ stack, builder }, row, offset) => {
  stack.pop(arrayref, offset);
  stack.push(i32);
  builder?.object(row, 0, 0, 1, i32, offset);
};

const arrayFill: Rule = ({ reader, module, stack, builder }, row, offset) => {
  const [index, { element }] = readArrayType(reader, module, offset);
  checkMutable(element, offset);
  stack.pop(i32, offset);
  stack.pop(valueTypeOf(element.storage), offset);
  stack.pop(i32, offset);
  stack.pop(nullableRef(index), offset);
  builder?.object(row, index, 0, 4, undefined, offset);
};

const arrayCopy: Rule = ({ reader, module, stack, builder }, row, offset) => {
  const [destination, { element }] = readArrayType(reader, module, offset);
  const [source, { element: from }] = readArrayType(reader, module, offset);
  checkMutable(element, offset);
  if (!isStorageSubtype(from.storage, element.storage, module.defined))
    throw invalid("array types do not match", offset);
  stack.pop(i32, offset);
  stack.pop(i32, offset);
  stack.pop(nullableRef(source), offset);
  stack.pop(i32, offset);
  stack.pop(nullableRef(destination), offset);
  builder?.object(row, destination, source, 5, undefined, offset);
};

export const gcRules = {
  "struct.new": structNew,
  "struct.new_default": structNewDefault,
  "struct.get": structGet,
  "struct.get_s": structGet,
  "struct.get_u": structGet,
  "struct.set": structSet,
  "array.new": arrayNew,
  "array.new_default": arrayNewDefault,
  "array.new_fixed": arrayNewFixed,
  "array.new_data": newFromSegment(readArrayAndData),
  "array.new_elem": newFromSegment(readArrayAndElements),
  "array.get": arrayGet,
  "array.get_s": arrayGet,
  "array.get_u": arrayGet,
  "array.set": arraySet,
  "array.len": arrayLen,
  "array.fill": arrayFill,
  "array.copy": arrayCopy,
  "array.init_data": initFromSegment(readArrayAndData),
  "array.init_elem": initFromSegment(readArrayAndElements),
  "struct.new_desc": structNew,
  "struct.new_default_desc": structNewDefault,
} satisfies Partial<Record<InstructionName, Rule>>;
