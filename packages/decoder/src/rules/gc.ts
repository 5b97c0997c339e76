// Typing rules of instructions on structures, arrays and casts (core spec, §3.4 "Aggregate Reference Instructions").
import {
  type ArrayType,
  abstractHeapTypes,
  arrayref,
  exactHeapType,
  type FieldType,
  formatHeapType,
  type HeapType,
  heapTypeOf,
  type InstructionName,
  i32,
  implementationLimits,
  instruction,
  isConcrete,
  isDefaultable,
  isExact,
  isNullable,
  isRefType,
  isStorageSubtype,
  isSubtype,
  type ModuleStructure,
  refType,
  type StructType,
  topOf,
  typeIndexOf,
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
function to(index: number): ValType {
  return refType(exactHeapType(index), false);
}

function orNull(index: number): ValType {
  return refType(index as HeapType, true);
}

// Structures

const structNew: Rule = ({ reader, module, stack, builder }, row, offset) => {
  const [index, { fields }, descriptor] = readAllocatedStruct(reader, module, row.name, offset);
  if (descriptor !== undefined) stack.pop(descriptor, offset);
  for (let i = fields.length - 1; i >= 0; i--) stack.pop(valueTypeOf((fields[i] as FieldType).storage), offset);
  stack.push(to(index));
  builder?.object(row, index, 0, fields.length + (descriptor === undefined ? 0 : 1), to(index), offset);
};

const structNewDefault: Rule = ({ reader, module, stack, builder }, row, offset) => {
  const [index, { fields }, descriptor] = readAllocatedStruct(reader, module, row.name, offset);
  for (const field of fields) checkDefaultable(field, offset);
  if (descriptor !== undefined) stack.pop(descriptor, offset);
  stack.push(to(index));
  builder?.object(row, index, 0, descriptor === undefined ? 0 : 1, to(index), offset);
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

/** What a reference must have as its descriptor to be taken for one of type `heap`: exactly where that is exact. */
function descriptorFor(heap: HeapType, { subTypes }: TypeSpace, offset: number): ValType {
  const descriptor = isConcrete(heap) ? subTypes[typeIndexOf(heap)]?.descriptor : undefined;
  if (descriptor === undefined) {
    const named = isConcrete(heap) ? typeIndexOf(heap) : formatHeapType(heap);
    throw invalid(`type ${named} does not have a descriptor`, offset);
  }
  return refType(isExact(heap) ? exactHeapType(descriptor) : (descriptor as HeapType), true);
}

function castByDescriptor(nullable: boolean): Rule {
  return ({ reader, module, stack, builder }, _row, offset) => {
    const heap = readHeapType(reader, module);
    const target = refType(heap, nullable);
    stack.pop(descriptorFor(heap, module, offset), offset);
    stack.pop(refType(topOf(heap, module.defined), true), offset);
    stack.push(target);
    builder?.object(instruction("ref.cast_desc_eq"), target, 0, 2, target, offset);
  };
}

const refGetDesc: Rule = ({ reader, module, stack, builder }, row, offset) => {
  const index = reader.u32();
  const type = module.subTypes[index];
  if (type === undefined) throw unknown("type", index, offset);
  const { descriptor } = type;
  if (descriptor === undefined) throw invalid(`type without descriptor ${index}`, offset);
  const actual = stack.popReference(offset);
  const of = exactHeapType(index);
  const isKnown = isSubtype(actual, refType(of, true), module.defined);
  stack.push(actual);
  stack.pop(isKnown ? refType(of, true) : orNull(index), offset);
  const result = isKnown ? to(descriptor) : refType(descriptor as HeapType, false);
  stack.push(result);
  builder?.object(row, index, 0, 1, result, offset);
};

/** Whether a cast may be asked for. Custom descriptors let it be from any type of the hierarchy. */
function mayCast(from: ValType, target: ValType, { defined, features }: FunctionContext["module"]): boolean {
  if (!features.has("custom-descriptors")) return isSubtype(target, from, defined);
  return topOf(heapTypeOf(from), defined) === topOf(heapTypeOf(target), defined);
}

/**
 * `isBranching`: it branches where the cast succeeds, otherwise where it fails. `byDescriptor`: it compares the descriptor,
 * the last operand.
 */
function branchOnCast(isBranching: boolean, byDescriptor = false): Rule {
  return (validator, _row, offset) => {
    const { reader, module, stack } = validator;
    const flags = reader.byte();
    if (flags > 3) throw malformed("malformed br_on_cast flags", offset);
    const [depth, frame] = readLabel(validator, offset);
    const from = refType(readHeapType(reader, module), (flags & 1) !== 0);
    const target = refType(readHeapType(reader, module), (flags & 2) !== 0);
    const { defined } = module;
    if (!mayCast(from, target, module)) throw typeMismatch(from, target, offset);
    // What is left of the one type without the other: at best it is not null.
    const rest = isNullable(target) ? refType(heapTypeOf(from), false) : from;
    const [types, last] = splitLabelTypes(labelTypes(frame), offset);
    const carried = isBranching ? target : rest;
    if (!isSubtype(carried, last, defined)) throw typeMismatch(last, carried, offset);
    if (byDescriptor) stack.pop(descriptorFor(heapTypeOf(target), module, offset), offset);
    stack.pop(from, offset);
    stack.popMany(types, offset);
    stack.pushMany(types);
    stack.push(isBranching ? rest : target);
    const ways = { onSuccess: isBranching, branchesWithValue: true, goesOnWithValue: true };
    const test = instruction(byDescriptor ? "ref.test_desc_eq" : "ref.test");
    validator.builder?.branchOn(depth, test, target, ways, offset);
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
  "struct.new_desc": structNew,
  "struct.new_default_desc": structNewDefault,
  "ref.get_desc": refGetDesc,
  "ref.cast_desc_eq": castByDescriptor(false),
  "ref.cast_desc_eq null": castByDescriptor(true),
  br_on_cast_desc_eq: branchOnCast(true, true),
  br_on_cast_desc_eq_fail: branchOnCast(false, true),
  "any.convert_extern": conversion(extern, any),
  "extern.convert_any": conversion(any, extern),
} satisfies Partial<Record<InstructionName, Rule>>;
