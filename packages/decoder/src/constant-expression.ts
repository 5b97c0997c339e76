// Reads and validates constant expressions (core spec, §3.4 "Constant Expressions").
import {
  abstractHeapTypes,
  anyref,
  type ConstAllocationName,
  type ConstBinaryName,
  type ConstConversionName,
  type ConstExpression,
  type ConstInstruction,
  denseOpcode,
  exactHeapType,
  externref,
  type FeatureSet,
  type FieldType,
  f32,
  f64,
  featureOfUnknownOpcode,
  type HeapType,
  i32,
  i64,
  implementationLimits,
  instructionByOpcode,
  isNullable,
  isSubtype,
  refType,
  type ValType,
  v128,
  valueTypeOf,
} from "@anywasm/isa";
import { featureDisabled, illegalOpcode, invalid, limitExceeded, typeMismatch, unknown } from "./messages.ts";
import type { ModuleBuilder } from "./module-builder.ts";
import type { Reader } from "./reader.ts";
import { checkDefaultable, readAllocatedStruct, readArrayType, readFixedLength } from "./rules/gc.ts";
import { functionReference } from "./rules/variable.ts";
import { readHeapType } from "./types.ts";

const binaryOperators: ReadonlyMap<number, readonly [ConstBinaryName, ValType]> = new Map([
  [0x6a, ["i32.add", i32] as const],
  [0x6b, ["i32.sub", i32] as const],
  [0x6c, ["i32.mul", i32] as const],
  [0x7c, ["i64.add", i64] as const],
  [0x7d, ["i64.sub", i64] as const],
  [0x7e, ["i64.mul", i64] as const],
]);

/** Reads up to and including `end`; the result must be one value of type `expected`. */
export function readConstExpression(
  reader: Reader,
  module: ModuleBuilder,
  expected: ValType,
  features: FeatureSet,
): ConstExpression {
  const start = reader.position;
  const instructions: ConstInstruction[] = [];
  const stack: ValType[] = [];
  for (;;) {
    const offset = reader.position;
    const opcode = reader.byte();
    if (opcode === 0x0b) break;
    const binary = binaryOperators.get(opcode);
    if (binary !== undefined) {
      if (!features.has("extended-const")) throw featureDisabled("extended-const", binary[0], offset);
      for (let i = 0; i < 2; i++) pop(stack, binary[1], module, offset);
      stack.push(binary[1]);
      instructions.push({ kind: "binary", name: binary[0] });
      continue;
    }
    const made = opcode === 0xfb ? readGc(reader, module, stack, offset) : undefined;
    if (made !== undefined) instructions.push(made);
    else {
      const [instruction, type] = readLeaf(reader, opcode, offset, module);
      instructions.push(instruction);
      stack.push(type);
    }
    // No expression of a sensible size comes near; the bound keeps one segment from holding a whole module.
    if (instructions.length > implementationLimits.functionBodyBytes)
      throw limitExceeded(
        "instructions in a constant expression",
        instructions.length,
        implementationLimits.functionBodyBytes,
        offset,
      );
  }
  if (stack.length !== 1) {
    if (stack.length === 0) throw typeMismatch(expected, undefined, start);
    throw invalid("type mismatch: a constant expression must give one value", start);
  }
  pop(stack, expected, module, start);
  return instructions;
}

function pop(stack: ValType[], expected: ValType, module: ModuleBuilder, offset: number): ValType {
  const actual = stack.pop();
  if (actual === undefined || !isSubtype(actual, expected, module.defined))
    throw typeMismatch(expected, actual, offset);
  return actual;
}

/** Reads what makes or converts references, which may take operands. */
function readGc(reader: Reader, module: ModuleBuilder, stack: ValType[], offset: number): ConstInstruction | undefined {
  const start = reader.position;
  const row = instructionByOpcode[denseOpcode(0xfb, reader.u32())];
  if (row === undefined) {
    reader.position = start;
    return undefined;
  }
  const take = (type: ValType): ValType => pop(stack, type, module, offset);
  const make = (name: ConstAllocationName, typeIndex: number, count: number): ConstInstruction => {
    if (!module.features.has(row.feature)) throw featureDisabled(row.feature, name, offset);
    stack.push(refType(exactHeapType(typeIndex), false));
    return { kind: "new", name, typeIndex, count };
  };
  const { any, extern, i31 } = abstractHeapTypes;
  const convert = (name: ConstConversionName, from: ValType, to: HeapType): ConstInstruction => {
    if (!module.features.has("gc")) throw featureDisabled("gc", name, offset);
    const before = take(from);
    stack.push(refType(to, isNullable(before)));
    return { kind: "convert", name };
  };
  switch (row.name) {
    case "struct.new":
    case "struct.new_desc": {
      const [index, { fields }, descriptor] = readAllocatedStruct(reader, module, row.name, offset);
      if (descriptor !== undefined) take(descriptor);
      for (let i = fields.length - 1; i >= 0; i--) take(valueTypeOf((fields[i] as FieldType).storage));
      return make(row.name, index, 0);
    }
    case "struct.new_default":
    case "struct.new_default_desc": {
      const [index, { fields }, descriptor] = readAllocatedStruct(reader, module, row.name, offset);
      for (const field of fields) checkDefaultable(field, offset);
      if (descriptor !== undefined) take(descriptor);
      return make(row.name, index, 0);
    }
    case "array.new":
    case "array.new_default": {
      const [index, { element }] = readArrayType(reader, module, offset);
      take(i32);
      if (row.name === "array.new") take(valueTypeOf(element.storage));
      else checkDefaultable(element, offset);
      return make(row.name, index, 0);
    }
    case "array.new_fixed": {
      const [index, { element }] = readArrayType(reader, module, offset);
      const count = readFixedLength(reader, offset);
      for (let i = 0; i < count; i++) take(valueTypeOf(element.storage));
      return make(row.name, index, count);
    }
    case "ref.i31":
      return convert(row.name, i32, i31);
    case "any.convert_extern":
      return convert(row.name, externref, any);
    case "extern.convert_any":
      return convert(row.name, anyref, extern);
    default:
      reader.position = start;
      return undefined;
  }
}

function readLeaf(
  reader: Reader,
  opcode: number,
  offset: number,
  module: ModuleBuilder,
): readonly [ConstInstruction, ValType] {
  switch (opcode) {
    case 0x41:
      return [{ kind: "const", type: i32, lo: reader.s32(), hi: 0 }, i32];
    case 0x42: {
      const lo = reader.s64();
      return [{ kind: "const", type: i64, lo, hi: reader.hi }, i64];
    }
    case 0x43:
      return [{ kind: "const", type: f32, lo: reader.word(), hi: 0 }, f32];
    case 0x44: {
      const lo = reader.word();
      return [{ kind: "const", type: f64, lo, hi: reader.word() }, f64];
    }
    case 0x23: {
      const index = reader.u32();
      const type = module.globals[index];
      if (type === undefined) throw unknown("global", index, offset);
      if (type.mutable) throw invalid("constant expression required: the global is mutable", offset);
      return [{ kind: "global.get", index }, type.value];
    }
    case 0xfd: {
      if (!module.features.has("simd")) throw featureDisabled("simd", "a vector instruction", offset);
      if (reader.u32() !== 0x0c) throw invalid("constant expression required", offset);
      return [{ kind: "vector", words: [reader.word(), reader.word(), reader.word(), reader.word()] }, v128];
    }
    case 0xd0: {
      const heap = readHeapType(reader, module);
      return [{ kind: "ref.null", heap }, refType(heap, true)];
    }
    case 0xd2: {
      const index = reader.u32();
      if (index >= module.functionTypeIndices.length) throw unknown("function", index, offset);
      module.declaredFunctions.add(index);
      return [{ kind: "ref.func", index }, functionReference(module, index)];
    }
    default:
      throw notConstant(reader, opcode, offset);
  }
}

function notConstant(reader: Reader, opcode: number, offset: number): Error {
  const prefixed = opcode >= 0xfb && opcode <= 0xfe;
  const code = prefixed ? reader.u32() : opcode;
  const feature = featureOfUnknownOpcode(prefixed ? opcode : 0, code);
  if (feature !== undefined) return featureDisabled(feature, `opcode 0x${opcode.toString(16)}`, offset);
  if (!prefixed && instructionByOpcode[opcode] === undefined) return illegalOpcode([opcode], offset);
  return invalid("constant expression required", offset);
}
