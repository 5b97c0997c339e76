// Instructions that make vectors of vectors.
import { constant, type Expression } from "@anywasm/ir";
import { f32, f64, findInstruction, type Instruction, i32, i64, type ValType } from "@anywasm/isa";
import { type Code, chosen, formula, helperCall, scalar, scalarOf, type Vector } from "./code.ts";
import { atomicWords, converted, words } from "./convert.ts";
import { extension, narrowing, ofEachWord } from "./small-lanes.ts";

export type Operand = Vector | Expression;

export function isVector(operand: Operand): operand is Vector {
  return "shape" in operand;
}

export const zero = constant(i32, 0, 0, 0);
const ones = constant(i32, -1, 0, 0);

/** The number of lanes of a shape. */
function count(shape: ValType): 2 | 4 {
  return shape === i32 || shape === f32 ? 4 : 2;
}

export function ofWords(parts: readonly Expression[]): Vector {
  return { shape: i32, parts };
}

/** An instruction without immediates that gives a vector. */
export function operate(code: Code, name: string, operands: readonly Operand[]): Vector {
  const js = ofEachWord(name) ?? ofSigns(name, operands[0] as Vector);
  if (js !== undefined) return eachWord(code, js, operands);
  const row = laneInstruction(name);
  if (row !== undefined) return eachLane(code, name, row, operands);
  const [lanes = "", kind = ""] = name.split(".");
  const [a, b] = operands as readonly [Vector, Vector];
  if (kind === "swizzle") {
    const bytes = atomicWords(code, a);
    return ofWords(words(code, b).map((names) => helperCall("lanes_swizzle", [...bytes, names])));
  }
  const narrow = narrowing.get(name);
  if (narrow !== undefined) return narrowed(narrow, [...words(code, a), ...words(code, b)]);
  if (kind.startsWith("extend")) return extended(code, kind, a);
  if (kind.startsWith("p")) return pseudoExtreme(code, lanes, kind, a, b);
  return integer(code, lanes, kind, a, b);
}

/** What the instruction does to one lane, where there is such an instruction: `i32.add` of `i32x4.add`. */
function laneInstruction(name: string): Instruction | undefined {
  return findInstruction(name.replace(/x\d+/g, "").replace(/_low|_high|_zero/, ""));
}

/** What an expression gives that is a vector; `undefined` if that may be anything. */
export function resultShape(node: Expression): ValType | undefined {
  switch (node.kind) {
    case "get":
    case "access":
      return undefined;
    case "operation":
    case "vector": {
      const { name } = node.instruction;
      const [lanes = "", kind = ""] = name.split(".");
      if (kind === "const" || kind === "shuffle" || kind === "") return undefined;
      if (lanes.startsWith("i") || lanes === "v128" || isComparison(name)) return i32;
      if (kind === "abs" || kind === "neg") return undefined;
      return lanes === "f32x4" ? f32 : f64;
    }
    default:
      return i32;
  }
}

/** What an instruction computes with, if that are lanes of floats. */
export function operandShape(name: string): ValType | undefined {
  const [lanes = "", kind = ""] = name.split(".");
  if (kind.startsWith("relaxed_") && lanes.startsWith("f")) return lanes === "f32x4" ? f32 : f64;
  // The sign of a lane is a bit of any form.
  if (kind === "abs" || kind === "neg") return undefined;
  if (kind === "pmin" || kind === "pmax") return lanes === "f32x4" ? f32 : f64;
  return laneInstruction(name)?.signature?.params[0];
}

/** Signs of singles that are words. */
function ofSigns(name: string, { shape }: Vector): string | undefined {
  if (shape !== i32) return undefined;
  if (name === "f32x4.abs") return "a & 2147483647";
  return name === "f32x4.neg" ? "a ^ -2147483648" : undefined;
}

function eachWord(code: Code, js: string, operands: readonly Operand[]): Vector {
  const all = operands.map((operand) => {
    if (isVector(operand)) return words(code, operand);
    const atom = code.atom(operand);
    return [atom, atom, atom, atom];
  });
  return ofWords([0, 1, 2, 3].map((i) => formula(js, ...all.map((parts) => parts[i] as Expression))));
}

const comparison = /\.(eq|ne|[lg][te](_[su])?)$/;

function isComparison(name: string): boolean {
  return comparison.test(name);
}

function eachLane(code: Code, name: string, row: Instruction, operands: readonly Operand[]): Vector {
  const from = row.signature?.params[0] as ValType;
  const to = row.signature?.results[0] as ValType;
  const lists = operands.map((operand) => {
    if (isVector(operand)) return converted(code, operand, from).parts;
    // The count of a shift.
    const atom = code.atom(from === i64 ? scalar("i64.extend_i32_u", [operand]) : operand);
    return [atom, atom, atom, atom];
  });
  const isMask = isComparison(name);
  const length = isMask ? count(from) : Math.min(count(from), count(to));
  const first = name.includes("_high") ? length : 0;
  const parts: Expression[] = [];
  for (let i = first; i < first + length; i++)
    parts.push(
      scalarOf(
        row,
        lists.map((list) => list[i] as Expression),
      ),
    );
  if (isMask) return masks(code, parts);
  while (parts.length < count(to)) parts.push(constant(to, 0, 0, 0));
  return { shape: to, parts };
}

/** Lanes of ones or zeros from conditions. */
function masks(code: Code, conditions: readonly Expression[]): Vector {
  const lanes = conditions.map((condition) => chosen(condition, ones, zero));
  if (lanes.length === 4) return ofWords(lanes);
  return ofWords(lanes.map((lane) => code.atom(lane)).flatMap((lane) => [lane, lane]));
}

function narrowed(js: string, all: readonly Expression[]): Vector {
  return ofWords([0, 2, 4, 6].map((i) => formula(js, all[i] as Expression, all[i + 1] as Expression)));
}

/** Of lanes of 8 or 16 bits; those of 32 have instructions of their own. */
function extended(code: Code, kind: string, a: Vector): Vector {
  const [low, high] = extension.get(kind.slice(kind.indexOf("_i") + 1)) as readonly [string, string];
  const halves = kind.includes("_low") ? [0, 1] : [2, 3];
  const all = words(code, a);
  return ofWords(
    halves.flatMap((half) => {
      const word = code.atom(all[half] as Expression);
      return [formula(low, word), formula(high, word)];
    }),
  );
}

/** One of the operands, with its bits as they are: for `pmin` the second if it is less than the first. */
function pseudoExtreme(code: Code, lanes: string, kind: string, a: Vector, b: Vector): Vector {
  const lane = lanes === "f32x4" ? f32 : f64;
  const shape = a.shape === lane && b.shape === lane ? lane : i32;
  const [first, second] = [code.atoms(converted(code, a, shape)), code.atoms(converted(code, b, shape))];
  const [x, y] = [converted(code, first, lane).parts, converted(code, second, lane).parts];
  const isLess = lane === f32 ? "f32.lt" : "f64.lt";
  const tests = x.map((left, i) => {
    const right = y[i] as Expression;
    return code.atom(scalar(isLess, kind === "pmin" ? [right, left] : [left, right]));
  });
  const partsPerLane = first.parts.length / tests.length;
  const parts = first.parts.map((part, i) =>
    chosen(tests[Math.floor(i / partsPerLane)] as Expression, second.parts[i] as Expression, part),
  );
  return { shape, parts };
}

/** What has no instruction for one lane of 32 or 64 bits. */
function integer(code: Code, lanes: string, kind: string, a: Vector, b: Vector): Vector {
  const shape = lanes === "i32x4" ? i32 : i64;
  const type = shape === i32 ? "i32" : "i64";
  const nothing = constant(shape, 0, 0, 0);
  const first = code.atoms(converted(code, a, shape)).parts;
  const negated = (x: Expression): Expression => scalar(`${type}.sub`, [nothing, x]);
  if (kind === "neg") return { shape, parts: first.map(negated) };
  if (kind === "abs")
    return { shape, parts: first.map((x) => chosen(scalar(`${type}.lt_s`, [x, nothing]), negated(x), x)) };
  const sign = kind.slice(-1) as "s" | "u";
  const second = code.atoms(converted(code, b, shape)).parts;
  return {
    shape,
    parts: first.map((x, i) => {
      const y = second[i] as Expression;
      const isLess = scalar(`${type}.lt_${sign}`, [x, y]);
      if (kind.startsWith("min")) return chosen(isLess, x, y);
      if (kind.startsWith("max")) return chosen(isLess, y, x);
      throw new TypeError(`no way to compute ${lanes}.${kind}`);
    }),
  };
}
