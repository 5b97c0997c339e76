// What is left of a function from the start of a loop on, as a function of its own: how a loop that is under way gets into
// better code, JavaScript having no way into the middle of a function.
import {
  type Expression,
  type Func,
  type Statement,
  variablesSet,
  visitExpressions,
  visitStatements,
} from "@anywasm/ir";

/**
 * A function of all locals that does what `func` does from the start of the loop on. `undefined` where temporaries are alive
 * there, or the loop is inside of another or of an `if`, which would have to be entered in the middle.
 */
export function resumeAt(func: Func, label: number): Func | undefined {
  const body = restOf(func.body, label);
  if (body === undefined) return undefined;
  const { type, variables, localCount } = func;
  if (readsFromBefore(func.body, body, localCount)) return undefined;
  return { ...func, type: { ...type, params: variables.slice(0, localCount) }, body };
}

/** The statements from the loop on, in the blocks that it is in. */
function restOf(body: readonly Statement[], label: number): readonly Statement[] | undefined {
  for (const [position, statement] of body.entries()) {
    if (statement.kind === "loop" && statement.label === label) return body.slice(position);
    if (statement.kind !== "block") continue;
    const inner = restOf(statement.body, label);
    if (inner !== undefined) return [{ ...statement, body: inner }, ...body.slice(position + 1)];
  }
  return undefined;
}

/** Whether a temporary may be read that has been assigned in what is left out. */
function readsFromBefore(whole: readonly Statement[], rest: readonly Statement[], localCount: number): boolean {
  const kept = new Set<Statement>();
  visitStatements(rest, (statement) => kept.add(statement));
  const before = new Set<number>();
  visitStatements(whole, (statement) => {
    if (kept.has(statement)) return;
    for (const variable of variablesSet(statement)) before.add(variable);
  });
  let found = false;
  visitExpressions(rest, (expression: Expression) => {
    if (expression.kind === "get" && expression.variable >= localCount && before.has(expression.variable)) found = true;
  });
  return found;
}
