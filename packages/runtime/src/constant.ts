// Evaluates constant expressions (core spec, §4.6 "Constant Expressions") and makes numbers of bits.
import { type ConstExpression, f32, f64, i64, type ValType } from "@anywasm/isa";
import { high } from "./numerics/high.ts";
import { f32_reinterpret_i32, f64_reinterpret_i64, i64_mul } from "./numerics/index.ts";
import type { FuncRecord, GlobalRecord } from "./records.ts";

/** What constant expressions may refer to. */
export interface ConstantScope {
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
