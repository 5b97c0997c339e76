// Holds the numeric helpers against the WebAssembly engine that runs the tests, bit by bit, in every tier of the
// JavaScript engine. Tests say which helpers, and add operands that are interesting for one of them alone.
//
// Operands and results are bigints of unsigned bits. In the module made for an instruction floats enter and leave as
// integers, so that on the native side no NaN passes through JavaScript.
import { f32, f64, findInstruction, type Instruction, i32, i64, type ValType } from "@anywasm/isa";
import { Trap, type TrapCode } from "../trap.ts";
import { boxedArray } from "../words.ts";
import { bigIntToI64, f32FromBits, f32ToBits, f64FromBits, f64ToBits, i64ToBigInt } from "./boundary.ts";
import { high } from "./high.ts";
import { type NumericHelperName, numerics } from "./index.ts";
import { edges, operand } from "./operands.test-support.ts";

/** What an instruction does with some operands: bits, or how it traps. */
type Outcome = bigint | TrapCode;
type Operation = (operands: readonly bigint[]) => Outcome;

/** Enough for V8 to go through all of its tiers: they take over after some hundreds and some thousands of calls. */
const CALLS = 40_000;

/** Checks a helper on all combinations of edge values, again and again until it is hot. */
export function checkEdges(name: string): void {
  const expected = native(name);
  const actual = helper(name);
  const table = combinations(signatureOf(name).params.map(edges)).map(
    (operands) => [operands, expected(operands)] as const,
  );
  for (let calls = 0; calls < CALLS; calls += table.length)
    for (const [operands, outcome] of table) expectAgreement(name, operands, outcome, actual(operands));
}

/** A check of a helper on any operands. */
export function checkOf(name: string): (operands: readonly bigint[]) => void {
  const expected = native(name);
  const actual = helper(name);
  return (operands) => expectAgreement(name, operands, expected(operands), actual(operands));
}

/** A check of a helper on operands made of seeds, of which it takes as many as it needs. */
export function checkOfSeeds(name: string): (seeds: readonly bigint[]) => void {
  const check = checkOf(name);
  const { params } = signatureOf(name);
  return (seeds) => check(params.map((type, index) => operand(type, seeds[index] as bigint)));
}

function expectAgreement(name: string, operands: readonly bigint[], expected: Outcome, actual: Outcome): void {
  if (!agree(name, operands, expected, actual))
    throw new Error(`${name}(${operands.map(hex).join(", ")}): expected ${hex(expected)}, got ${hex(actual)}`);
}

function signatureOf(name: string): NonNullable<Instruction["signature"]> {
  const signature = instructionOf(name).signature;
  if (signature === undefined) throw new Error(`${name} has no fixed type`);
  return signature;
}

/** The instruction of a helper: `i32_div_s` is `i32.div_s`. */
function instructionOf(name: string): Instruction {
  const found = findInstruction(name.replace("_", "."));
  if (found === undefined) throw new Error(`no instruction has the helper ${name}`);
  return found;
}

function combinations(values: readonly (readonly bigint[])[]): bigint[][] {
  return values.reduce<bigint[][]>(
    (prefixes, each) => prefixes.flatMap((prefix) => each.map((value) => [...prefix, value])),
    [[]],
  );
}

function hex(outcome: Outcome): string {
  return typeof outcome === "bigint" ? `0x${outcome.toString(16)}` : outcome;
}

/** A helper as an operation on bits. */
function helper(name: string): Operation {
  const { params, results } = signatureOf(name);
  const call = numerics[name as NumericHelperName] as (...words: unknown[]) => number;
  return (operands) => {
    // Boxed, since an array of nothing but floats quiets a NaN.
    const words = boxedArray();
    operands.forEach((bits, index) => {
      pushWords(words, params[index] as ValType, bits);
    });
    try {
      const result = call(...words);
      return bitsOf(results[0] as ValType, result);
    } catch (error) {
      if (error instanceof Trap) return error.code;
      throw error;
    }
  };
}

function pushWords(words: unknown[], type: ValType, bits: bigint): void {
  if (type === i32) words.push(Number(BigInt.asIntN(32, bits)));
  else if (type === f32) words.push(f32FromBits(Number(bits)));
  else if (type === f64) words.push(f64FromBits(bits));
  else {
    words.push(bigIntToI64(bits));
    words.push(high[0]);
  }
}

function bitsOf(type: ValType, result: number): bigint {
  if (type === f32) return BigInt(f32ToBits(result));
  if (type === f64) return f64ToBits(result);
  if (result !== (result | 0) || Object.is(result, -0)) throw new Error(`${result} is not an int32`);
  return type === i32 ? BigInt(result >>> 0) : BigInt.asUintN(64, i64ToBigInt(result, high[0] as number));
}

// Agreement. Where the result of arithmetic is a NaN, the specification leaves its sign open and most of its payload
// (core spec, §4.3.3 "NaN Propagation"), and engines differ.

function agree(name: string, operands: readonly bigint[], expected: Outcome, actual: Outcome): boolean {
  const { params, results } = signatureOf(name);
  const type = results[0] as ValType;
  const someNaN = typeof expected === "bigint" && typeof actual === "bigint" && isNaNOf(type, expected);
  if (!someNaN || instructionOf(name).movesBits) return expected === actual;
  const onlyCanonical = operands.every(
    (bits, index) => !isNaNOf(params[index] as ValType, bits) || isCanonical(params[index] as ValType, bits),
  );
  return onlyCanonical ? isCanonical(type, actual) : isQuiet(type, actual);
}

const floats: ReadonlyMap<ValType, { readonly infinity: bigint; readonly quiet: bigint; readonly magnitude: bigint }> =
  new Map([
    [f32, { infinity: 0x7f800000n, quiet: 0x7fc00000n, magnitude: 0x7fffffffn }],
    [f64, { infinity: 0x7ff0000000000000n, quiet: 0x7ff8000000000000n, magnitude: 0x7fffffffffffffffn }],
  ]);

function isNaNOf(type: ValType, bits: bigint): boolean {
  const float = floats.get(type);
  return float !== undefined && (bits & float.magnitude) > float.infinity;
}

function isQuiet(type: ValType, bits: bigint): boolean {
  const float = floats.get(type);
  return float !== undefined && (bits & float.quiet) === float.quiet;
}

function isCanonical(type: ValType, bits: bigint): boolean {
  const float = floats.get(type);
  return float !== undefined && (bits & float.magnitude) === float.quiet;
}

// The native side.

// What is used of the engine's own API; the package's `lib` has none.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, NativeFunction>> };
  readonly RuntimeError: new () => Error;
};
type NativeFunction = (...operands: (number | bigint)[]) => number | bigint;

/** The engine's own instruction as an operation on bits. */
function native(name: string): Operation {
  const { params, results } = signatureOf(name);
  const call = new WebAssembly.Instance(new WebAssembly.Module(moduleOf(name))).exports["f"] as NativeFunction;
  return (operands) => {
    const integers = operands.map((bits, index) => (isWide(params[index] as ValType) ? bits : Number(bits)));
    try {
      const result = BigInt(call(...integers));
      return BigInt.asUintN(isWide(results[0] as ValType) ? 64 : 32, result);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      const isOfNaN = isNaNOf(params[0] as ValType, operands[0] as bigint);
      return trapCode(error.message, isOfNaN);
    }
  };
}

/** V8 has one message for both ways in which a truncation traps. */
function trapCode(message: string, isOfNaN: boolean): TrapCode {
  if (message === "float unrepresentable in integer range")
    return isOfNaN ? "invalid_conversion_to_integer" : "integer_overflow";
  if (message === "divide result unrepresentable") return "integer_overflow";
  if (message === "divide by zero" || message === "remainder by zero") return "integer_divide_by_zero";
  throw new Error(`unknown trap: ${message}`);
}

/** A module with one instruction between reinterpretations, exported as `f` (core spec, §5.5). */
function moduleOf(name: string): Uint8Array {
  const { params, results } = signatureOf(name);
  const result = results[0] as ValType;
  const { code } = instructionOf(name);
  const type = [0x60, params.length, ...params.map(integerOf), 1, integerOf(result)];
  const body = [
    0, // no locals
    ...params.flatMap((param, index) => [0x20, index, ...fromInteger(param)]),
    ...(typeof code === "number" ? [code] : code),
    ...toInteger(result),
    0x0b,
  ];
  return Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, ...type]),
    ...section(3, [1, 0]),
    ...section(7, [1, 1, 0x66, 0, 0]),
    ...section(10, [1, body.length, ...body]),
  );
}

/** All lengths here are below 128, one byte of LEB128. */
function section(id: number, contents: readonly number[]): number[] {
  return [id, contents.length, ...contents];
}

function isWide(type: ValType): boolean {
  return type === i64 || type === f64;
}

function integerOf(type: ValType): ValType {
  return isWide(type) ? i64 : i32;
}

function fromInteger(type: ValType): number[] {
  return type === f32 ? [0xbe] : type === f64 ? [0xbf] : [];
}

function toInteger(type: ValType): number[] {
  return type === f32 ? [0xbc] : type === f64 ? [0xbd] : [];
}
