// Walks statements without recursion on their nesting, which a module chooses.
import type { Expression, Statement } from "./nodes.ts";

/** Calls `visit` for every statement below `body`, outer ones before inner ones, in order. */
export function visitStatements(body: readonly Statement[], visit: (statement: Statement) => void): void {
  const waiting: (readonly Statement[])[] = [body];
  const positions: number[] = [0];
  while (waiting.length > 0) {
    const top = waiting.length - 1;
    const list = waiting[top] as readonly Statement[];
    const position = positions[top] as number;
    const statement = list[position];
    if (statement === undefined) {
      waiting.pop();
      positions.pop();
      continue;
    }
    positions[top] = position + 1;
    visit(statement);
    // Pushed in reverse, so that the first list is walked first.
    const inner = bodiesOf(statement);
    for (let i = inner.length - 1; i >= 0; i--) {
      waiting.push(inner[i] as readonly Statement[]);
      positions.push(0);
    }
  }
}

/** Whether control never falls out of the bottom of `statement`. */
export function leaves(statement: Statement | undefined): boolean {
  switch (statement?.kind) {
    case "br":
    case "br_table":
    case "return":
    case "return_call":
    case "unreachable":
    case "throw":
    case "throw_ref":
      return true;
    default:
      return false;
  }
}

const noBodies: readonly (readonly Statement[])[] = [];
const noExpressions: readonly Expression[] = [];

/** The statement lists directly inside a statement. */
export function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case "block":
    case "loop":
      return [statement.body];
    case "if":
      return [statement.then, statement.otherwise];
    case "try":
      return [statement.body, statement.handler];
    default:
      return noBodies;
  }
}

/** The expressions directly inside a statement, in order of evaluation. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case "set":
    case "set_many":
    case "evaluate":
      return [statement.value];
    case "if":
      return [statement.condition];
    case "br_table":
      return [statement.index];
    case "throw_ref":
      return [statement.value];
    case "return":
    case "throw":
      return statement.values;
    case "return_call":
      return [statement.call];
    default:
      return noExpressions;
  }
}

const noVariables: readonly number[] = [];

/** The variables that a statement itself assigns, not those in it. */
export function variablesSet(statement: Statement): readonly number[] {
  switch (statement.kind) {
    case "set":
      return [statement.variable];
    case "set_many":
      return statement.variables;
    case "try":
      return [statement.exception];
    default:
      return noVariables;
  }
}

/** Calls `visit` for every expression of the statements below `body`, before those inside of it. */
export function visitExpressions(body: readonly Statement[], visit: (expression: Expression) => void): void {
  const visitTree = (expression: Expression): void => {
    visit(expression);
    expression.operands.forEach(visitTree);
  };
  visitStatements(body, (statement) => expressionsOf(statement).forEach(visitTree));
}
