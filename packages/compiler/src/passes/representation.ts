// Chooses how a function computes with 64-bit integers: on pairs of words, or on BigInts with variables in slots (see
// lower/int64.ts).
//
// BigInts are chosen where the arithmetic that they make cheap outweighs what they make dear: a hundred times slower until
// the engine has optimized the function, and some nanoseconds wherever words become a BigInt or a BigInt words.
import { type Expression, expressionsOf, type Func, isCall, type Statement, visitStatements } from "@anywasm/ir";
import { i64 } from "@anywasm/isa";

/** Functions with more expressions than this are not optimized by engines, or late. */
const maxSize = 6000;
const maxSlots = 64;
/** What the score of a function must reach; a multiplication in a loop counts 8 times 3. */
const threshold = 60;
const loopWeight = 8;

/**
 * The variables that need slots; `undefined` where the function should compute with words.
 * @param int64 "bigint" for every function that can
 */
export function chooseInt64Slots(func: Func, int64: "auto" | "bigint"): readonly number[] | undefined {
  if (!func.variables.includes(i64)) return undefined;
  const counts = { score: 0, size: 0, calls: false };
  let catches = false;
  visitWithLoops(func.body, (statement, isInLoop) => {
    catches ||= statement.kind === "try";
    for (const expression of expressionsOf(statement))
      if (!counts.calls) visitExpression(expression, isInLoop ? loopWeight : 1, counts);
  });
  // What is called may enter the function again, while its slots are in use.
  if (counts.calls) return undefined;
  // A handler may be entered from anywhere, and finds no variable where it would look for it.
  if (catches) return undefined;
  const slots = slotVariables(func);
  if (int64 === "bigint") return slots;
  if (counts.score < threshold || counts.size > maxSize) return undefined;
  return slots.length > maxSlots ? undefined : slots;
}

const weights: Readonly<Record<string, number>> = {
  "i64.add": 2,
  "i64.sub": 2,
  "i64.mul": 3,
  "i64.rotl": 2,
  "i64.rotr": 2,
  "i64.shl": 1,
  "i64.shr_u": 1,
  "i64.shr_s": 1,
  "i64.and": 0.5,
  "i64.or": 0.5,
  "i64.xor": 0.5,
  "i64.div_s": 4,
  "i64.div_u": 4,
  "i64.rem_s": 4,
  "i64.rem_u": 4,
  // An address is looked at as words, as soon as it has been computed.
  "i32.sat_i64_u": -6,
};

function weightOf(expression: Expression): number {
  if (expression.kind !== "operation") return 0;
  const { instruction, operands } = expression;
  // By a variable count, a shift is computed on words.
  if (instruction.shift !== undefined && operands[1]?.kind !== "constant") return -2;
  const weight = weights[instruction.name];
  if (weight !== undefined) return weight;
  // Comparisons, conversions and divisions look at words.
  return operands.some((operand) => operand.type === i64) || expression.type === i64 ? -0.5 : 0;
}

function visitExpression(
  expression: Expression,
  weight: number,
  counts: { score: number; size: number; calls: boolean },
): void {
  counts.size++;
  counts.score += weight * weightOf(expression);
  if (isCall(expression)) counts.calls = true;
  for (const operand of expression.operands) visitExpression(operand, weight, counts);
}

/** Calls `visit` for every statement, saying whether it stands in a loop. Without recursion. */
function visitWithLoops(body: readonly Statement[], visit: (statement: Statement, isInLoop: boolean) => void): void {
  const all: Statement[] = [];
  visitStatements(body, (statement) => all.push(statement));
  const inside = new Set<Statement>();
  for (const statement of all)
    if (statement.kind === "loop" && !inside.has(statement))
      visitStatements(statement.body, (inner) => inside.add(inner));
  for (const statement of all) visit(statement, inside.has(statement));
}

/** 64-bit variables whose value depends on the way control came. */
function slotVariables(func: Func): readonly number[] {
  const assignments = new Map<number, number>();
  const count = (variable: number, times: number): void => {
    assignments.set(variable, (assignments.get(variable) ?? 0) + times);
  };
  visitStatements(func.body, (statement) => {
    if (statement.kind === "set") count(statement.variable, 1);
    else if (statement.kind === "set_many") for (const variable of statement.variables) count(variable, 1);
    else if (statement.kind === "block" || statement.kind === "loop" || statement.kind === "if")
      // Assigned inside, read behind.
      for (const variable of statement.results) count(variable, 2);
  });
  return func.variables.flatMap((type, variable) => {
    if (type !== i64) return [];
    const times = assignments.get(variable) ?? 0;
    // A local that is never assigned is zero; a parameter is what it is.
    const isConstant = variable < func.type.params.length ? times === 0 : variable >= func.localCount && times <= 1;
    return isConstant ? [] : [variable];
  });
}
