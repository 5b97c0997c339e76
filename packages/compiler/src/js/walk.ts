// What JavaScript statements contain.
import type { JsExpression, JsStatement } from "./nodes.ts";

const none: readonly never[] = [];

/** The lists of statements directly inside. */
export function listsIn(statement: JsStatement): readonly (readonly JsStatement[])[] {
  switch (statement.kind) {
    case "block":
    case "loop":
    case "while":
    case "do":
      return [statement.body];
    case "if":
      return [statement.then, statement.otherwise];
    case "switch":
      return statement.cases.map(({ body }) => body);
    case "try":
      return [statement.body, statement.handler];
    default:
      return none;
  }
}

/** The statement with other lists directly inside. */
export function mapLists(
  statement: JsStatement,
  change: (list: readonly JsStatement[]) => readonly JsStatement[],
): JsStatement {
  switch (statement.kind) {
    case "block":
    case "loop":
    case "while":
    case "do":
      return { ...statement, body: change(statement.body) };
    case "if":
      return { ...statement, then: change(statement.then), otherwise: change(statement.otherwise) };
    case "switch":
      return { ...statement, cases: statement.cases.map((each) => ({ ...each, body: change(each.body) })) };
    case "try":
      return { ...statement, body: change(statement.body), handler: change(statement.handler) };
    default:
      return statement;
  }
}

/** The expressions directly inside: what is evaluated, and targets of assignments that are not just names. */
export function expressionsIn(statement: JsStatement): readonly JsExpression[] {
  switch (statement.kind) {
    case "declare":
      return statement.declarators.flatMap(({ value }) => value ?? []);
    case "assign":
      return statement.target.kind === "name" ? [statement.value] : [statement.value, statement.target];
    case "expression":
      return [statement.expression];
    case "while":
    case "do":
    case "if":
      return [statement.condition];
    case "switch":
      return [statement.subject];
    case "return":
      return statement.value === undefined ? none : [statement.value];
    case "throw":
      return [statement.value];
    case "block":
    case "loop":
    case "break":
    case "continue":
    case "try":
      return none;
  }
}

function childrenOf(expression: JsExpression): readonly JsExpression[] {
  switch (expression.kind) {
    case "number":
    case "bigint":
    case "name":
    case "null":
    case "undefined":
    case "true":
      return none;
    case "unary":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "conditional":
      return [expression.condition, expression.then, expression.otherwise];
    case "member":
      return [expression.object];
    case "index":
      return [expression.object, expression.index];
    case "call":
      return [expression.callee, ...expression.args];
    case "array":
      return expression.elements;
  }
}

/** Calls `visit` for every name that evaluating the expression reads. */
export function namesRead(expression: JsExpression, visit: (name: string) => void): void {
  if (expression.kind === "name") visit(expression.name);
  else for (const child of childrenOf(expression)) namesRead(child, visit);
}

/** Whether `text` occurs as a name in `value`. */
export function mentions(value: JsExpression, text: string): boolean {
  if (value.kind === "name") return value.name === text;
  for (const child of childrenOf(value)) if (mentions(child, text)) return true;
  return false;
}

function expressionSize(expression: JsExpression): number {
  let size = 1;
  for (const child of childrenOf(expression)) size += expressionSize(child);
  return size;
}

/** Nodes of a statement without the statements in it. */
export function ownSize(statement: JsStatement): number {
  let size = 1;
  for (const expression of expressionsIn(statement)) size += expressionSize(expression);
  return size;
}

/** Nodes of a statement and all in it. */
function sizeOf(statement: JsStatement): number {
  let size = ownSize(statement);
  for (const list of listsIn(statement)) for (const inner of list) size += sizeOf(inner);
  return size;
}

export function sizeOfList(list: readonly JsStatement[]): number {
  return list.reduce((sum, statement) => sum + sizeOf(statement), 0);
}

/** Whether it is plain that control never falls out of the bottom of a list. */
export function leaves(list: readonly JsStatement[]): boolean {
  const last = list[list.length - 1];
  switch (last?.kind) {
    case "break":
    case "continue":
    case "return":
    case "throw":
      return true;
    case "if":
      return leaves(last.then) && leaves(last.otherwise);
    case "try":
      return leaves(last.body) && leaves(last.handler);
    default:
      return false;
  }
}
