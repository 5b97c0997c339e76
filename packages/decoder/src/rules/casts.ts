// Typing rules of tests, casts and conversions of references (core spec, §3.4 "Reference Instructions"), and of those that look
// at descriptors.
import {
  abstractHeapTypes,
  exactHeapType,
  formatHeapType,
  type HeapType,
  heapTypeOf,
  type InstructionName,
  i32,
  instruction,
  isConcrete,
  isExact,
  isNullable,
  isSubtype,
  refType,
  topOf,
  typeIndexOf,
  type ValType,
} from "@anywasm/isa";
import type { FunctionContext } from "../function-context.ts";
import { invalid, malformed, typeMismatch, unknown } from "../messages.ts";
import { labelTypes } from "../stacks.ts";
import { readHeapType } from "../types.ts";
import { readLabel } from "./control.ts";
import { splitLabelTypes } from "./function-references.ts";
import { exactRef, nullableRef, type TypeSpace } from "./gc.ts";
import type { Rule } from "./rule.ts";

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
  stack.pop(isKnown ? refType(of, true) : nullableRef(index), offset);
  const result = isKnown ? exactRef(descriptor) : refType(descriptor as HeapType, false);
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

export const castRules = {
  "ref.test": testOf(false),
  "ref.test null": testOf(true),
  "ref.cast": castOf(false),
  "ref.cast null": castOf(true),
  br_on_cast: branchOnCast(true),
  br_on_cast_fail: branchOnCast(false),
  "ref.get_desc": refGetDesc,
  "ref.cast_desc_eq": castByDescriptor(false),
  "ref.cast_desc_eq null": castByDescriptor(true),
  br_on_cast_desc_eq: branchOnCast(true, true),
  br_on_cast_desc_eq_fail: branchOnCast(false, true),
  "any.convert_extern": conversion(extern, any),
  "extern.convert_any": conversion(any, extern),
} satisfies Partial<Record<InstructionName, Rule>>;
