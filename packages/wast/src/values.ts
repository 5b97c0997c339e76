// Values of scripts, by their bits.

import { binary32, binary64, parseFloatBits, parseInteger } from "./numbers.ts";
import type { List, Node } from "./sexpr.ts";
import { ScriptSyntaxError } from "./sexpr.ts";

type RefKind = "null" | "extern" | "host" | "func" | "i31" | "struct" | "array" | "eq" | "any" | "exn";

export type Value =
  /** Unsigned bits. */
  | { readonly type: "i32" | "f32"; readonly bits: number }
  | { readonly type: "i64" | "f64"; readonly bits: bigint }
  | { readonly type: "v128"; readonly bits: bigint }
  /** `number` for host values; in results any reference of the kind will do where it is missing. */
  | { readonly type: "ref"; readonly kind: RefKind; readonly heap?: string; readonly number?: number };

export type Expected =
  | Value
  | { readonly type: "nan"; readonly float: "f32" | "f64"; readonly nan: "canonical" | "arithmetic" }
  /** Of a vector, whose lanes are all numbers of one type, or patterns of such. */
  | { readonly type: "lanes"; readonly lanes: readonly Expected[] }
  | { readonly type: "either"; readonly options: readonly Expected[] };

/** A constant, or a pattern of an expected result. @throws ScriptSyntaxError */
export function parseValue(node: Node): Expected {
  if (node.kind !== "list") throw new ScriptSyntaxError("a value expected", node.line);
  const [head, ...rest] = node.items;
  const name = textOf(head, node);
  if (name === "either") return { type: "either", options: rest.map(parseValue) };
  const first = rest[0];
  const literal = first === undefined ? "" : textOf(first, node);
  switch (name) {
    case "i32.const":
      return { type: "i32", bits: Number(parseInteger(literal, 32)) };
    case "i64.const":
      return { type: "i64", bits: parseInteger(literal, 64) };
    case "f32.const":
      return nanPattern("f32", literal) ?? floatOf("f32", literal);
    case "f64.const":
      return nanPattern("f64", literal) ?? floatOf("f64", literal);
    case "v128.const":
      return parseVector(
        literal,
        rest.slice(1).map((item) => textOf(item, node)),
      );
    case "ref.null":
      return literal === "" ? { type: "ref", kind: "null" } : { type: "ref", kind: "null", heap: literal };
    default: {
      const kind = name.startsWith("ref.") ? (name.slice(4) as RefKind) : undefined;
      if (kind === undefined) throw new ScriptSyntaxError(`unknown value ${name}`, node.line);
      return literal === "" ? { type: "ref", kind } : { type: "ref", kind, number: Number(literal) };
    }
  }
}

/** @param shape as `f32x4` */
function parseVector(shape: string, literals: readonly string[]): Expected {
  const [lane = "", count = ""] = shape.split("x");
  const width = 128 / Number(count);
  if (lane.startsWith("i"))
    return { type: "v128", bits: joined(literals.map((literal) => parseInteger(literal, width))) };
  const float = lane === "f32" ? "f32" : "f64";
  const lanes = literals.map((literal) => nanPattern(float, literal) ?? floatOf(float, literal));
  if (lanes.some(({ type }) => type === "nan")) return { type: "lanes", lanes };
  const format = float === "f32" ? binary32 : binary64;
  return { type: "v128", bits: joined(literals.map((literal) => parseFloatBits(literal, format))) };
}

function floatOf(type: "f32" | "f64", literal: string): Value {
  return type === "f32"
    ? { type, bits: Number(parseFloatBits(literal, binary32)) }
    : { type, bits: parseFloatBits(literal, binary64) };
}

/** The bits of a vector with these lanes. */
function joined(lanes: readonly bigint[]): bigint {
  const width = BigInt(128 / lanes.length);
  return lanes.reduceRight((bits, lane) => (bits << width) | lane, 0n);
}

/** One of so many lanes that are floats. */
function laneOf(bits: bigint, lane: number, count: number): Value {
  const width = 128 / count;
  const own = BigInt.asUintN(width, bits >> BigInt(lane * width));
  return width === 32 ? { type: "f32", bits: Number(own) } : { type: "f64", bits: own };
}

function nanPattern(float: "f32" | "f64", literal: string): Expected | undefined {
  if (literal === "nan:canonical" || literal === "nan:arithmetic")
    return { type: "nan", float, nan: literal === "nan:canonical" ? "canonical" : "arithmetic" };
  return undefined;
}

function textOf(node: Node | undefined, within: List): string {
  if (node === undefined || node.kind === "list") throw new ScriptSyntaxError("a word expected", within.line);
  return node.text;
}

/** Whether a result is what was expected, to the bit. */
export function matches(actual: Value, expected: Expected): boolean {
  switch (expected.type) {
    case "either":
      return expected.options.some((option) => matches(actual, option));
    case "nan":
      return actual.type === expected.float && isNaN(actual, expected.nan);
    case "lanes": {
      const { lanes } = expected;
      return actual.type === "v128" && lanes.every((lane, i) => matches(laneOf(actual.bits, i, lanes.length), lane));
    }
    case "ref":
      return (
        actual.type === "ref" &&
        isOfKind(actual.kind, expected.kind) &&
        (expected.number === undefined || actual.number === expected.number)
      );
    default:
      return actual.type === expected.type && actual.bits === expected.bits;
  }
}

/** Kinds of references that a pattern of another kind stands for too. */
const kindsOf: Readonly<Partial<Record<RefKind, readonly RefKind[]>>> = {
  any: ["host", "eq", "i31", "struct", "array"],
  eq: ["i31", "struct", "array"],
};

function isOfKind(actual: RefKind, expected: RefKind): boolean {
  return actual === expected || kindsOf[expected]?.includes(actual) === true;
}

/** Core spec, §4.3.3 "NaN Propagation": canonical has the top fraction bit alone, arithmetic has it at least. */
function isNaN(actual: Value, nan: "canonical" | "arithmetic"): boolean {
  if (actual.type === "f32") {
    const mask = nan === "canonical" ? 0x7fffffff : 0x7fc00000;
    return (actual.bits & mask) === 0x7fc00000;
  }
  if (actual.type !== "f64") return false;
  const mask = nan === "canonical" ? 0x7fffffffffffffffn : 0x7ff8000000000000n;
  return (actual.bits & mask) === 0x7ff8000000000000n;
}

export function formatValue(value: Expected): string {
  switch (value.type) {
    case "either":
      return `(either ${value.options.map(formatValue).join(" ")})`;
    case "nan":
      return `(${value.float}.const nan:${value.nan})`;
    case "lanes":
      return `(v128.const ${value.lanes.map(formatValue).join(" ")})`;
    case "ref":
      return `(ref.${value.kind}${value.heap === undefined ? "" : ` ${value.heap}`}${value.number === undefined ? "" : ` ${value.number}`})`;
    default:
      return `(${value.type}.const 0x${value.bits.toString(16)})`;
  }
}
