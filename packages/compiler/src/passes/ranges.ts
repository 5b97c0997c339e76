// What 32-bit values can be: from masks, shifts, short loads and constants. Where nothing is negative, instructions on
// unsigned numbers are those on signed ones, which are cheaper in JavaScript, and addresses need no conversion.
import {
  type Expression,
  type Func,
  mapFuncExpressions,
  type Operation,
  operation,
  visitStatements,
} from "@anywasm/ir";
import { type InstructionName, i32, instruction } from "@anywasm/isa";
import type { Pass } from "./pass.ts";

/** Bounds of a value as a signed number, both included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

const everything: Range = { min: -0x80000000, max: 0x7fffffff };

/** Ranges of variables; one without is not 32 bits wide, or never assigned. */
export type Ranges = readonly (Range | undefined)[];

export const ranges: Pass = (func) => {
  const known = rangesOf(func);
  return mapFuncExpressions(func, (expression) => withoutSigns(expression, known));
};

/** Rounds after which what still grows is taken to be anything: the counters of loops. */
const maxRounds = 4;

/** What each variable can be, wherever it is read. */
export function rangesOf(func: Func): Ranges {
  const known: (Range | undefined)[] = func.variables.map((type, variable) => {
    if (type !== i32) return undefined;
    if (variable < func.type.params.length) return everything;
    // Locals begin as zero; temporaries are assigned before they are read.
    return variable < func.localCount ? { min: 0, max: 0 } : undefined;
  });
  const sets: { readonly variable: number; readonly value: Expression }[] = [];
  visitStatements(func.body, (statement) => {
    if (statement.kind === "set" && statement.value.type === i32) sets.push(statement);
    else if (statement.kind === "set_many") for (const variable of statement.variables) known[variable] = everything;
  });
  for (let round = 0, isChanged = true; isChanged; round++) {
    isChanged = false;
    for (const { variable, value } of sets) {
      const before = known[variable];
      const after = union(before, rangeOf(value, known));
      if (before !== undefined && before.min === after.min && before.max === after.max) continue;
      known[variable] = round < maxRounds ? after : everything;
      isChanged = true;
    }
  }
  return known;
}

function union(a: Range | undefined, b: Range): Range {
  return a === undefined ? b : { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}

/** The range, or everything where it leaves 32 bits: arithmetic wraps. */
function within(min: number, max: number): Range {
  return min >= everything.min && max <= everything.max ? { min, max } : everything;
}

/** What a 32-bit expression can be. */
export function rangeOf(expression: Expression, known: Ranges): Range {
  switch (expression.kind) {
    case "constant":
      return { min: expression.lo, max: expression.lo };
    case "get":
      return known[expression.variable] ?? everything;
    case "access":
      return loaded[expression.instruction.name] ?? everything;
    case "operation":
      return rangeOfOperation(expression, known);
    default:
      return everything;
  }
}

const loaded: Readonly<Record<string, Range>> = {
  "i32.load8_u": { min: 0, max: 255 },
  "i32.load8_s": { min: -128, max: 127 },
  "i32.load16_u": { min: 0, max: 65535 },
  "i32.load16_s": { min: -32768, max: 32767 },
};

function rangeOfOperation({ instruction: row, operands }: Operation, known: Ranges): Range {
  const [first, second] = operands as readonly [Expression, Expression | undefined];
  if (/\.(eqz?|ne|[lg][te](_[su])?)$/.test(row.name)) return { min: 0, max: 1 };
  if (row.name === "i32.clz" || row.name === "i32.ctz" || row.name === "i32.popcnt") return { min: 0, max: 32 };
  if (second === undefined || first.type !== i32) return everything;
  const a = rangeOf(first, known);
  const b = rangeOf(second, known);
  const isConstant = b.min === b.max;
  const count = b.min & 31;
  switch (row.name) {
    case "select":
    case "select t":
      return union(a, b);
    case "i32.add":
      return within(a.min + b.min, a.max + b.max);
    case "i32.sub":
      return within(a.min - b.max, a.max - b.min);
    case "i32.mul": {
      const corners = [a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max];
      return within(Math.min(...corners), Math.max(...corners));
    }
    case "i32.and":
      // A mask without the top bit takes it away; the result is no larger than the smaller of such.
      if (a.min >= 0 || b.min >= 0)
        return { min: 0, max: Math.min(a.min >= 0 ? a.max : everything.max, b.min >= 0 ? b.max : everything.max) };
      return everything;
    case "i32.or":
    case "i32.xor":
      return a.min >= 0 && b.min >= 0 ? { min: 0, max: allBits(a.max | b.max) } : everything;
    case "i32.shl":
      return isConstant ? within(a.min * 2 ** count, a.max * 2 ** count) : everything;
    case "i32.shr_s":
      return isConstant ? { min: a.min >> count, max: a.max >> count } : everything;
    case "i32.shr_u":
      if (!isConstant || count === 0) return a.min >= 0 && isConstant ? a : everything;
      return a.min >= 0 ? { min: a.min >> count, max: a.max >> count } : { min: 0, max: 0xffffffff >>> count };
    case "i32.rem_u":
      return isConstant && b.min > 0 ? { min: 0, max: b.min - 1 } : everything;
    case "i32.rem_s":
      return isConstant && b.min > 0 ? { min: a.min >= 0 ? 0 : 1 - b.min, max: b.min - 1 } : everything;
    case "i32.div_u":
      return isConstant && b.min > 1 ? { min: 0, max: Math.floor(0xffffffff / b.min) } : everything;
    default:
      return everything;
  }
}

/** The smallest number of ones that is not below `value`. */
function allBits(value: number): number {
  return value === 0 ? 0 : 0xffffffff >>> Math.clz32(value);
}

const signedForms: Readonly<Partial<Record<string, InstructionName>>> = {
  "i32.lt_u": "i32.lt_s",
  "i32.gt_u": "i32.gt_s",
  "i32.le_u": "i32.le_s",
  "i32.ge_u": "i32.ge_s",
  "i32.div_u": "i32.div_s",
  "i32.rem_u": "i32.rem_s",
  "i32.shr_u": "i32.shr_s",
};

function withoutSigns(expression: Expression, known: Ranges): Expression {
  if (expression.kind !== "operation") return expression;
  const { instruction: row, operands, type, offset } = expression;
  const [first, second] = operands as readonly [Expression, Expression | undefined];
  if (row.name === "i64.extend_i32_s")
    return rangeOf(first, known).min < 0
      ? expression
      : operation(instruction("i64.extend_i32_u"), type, operands, offset);
  if (second === undefined || first.type !== i32) return expression;
  if (row.name === "i32.and") return withoutMask(expression, first, second, known);
  const signed = signedForms[row.name];
  if (signed === undefined || rangeOf(first, known).min < 0) return expression;
  // The count of a shift is no number to compare.
  if (row.name !== "i32.shr_u" && rangeOf(second, known).min < 0) return expression;
  return operation(instruction(signed), type, operands, offset);
}

/** A mask of ones that the value fits changes nothing. */
function withoutMask(expression: Operation, value: Expression, mask: Expression, known: Ranges): Expression {
  if (mask.kind !== "constant" || mask.lo < 0 || mask.lo !== allBits(mask.lo)) return expression;
  const { min, max } = rangeOf(value, known);
  return min >= 0 && max <= mask.lo ? value : expression;
}
