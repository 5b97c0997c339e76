// Typing rules of instructions on structures, arrays and casts (core spec, §3.4 "Aggregate Reference Instructions").
import {
  type ArrayType,
  abstractHeapTypes,
  arrayref,
  type FieldType,
  type HeapType,
  heapTypeOf,
  type InstructionName,
  i32,
  implementationLimits,
  instruction,
  isDefaultable,
  isNullable,
  isRefType,
  isStorageSubtype,
  isSubtype,
  type ModuleStructure,
  refType,
  type StructType,
  topOf,
  type ValType,
  valueTypeOf,
} from "@anywasm/isa";
import type { FunctionContext } from "../function-context.ts";
import { invalid, limitExceeded, malformed, typeMismatch, unknown } from "../messages.ts";
import type { Reader } from "../reader.ts";
import { labelTypes } from "../stacks.ts";
import { readHeapType } from "../types.ts";
import { readDataSegment } from "./bulk.ts";
import { readLabel } from "./control.ts";
import { splitLabelTypes } from "./function-references.ts";
import type { Rule } from "./rule.ts";

type TypeSpace = Pick<ModuleStructure, "subTypes">;

/** Reads the index of a structure type. */
export function readStructType(reader: Reader, { subTypes }: TypeSpace, offset: number): readonly [number, StructType] {
  const index = reader.u32();
  const type = subTypes[index]?.composite;
  if (type === undefined) throw unknown("type", index, offset);
  if (type.kind !== "struct") throw invalid(`type mismatch: type ${index} is not a structure type`, offset);
  return [index, type];
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

function to(index: number): ValType {
  return refType(index as HeapType, false);
}

function orNull(index: number): ValType {
  return refType(index as HeapType, true);
}

// Structures

const structNew: Rule = ({ reader, module, stack, builder }, row, offset) => {
  const [index, { fields }] = readStructType(reader, module, offset);
  for (let i = fields.length - 1; i >= 0; i--) stack.pop(valueTypeOf((fields[i] as FieldType).storage), offset);
  stack.push(to(index));
  builder?.object(row, index, 0, fields.length, to(index), offset);
};

const structNewDefault: Rule = ({ reader, module, stack, builder }, row, offset) => {
  const [index, { fields }] = readStructType(reader, module, offset);
  for (const field of fields) checkDefaultable(field, offset);
  stack.push(to(index));
  builder?.object(row, index, 0, 0, to(index), offset);
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
  validator.stack.pop(orNull(index), offset);
  validator.stack.push(type);
  validator.builder?.object(row, index, fieldIndex, 1, type, offset);
};

const structSet: Rule = (validator, row, offset) => {
  const [index, fieldIndex, { storage, mutable }] = readField(validator, offset);
  if (!mutable) throw invalid("immutable field", offset);
  validator.stack.pop(valueTypeOf(storage), offset);
  validator.stack.pop(orNull(index), offset);
  validator.builder?.object(row, index, fieldIndex, 2, undefined, offset);
};

// Arrays

const arrayNew: Rule = ({ reader, module, stack, builder }, row, offset) => {
  const [index, { element }] = readArrayType(reader, module, offset);
  stack.pop(i32, offset);
  stack.pop(valueTypeOf(element.storage), offset);
  stack.push(to(index));
  builder?.object(row, index, 0, 2, to(index), offset);
};

const arrayNewDefault: Rule = ({ reader, module, stack, builder }, row, offset) => {
  const [index, { element }] = readArrayType(reader, module, offset);
  checkDefaultable(element, offset);
  stack.pop(i32, offset);
  stack.push(to(index));
  builder?.object(row, index, 0, 1, to(index), offset);
};

const arrayNewFixed: Rule = ({ reader, module, stack, builder }, row, offset) => {
  const [index, { element }] = readArrayType(reader, module, offset);
  const count = readFixedLength(reader, offset);
  for (let i = 0; i < count; i++) stack.pop(valueTypeOf(element.storage), offset);
  stack.push(to(index));
  builder?.object(row, index, count, count, to(index), offset);
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
    validator.stack.push(to(index));
    validator.builder?.object(row, index, segment, 2, to(index), offset);
  };
}

function initFromSegment(
  read: (validator: FunctionContext, offset: number) => readonly [number, ArrayType, number],
): Rule {
  return (validator, row, offset) => {
    const [index, { element }, segment] = read(validator, offset);
    checkMutable(element, offset);
    for (let i = 0; i < 3; i++) validator.stack.pop(i32, offset);
    validator.stack.pop(orNull(index), offset);
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
  stack.pop(orNull(index), offset);
  stack.push(type);
  builder?.object(row, index, 0, 2, type, offset);
};

const arraySet: Rule = ({ reader, module, stack, builder }, row, offset) => {
  const [index, { element }] = readArrayType(reader, module, offset);
  checkMutable(element, offset);
  stack.pop(valueTypeOf(element.storage), offset);
  stack.pop(i32, offset);
  stack.pop(orNull(index), offset);
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
  stack.pop(orNull(index), offset);
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
  stack.pop(orNull(source), offset);
  stack.pop(i32, offset);
  stack.pop(orNull(destination), offset);
  builder?.object(row, destination, source, 5, undefined, offset);
};

// Casts

/** Reads the type that a test or cast asks for, and pops a reference of its hierarchy. */
function popSubject({ reader, module, stack }: FunctionContext, nullable: boolean, offset: number): ValType {
  const heap = readHeapType(reader, module);
  stack.pop(refType(topOf(heap, module.defined), true), offset);
  return refType(heap, nullable);
}

function testOf(nullable: boolean): Rule {
  return (validator, _row, offset) => {
    const target = popSubject(validator, nullable, offset);
    validator.stack.push(i32);
    validator.builder?.object(instruction("ref.test"), target, 0, 1, i32, offset);
  };
}

function castOf(nullable: boolean): Rule {
  return (validator, _row, offset) => {
    const target = popSubject(validator, nullable, offset);
    validator.stack.push(target);
    validator.builder?.object(instruction("ref.cast"), target, 0, 1, target, offset);
  };
}

/** `isBranching`: it branches where the cast succeeds, otherwise where it fails. */
function branchOnCast(isBranching: boolean): Rule {
  return (validator, _row, offset) => {
    const { reader, module, stack } = validator;
    const flags = reader.byte();
    if (flags > 3) throw malformed("malformed br_on_cast flags", offset);
    const [depth, frame] = readLabel(validator, offset);
    const from = refType(readHeapType(reader, module), (flags & 1) !== 0);
    const target = refType(readHeapType(reader, module), (flags & 2) !== 0);
    const { defined } = module;
    if (!isSubtype(target, from, defined)) throw typeMismatch(from, target, offset);
    // What is left of the one type without the other: at best it is not null.
    const rest = isNullable(target) ? refType(heapTypeOf(from), false) : from;
    const [types, last] = splitLabelTypes(labelTypes(frame), offset);
    const carried = isBranching ? target : rest;
    if (!isSubtype(carried, last, defined)) throw typeMismatch(last, carried, offset);
    stack.pop(from, offset);
    stack.popMany(types, offset);
    stack.pushMany(types);
    stack.push(isBranching ? rest : target);
    const ways = { onSuccess: isBranching, branchesWithValue: true, goesOnWithValue: true };
    validator.builder?.branchOn(depth, instruction("ref.test"), target, ways, offset);
  };
}

/** Between the hierarchies of `any` and `extern`: as nullable as before. */
function conversion(from: HeapType, target: HeapType): Rule {
  return ({ stack, builder }, row, offset) => {
    const before = stack.popReference(offset);
    const nullable = isNullable(before);
    stack.push(before);
    stack.pop(refType(from, true), offset);
    const type = refType(target, nullable);
    stack.push(type);
    builder?.operation(row, 1, type, offset);
  };
}

const { any, extern } = abstractHeapTypes;

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
  "ref.test": testOf(false),
  "ref.test null": testOf(true),
  "ref.cast": castOf(false),
  "ref.cast null": castOf(true),
  br_on_cast: branchOnCast(true),
  br_on_cast_fail: branchOnCast(false),
  "any.convert_extern": conversion(extern, any),
  "extern.convert_any": conversion(any, extern),
} satisfies Partial<Record<InstructionName, Rule>>;
