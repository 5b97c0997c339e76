// Checks what every stage may rely on: operands have the types their instructions want, variables and labels exist and
// are in scope. Run between passes in tests, it names what broke.
import {
  addressType,
  exnref,
  formatValType,
  funcref,
  type Instruction,
  i32,
  isRefType,
  type ValType,
} from "@anywasm/isa";
import type { Expression, Func, SetMany, Statement } from "./nodes.ts";
import { bodiesOf, expressionsOf } from "./visit.ts";

/** Everything wrong with `func`, one line each; empty if it is well formed. */
export function verifyFunc(func: Func): string[] {
  const problems: string[] = [];
  const labels = new Set<number>();
  const check = (body: readonly Statement[]): void => {
    for (const statement of body) {
      for (const expression of expressionsOf(statement)) verifyExpression(func, expression, problems);
      verifyStatement(func, statement, labels, problems);
      const own = statement.kind === "block" || statement.kind === "loop" ? statement.label : undefined;
      if (own !== undefined) {
        if (own < 0 || own >= func.labelCount) problems.push(`label ${own} outside 0..${func.labelCount}`);
        if (labels.has(own)) problems.push(`label ${own} is in scope already`);
        labels.add(own);
      }
      for (const inner of bodiesOf(statement)) check(inner);
      if (own !== undefined) labels.delete(own);
    }
  };
  check(func.body);
  return problems;
}

function verifyStatement(func: Func, statement: Statement, labels: ReadonlySet<number>, problems: string[]): void {
  const wantLabel = (label: number): void => {
    if (!labels.has(label)) problems.push(`${statement.kind} to label ${label}, which is not in scope`);
  };
  switch (statement.kind) {
    case "set":
      want(problems, "set", func.variables[statement.variable], statement.value.type);
      return;
    case "set_many":
      statement.variables.forEach((variable, i) => {
        want(problems, "set_many", func.variables[variable], resultsOf(statement.value)[i]);
      });
      return;
    case "if":
      want(problems, "if", i32, statement.condition.type);
      return;
    case "br":
      wantLabel(statement.label);
      return;
    case "br_table":
      want(problems, "br_table", i32, statement.index.type);
      statement.labels.forEach(wantLabel);
      wantLabel(statement.fallback);
      return;
    case "return":
      if (statement.values.length !== func.type.results.length) problems.push("return: wrong number of values");
      statement.values.forEach((value, i) => want(problems, "return", func.type.results[i], value.type));
      return;
    case "throw_ref":
      want(problems, "throw_ref", exnref, statement.value.type);
      return;
    case "try":
      want(problems, "try", exnref, func.variables[statement.exception]);
      return;
    default:
  }
}

function resultsOf(value: SetMany["value"]): readonly ValType[] {
  return value.kind === "operation" ? (value.instruction.signature?.results ?? []) : value.functionType.results;
}

function want(problems: string[], where: string, expected: ValType | undefined, actual: ValType | undefined): void {
  if (expected !== undefined && actual !== undefined && fits(expected, actual)) return;
  const text = (type: ValType | undefined): string => (type === undefined ? "nothing" : formatValType(type));
  problems.push(`${where}: expected ${text(expected)}, got ${text(actual)}`);
}

/** Of references, the decoder knows which are below which; to all later stages they are the same. */
function fits(expected: ValType, actual: ValType): boolean {
  return expected === actual || (isRefType(expected) && isRefType(actual));
}
/** What calls take behind their arguments. */
const lastOperand = { call_indirect: i32, call_ref: funcref } as const;

function verifyExpression(func: Func, expression: Expression, problems: string[]): void {
  for (const operand of expression.operands) {
    if (operand.type === undefined) problems.push(`${expression.kind}: an operand without a result`);
    verifyExpression(func, operand, problems);
  }
  switch (expression.kind) {
    case "get":
      want(problems, `get ${expression.variable}`, func.variables[expression.variable], expression.type);
      return;
    case "call":
    case "call_indirect":
    case "call_ref": {
      const { params } = expression.functionType;
      const expected = expression.kind === "call" ? params : [...params, lastOperand[expression.kind]];
      wantOperands(problems, expression.kind, expected, expression.operands);
      return;
    }
    case "exception_is":
    case "exception_value":
      wantOperands(problems, expression.kind, [exnref], expression.operands);
      return;
    case "vector_word":
      if (expression.operands.length > 0) wantOperands(problems, expression.kind, [i32], expression.operands);
      return;
    case "operation":
    case "vector":
    case "access":
      verifySignature(expression.instruction, expression.operands, problems);
      return;
    default:
  }
}

function verifySignature(row: Instruction, operands: readonly Expression[], problems: string[]): void {
  if (row.signature === undefined) return;
  const params = row.signature.params.map((type) => (type === addressType ? i32 : type));
  wantOperands(problems, row.name, params, operands);
}

function wantOperands(
  problems: string[],
  where: string,
  expected: readonly ValType[],
  operands: readonly Expression[],
): void {
  if (expected.length !== operands.length)
    problems.push(`${where}: expected ${expected.length} operands, got ${operands.length}`);
  operands.forEach((operand, i) => want(problems, where, expected[i], operand.type));
}
