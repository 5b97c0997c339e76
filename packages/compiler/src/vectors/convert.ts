// One form of a vector from another, to the bit.
import { constant, type Expression } from "@anywasm/ir";
import { f32, f64, type InstructionName, i32, i64, type ValType } from "@anywasm/isa";
import { type Code, highWord, int64OfWords, scalar, sourceWords, type Vector } from "./code.ts";

export function converted(code: Code, vector: Vector, shape: ValType): Vector {
  if (vector.shape === shape) return vector;
  const { parts } = vector;
  const words = vector.shape === i32 ? parts : parts.flatMap((part) => wordsOf(code, part));
  return { shape, parts: fromWords(words, shape) };
}

/** The words of a vector. */
export function words(code: Code, vector: Vector): readonly Expression[] {
  return converted(code, vector, i32).parts;
}

/** As `words`, where they are used more than once. */
export function atomicWords(code: Code, vector: Vector): readonly Expression[] {
  return words(code, vector).map((word) => code.atom(word));
}

function wordsOf(code: Code, part: Expression): readonly Expression[] {
  if (part.type === f32) return [wordOfSingle(part)];
  if (part.kind === "constant") return [part.lo, part.hi].map((word) => constant(i32, word, 0, part.offset));
  if (part.type === f64) return wordsOfInt64(code, inverse(part, "f64.reinterpret_i64", "i64.reinterpret_f64"));
  return wordsOfInt64(code, part);
}

function wordOfSingle(part: Expression): Expression {
  if (part.kind === "constant") return constant(i32, part.lo, 0, part.offset);
  return inverse(part, "f32.reinterpret_i32", "i32.reinterpret_f32");
}

/** What was made by `undone`, or else what `done` makes of it. */
function inverse(part: Expression, undone: InstructionName, done: InstructionName): Expression {
  if (part.kind === "operation" && part.instruction.name === undone) return part.operands[0] as Expression;
  return scalar(done, [part]);
}

/** The words of a 64-bit integer. */
export function wordsOfInt64(code: Code, value: Expression): readonly Expression[] {
  const source = sourceWords(value);
  if (source !== undefined) return source;
  const atom = code.atom(value);
  if (atom.kind === "constant") return wordsOf(code, atom);
  return [scalar("i32.wrap_i64", [atom]), highWord(atom)];
}

function fromWords(parts: readonly Expression[], shape: ValType): readonly Expression[] {
  if (shape === i32) return parts;
  if (shape === f32) return parts.map(singleOf);
  const integers = [int64Of(parts[0], parts[1]), int64Of(parts[2], parts[3])];
  return shape === i64 ? integers : integers.map(doubleOf);
}

function singleOf(word: Expression): Expression {
  if (word.kind === "constant") return constant(f32, word.lo, 0, word.offset);
  return inverse(word, "i32.reinterpret_f32", "f32.reinterpret_i32");
}

function doubleOf(integer: Expression): Expression {
  if (integer.kind === "constant") return constant(f64, integer.lo, integer.hi, integer.offset);
  return scalar("f64.reinterpret_i64", [integer]);
}

function int64Of(lo: Expression | undefined, hi: Expression | undefined): Expression {
  if (lo === undefined || hi === undefined) throw new RangeError("a vector has four words");
  if (lo.kind === "constant" && hi.kind === "constant") return constant(i64, lo.lo, hi.lo, lo.offset);
  return int64OfWords(lo, hi);
}
