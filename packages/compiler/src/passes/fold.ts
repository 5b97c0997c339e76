// Computes what is constant, and takes away what changes nothing. Constants move to the right and are gathered, so that
// `(x + 1) + 2` is `x + 3`.
import {
  constant,
  type Expression,
  mapBodies,
  mapFuncExpressions,
  mapList,
  type Operation,
  operation,
  type Statement,
} from "@anywasm/ir";
import { type InstructionName, i32, i64, instruction } from "@anywasm/isa";
import type { Pass } from "./pass.ts";
import { int32Operations, int64Operations, negate, type Words } from "./words.ts";

export const fold: Pass = (func) => {
  const folded = mapFuncExpressions(func, foldExpression);
  const body = withoutDeadArms(folded.body);
  return body === folded.body ? folded : { ...folded, body };
};

/** Takes the arm that a constant condition chooses out of its `if`. */
function withoutDeadArms(body: readonly Statement[]): readonly Statement[] {
  const inner = mapList(body, (statement) => mapBodies(statement, withoutDeadArms));
  const isDecided = (statement: Statement): boolean =>
    statement.kind === "if" && statement.condition.kind === "constant";
  if (!inner.some(isDecided)) return inner;
  return inner.flatMap((statement) => {
    if (statement.kind !== "if" || statement.condition.kind !== "constant") return [statement];
    return statement.condition.lo !== 0 ? statement.then : statement.otherwise;
  });
}

/** The simplest expression equal to one whose operands are folded. */
export function foldExpression(expression: Expression): Expression {
  if (expression.kind !== "operation") return expression;
  const { instruction: row, operands } = expression;
  const [first, second] = operands as readonly [Expression, Expression | undefined];
  if (row.name === "i32.eqz") return foldEqz(expression, first);
  if (row.name === "select" || row.name === "select t") return foldSelect(expression);
  if (row.name === "i32.sat_i64_u" && first.kind === "constant")
    return constant(i32, first.hi === 0 ? first.lo : -1, 0, expression.offset);
  if (second === undefined) return expression;
  const ordered = commutes.has(row.name) && first.kind === "constant" && second.kind !== "constant";
  if (ordered) return foldExpression(operation(row, expression.type, [second, first], expression.offset));
  if (second.kind !== "constant") return expression;
  const { type, offset } = expression;
  if (row.name === "i32.sub") return added("i32.add", first, { lo: -second.lo | 0, hi: 0 }, offset);
  if (row.name === "i64.sub") return added("i64.add", first, negate(second), offset);
  if (first.kind === "constant") {
    const value = computed(row.name, first, second);
    if (value !== undefined) return constant(type ?? i32, value.lo, value.hi, offset);
    return expression;
  }
  const identity = identities[row.name];
  if (identity !== undefined && second.lo === identity.lo && second.hi === identity.hi) return first;
  // x & 0 and x * 0 are 0, whatever x is; but x must be evaluated if it does more than give a value.
  if (absorbsZero.has(row.name) && second.lo === 0 && second.hi === 0 && first.effects === 0)
    return constant(type ?? i32, 0, 0, offset);
  return regrouped(expression, first, second) ?? expression;
}

function computed(name: string, a: Words, b: Words): Words | undefined {
  const of32 = int32Operations[name];
  return of32 === undefined ? int64Operations[name]?.(a, b) : { lo: of32(a.lo, b.lo), hi: 0 };
}

const commutes: ReadonlySet<string> = new Set(
  ["add", "mul", "and", "or", "xor", "eq", "ne"].flatMap((name) => [`i32.${name}`, `i64.${name}`]),
);
const absorbsZero: ReadonlySet<string> = new Set(["i32.and", "i32.mul", "i64.and", "i64.mul"]);

const zero: Words = { lo: 0, hi: 0 };
const identities: Readonly<Record<string, Words>> = {
  "i32.add": zero,
  "i32.or": zero,
  "i32.xor": zero,
  "i32.shl": zero,
  "i32.shr_s": zero,
  "i32.shr_u": zero,
  "i32.rotl": zero,
  "i32.rotr": zero,
  "i32.mul": { lo: 1, hi: 0 },
  "i32.and": { lo: -1, hi: 0 },
  "i64.add": zero,
  "i64.or": zero,
  "i64.xor": zero,
  "i64.shl": zero,
  "i64.shr_s": zero,
  "i64.shr_u": zero,
  "i64.rotl": zero,
  "i64.rotr": zero,
  "i64.mul": { lo: 1, hi: 0 },
  "i64.and": { lo: -1, hi: -1 },
};

function added(name: "i32.add" | "i64.add", first: Expression, { lo, hi }: Words, offset: number): Expression {
  const type = name === "i32.add" ? i32 : i64;
  return foldExpression(operation(instruction(name), type, [first, constant(type, lo, hi, offset)], offset));
}

const associates: ReadonlySet<string> = new Set(
  ["add", "and", "or", "xor"].flatMap((name) => [`i32.${name}`, `i64.${name}`]),
);

/** `(x op c1) op c2` is `x op (c1 op c2)`. */
function regrouped(outer: Operation, first: Expression, second: Words): Expression | undefined {
  const { instruction: row, type, offset } = outer;
  if (!associates.has(row.name) || first.kind !== "operation" || first.instruction !== row) return undefined;
  const [inner, known] = first.operands as readonly [Expression, Expression];
  if (known.kind !== "constant") return undefined;
  const sum = computed(row.name, known, second);
  if (sum === undefined) return undefined;
  const { lo, hi } = sum;
  return foldExpression(operation(row, type, [inner, constant(type ?? i32, lo, hi, offset)], offset));
}

/** Comparisons of integers that say the opposite; with floats, NaN makes neither true. */
const opposites: Readonly<Partial<Record<string, InstructionName>>> = {
  "i32.eq": "i32.ne",
  "i32.ne": "i32.eq",
  "i32.lt_s": "i32.ge_s",
  "i32.ge_s": "i32.lt_s",
  "i32.gt_s": "i32.le_s",
  "i32.le_s": "i32.gt_s",
  "i32.lt_u": "i32.ge_u",
  "i32.ge_u": "i32.lt_u",
  "i32.gt_u": "i32.le_u",
  "i32.le_u": "i32.gt_u",
};

function foldEqz(expression: Operation, operand: Expression): Expression {
  if (operand.kind === "constant") return constant(i32, Number(operand.lo === 0), 0, expression.offset);
  if (operand.kind !== "operation") return expression;
  const opposite = opposites[operand.instruction.name];
  if (opposite === undefined) return expression;
  return operation(instruction(opposite), i32, operand.operands, operand.offset);
}

/** The operands have no effects that matter: the builder has seen to it. */
function foldSelect(expression: Operation): Expression {
  const [first, second, condition] = expression.operands as readonly [Expression, Expression, Expression];
  if (condition.kind !== "constant" || first.effects !== 0 || second.effects !== 0) return expression;
  return condition.lo !== 0 ? first : second;
}
