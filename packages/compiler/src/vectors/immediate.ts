// Instructions on vectors with immediates, splats, and those that give numbers.
import { constant, type Expression, type VectorOperation } from "@anywasm/ir";
import { f32, f64, i32, i64, type ValType } from "@anywasm/isa";
import { type Code, formula, scalar, type Vector } from "./code.ts";
import { atomicWords, converted, words, wordsOfInt64 } from "./convert.ts";
import { ofWords, zero } from "./lanes.ts";
import { topBits } from "./small-lanes.ts";

const laneTypes: ReadonlyMap<string, ValType> = new Map([
  ["i32x4", i32],
  ["i64x2", i64],
  ["f32x4", f32],
  ["f64x2", f64],
]);

export function vectorConstant({ immediates, offset }: VectorOperation): Vector {
  return ofWords(immediates.map((word) => constant(i32, word, 0, offset)));
}

export function splat(code: Code, name: string, value: Expression): Vector {
  const shape = laneTypes.get(name.slice(0, 5));
  if (shape !== undefined) {
    const atom = code.atom(value);
    return { shape, parts: new Array<Expression>(shape === i32 || shape === f32 ? 4 : 2).fill(atom) };
  }
  const js = name === "i8x16.splat" ? "imul(a & 255, 16843009)" : "a & 65535 | a << 16";
  return ofWords(new Array<Expression>(4).fill(code.atom(formula(js, value))));
}

/** Where a lane of 8 or 16 bits lies. */
function placeOf(
  name: string,
  lane: number,
): { readonly word: number; readonly shift: number; readonly width: number } {
  const width = name.startsWith("i8x16") ? 8 : 16;
  const lanesPerWord = 32 / width;
  return { word: Math.floor(lane / lanesPerWord), shift: (lane % lanesPerWord) * width, width };
}

export function extractLane(code: Code, name: string, lane: number, vector: Vector): Expression {
  const shape = laneTypes.get(name.slice(0, 5));
  if (shape !== undefined) {
    // Of words no more than the lane is made.
    if (shape === f32 && vector.shape === i32) return singleLane(code, vector, lane);
    return converted(code, vector, shape).parts[lane] as Expression;
  }
  const { word, shift, width } = placeOf(name, lane);
  const part = words(code, vector)[word] as Expression;
  if (name.endsWith("_s")) return formula(`a << ${32 - shift - width} >> ${32 - width}`, part);
  return formula(`a >>> ${shift} & ${2 ** width - 1}`, part);
}

function singleLane(code: Code, { shape, parts }: Vector, lane: number): Expression {
  const part = parts[lane] as Expression;
  return converted(code, { shape, parts: [part] }, f32).parts[0] as Expression;
}

export function replaceLane(code: Code, name: string, lane: number, vector: Vector, value: Expression): Vector {
  const shape = laneTypes.get(name.slice(0, 5));
  if (shape === undefined) {
    const { word, shift, width } = placeOf(name, lane);
    const mask = (2 ** width - 1) << shift;
    return replaced(ofWords(words(code, vector)), word, (part) =>
      formula(`a & ${~mask} | (b & ${2 ** width - 1}) << ${shift}`, part, value),
    );
  }
  if (vector.shape !== i32) return replaced(converted(code, vector, shape), lane, () => value);
  if (shape === i32) return replaced(vector, lane, () => value);
  if (shape === f32) {
    const word = scalar("i32.reinterpret_f32", [value]);
    return replaced(vector, lane, () => word);
  }
  const made = wordsOfInt64(code, shape === f64 ? scalar("i64.reinterpret_f64", [value]) : value);
  const parts = vector.parts.map((part, i) => (i >> 1 === lane ? (made[i & 1] as Expression) : part));
  return ofWords(parts);
}

function replaced({ shape, parts }: Vector, at: number, change: (part: Expression) => Expression): Vector {
  return { shape, parts: parts.map((part, i) => (i === at ? change(part) : part)) };
}

/** `lanes` has the number of a byte for each byte of the result: of the first vector, or 16 more of the second. */
export function shuffle(code: Code, lanes: readonly number[], a: Vector, b: Vector): Vector {
  // Whole lanes stay what they are.
  if (a.shape === b.shape) {
    const whole = wholeLanes(lanes, 16 / a.parts.length);
    const all = [...code.atoms(a).parts, ...code.atoms(b).parts];
    if (whole !== undefined) return { shape: a.shape, parts: whole.map((lane) => all[lane] as Expression) };
  }
  const all = [...atomicWords(code, a), ...atomicWords(code, b)];
  return ofWords([0, 4, 8, 12].map((first) => gathered(lanes.slice(first, first + 4), all)));
}

/** The numbers of the lanes of that many bytes that a shuffle takes, if it takes no less of any. */
export function wholeLanes(lanes: readonly number[], bytes: number): readonly number[] | undefined {
  const isWhole = lanes.every(
    (lane, i) =>
      lane === (lanes[i - (i % bytes)] as number) + (i % bytes) && (lanes[i - (i % bytes)] as number) % bytes === 0,
  );
  return isWhole ? lanes.filter((_, i) => i % bytes === 0).map((lane) => lane / bytes) : undefined;
}

/** A word of four bytes, each by its number among those of all words. */
function gathered(bytes: readonly number[], all: readonly Expression[]): Expression {
  // Bytes that are moved from one word by the same distance are moved together.
  const moves = new Map<number, number>();
  bytes.forEach((byte, place) => {
    const key = (byte >> 2) * 8 + (byte & 3) - place + 3;
    moves.set(key, (moves.get(key) ?? 0) | (255 << (8 * place)));
  });
  const terms = [...moves].map(([key, mask]) => {
    const distance = 8 * ((key & 7) - 3);
    const shifted = distance === 0 ? "a" : distance > 0 ? `a >>> ${distance}` : `a << ${-distance}`;
    return formula(mask === -1 ? shifted : `${shifted} & ${mask}`, all[key >> 3] as Expression);
  });
  return terms.reduce((left, right) => scalar("i32.or", [left, right]));
}

/** `any_true`, `all_true`, `bitmask`. */
export function test(code: Code, name: string, vector: Vector): Expression {
  const parts = words(code, vector);
  const or = (x: Expression, y: Expression): Expression => scalar("i32.or", [x, y]);
  const [lanes = "", kind] = name.split(".");
  if (kind === "any_true") return scalar("i32.ne", [parts.reduce(or), zero]);
  if (kind === "bitmask") {
    const [js, count] = topBits.get(lanes) ?? (topBits.get("i32x4") as readonly [string, number]);
    const tested = lanes === "i64x2" ? [parts[1] as Expression, parts[3] as Expression] : parts;
    return tested.map((part, i) => scalar("i32.shl", [formula(js, part), constant(i32, i * count, 0, 0)])).reduce(or);
  }
  const isSet = (word: Expression): Expression => scalar("i32.ne", [word, zero]);
  const both = (x: Expression, y: Expression): Expression => scalar("i32.and", [x, y]);
  if (lanes === "i32x4") return parts.map(isSet).reduce(both);
  const [a, b, c, d] = parts as readonly [Expression, Expression, Expression, Expression];
  if (lanes === "i64x2") return both(isSet(or(a, b)), isSet(or(c, d)));
  const [tops, shift] = lanes === "i8x16" ? [-2139062144, 7] : [-2147450880, 15];
  const zeros = parts.map((part) => formula(`lanes_eq(a, 0, ${tops}, ${shift})`, part));
  return scalar("i32.eqz", [zeros.reduce(or)]);
}
