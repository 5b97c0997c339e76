// Evaluates constant expressions (core spec, §4.6 "Constant Expressions") and makes numbers of bits.
import type { Module } from "@anywasm/engine";
import {
  type ArrayType,
  type ConstConversionName,
  type ConstExpression,
  type ConstInstruction,
  type DefinedType,
  type FieldType,
  f32,
  f64,
  i64,
  isRefType,
  type ValType,
  v128,
} from "@anywasm/isa";
import { high } from "./numerics/high.ts";
import { f32_reinterpret_i32, f64_reinterpret_i64, i64_mul } from "./numerics/index.ts";
import { arrayClass, arrayOf, externalize, fillElements, internalize, newArray } from "./objects.ts";
import type { FuncRecord, GlobalRecord } from "./records.ts";
import { Trap } from "./trap.ts";

/** What constant expressions may refer to. */
export interface ConstantScope {
  readonly module: Module;
  readonly globals: readonly GlobalRecord[];
  readonly functions: readonly FuncRecord[];
}

/** A value as words: `high` matters for i64 alone; a vector is an Int32Array of its four. */
export interface Words {
  readonly value: unknown;
  readonly high: number;
}

/** The number whose bits are `lo` and, for 64-bit types, `hi`. */
export function numberFromBits(type: ValType, lo: number, hi: number): number {
  if (type === f32) return f32_reinterpret_i32(lo);
  if (type === f64) return f64_reinterpret_i64(lo, hi);
  return lo;
}

export function evaluateConstant(expression: ConstExpression, scope: ConstantScope): Words {
  const stack: Words[] = [];
  const pop = (): Words => {
    const top = stack.pop();
    if (top === undefined) throw new RangeError("constant expression underflow");
    return top;
  };
  for (const instruction of expression) {
    switch (instruction.kind) {
      case "const": {
        const { type, lo, hi } = instruction;
        stack.push({ value: numberFromBits(type, lo, hi), high: type === i64 ? hi : 0 });
        break;
      }
      case "vector":
        stack.push({ value: Int32Array.from(instruction.words), high: 0 });
        break;
      case "global.get": {
        const global = scope.globals[instruction.index] as GlobalRecord;
        stack.push({ value: global.value, high: global.high });
        break;
      }
      case "ref.func":
        stack.push({ value: scope.functions[instruction.index], high: 0 });
        break;
      case "ref.null":
        stack.push({ value: null, high: 0 });
        break;
      case "convert":
        stack.push({ value: conversions[instruction.name](pop().value), high: 0 });
        break;
      case "new":
        stack.push({ value: newObject(instruction, scope.module, stack), high: 0 });
        break;
      case "binary": {
        const b = pop();
        const a = pop();
        stack.push(binaryOperators[instruction.name](a, b));
        break;
      }
    }
  }
  return pop();
}

const conversions: Readonly<Record<ConstConversionName, (value: unknown) => unknown>> = {
  "ref.i31": (value) => ((value as number) << 1) >> 1,
  "any.convert_extern": internalize,
  "extern.convert_any": externalize,
};

/** The structure or array that an instruction makes of what it takes from the stack. */
function newObject(
  { name, typeIndex, count }: ConstInstruction & { readonly kind: "new" },
  { engine, types }: Module,
  stack: Words[],
): unknown {
  const type = types[typeIndex] as DefinedType;
  if (type.kind === "struct") {
    const descriptors = type.descriptor === undefined ? [] : take(stack, 1).map(({ value }) => value);
    if (descriptors.includes(null)) throw new Trap("null_descriptor_reference");
    const values = name.startsWith("struct.new_default") ? type.fields.map(zeroOf) : take(stack, type.fields.length);
    const make = engine.evaluateStructure(type) as (...words: readonly unknown[]) => unknown;
    const words = values.flatMap((value, i) => wordsOf((type.fields[i] as FieldType).storage, value));
    return make(...words, ...descriptors);
  }
  const { element } = type as DefinedType<ArrayType>;
  const of = arrayClass(type as DefinedType<ArrayType>);
  if (name === "array.new_fixed")
    return arrayOf(
      of,
      take(stack, count).flatMap((value) => wordsOf(element.storage, value)),
    );
  const [length] = take(stack, 1) as [Words];
  const array = newArray(of, length.value as number);
  if (name === "array.new_default") return array;
  const [value] = take(stack, 1) as [Words];
  fillElements(array, 0, array.length, wordsOf(element.storage, value));
  return array;
}

function take(stack: Words[], count: number): readonly Words[] {
  return count === 0 ? [] : stack.splice(-count);
}

function wordsOf(storage: FieldType["storage"], { value, high: hi }: Words): readonly unknown[] {
  if (storage === i64) return [value, hi];
  if (storage === v128) return [...(value as Int32Array)];
  if (storage === "i8") return [((value as number) << 24) >> 24];
  return [storage === "i16" ? ((value as number) << 16) >> 16 : value];
}

function zeroOf({ storage }: FieldType): Words {
  if (storage === v128) return { value: new Int32Array(4), high: 0 };
  return { value: typeof storage !== "string" && isRefType(storage) ? null : 0, high: 0 };
}

type BinaryOperator = (a: Words, b: Words) => Words;

const word = (f: (a: number, b: number) => number): BinaryOperator => {
  return (a, b) => ({ value: f(a.value as number, b.value as number), high: 0 });
};

const wide = (f: (a: bigint, b: bigint) => bigint): BinaryOperator => {
  const toBigInt = ({ value, high: hi }: Words): bigint => (BigInt(hi) << 32n) | BigInt((value as number) >>> 0);
  return (a, b) => {
    const sum = BigInt.asIntN(64, f(toBigInt(a), toBigInt(b)));
    return { value: Number(BigInt.asIntN(32, sum)), high: Number(sum >> 32n) };
  };
};

const binaryOperators = {
  "i32.add": word((a, b) => (a + b) | 0),
  "i32.sub": word((a, b) => (a - b) | 0),
  "i32.mul": word(Math.imul),
  "i64.add": wide((a, b) => a + b),
  "i64.sub": wide((a, b) => a - b),
  "i64.mul": (a: Words, b: Words): Words => {
    const value = i64_mul(a.value as number, a.high, b.value as number, b.high);
    return { value, high: high[0] as number };
  },
} satisfies Record<string, BinaryOperator>;
