// Takes away temporaries that only pass a value on: copies of what does not change, values used once right behind where
// they were made, and assignments nobody reads.
import {
  bodiesOf,
  type Expression,
  expressionsOf,
  type Func,
  mapBodies,
  mapExpression,
  mapFuncExpressions,
  mapList,
  mapOwnExpressions,
  type Statement,
  visitStatements,
} from "@anywasm/ir";
import { type Effects, effectsConflict, READS } from "@anywasm/isa";
import type { Pass } from "./pass.ts";

export const propagate: Pass = (func) => {
  const replaced = withoutCopies(func);
  // Counted anew: reads of a copy have become reads of its source.
  const uses = countUses(replaced);
  const forward = (body: readonly Statement[]): readonly Statement[] =>
    forwarded(
      mapList(body, (statement) => mapBodies(statement, forward)),
      uses,
    );
  const body = forward(replaced.body);
  return body === replaced.body ? replaced : { ...replaced, body };
};

interface Uses {
  readonly reads: Uint32Array;
  /** Assigned in one place, and read only behind it, in the same list of statements or inside of those. */
  readonly scoped: Uint8Array;
  /** Assigned at all. */
  readonly assigned: Uint8Array;
}

const isScoped = 1;
const isNot = 2;

function countUses(func: Func): Uses {
  const count = func.variables.length;
  const reads = new Uint32Array(count);
  const assigned = new Uint8Array(count);
  const scoped = new Uint8Array(count);
  const inScope = new Uint8Array(count);
  // What has a value before anything is assigned.
  scoped.fill(isNot, 0, func.type.params.length);
  const read = (expression: Expression): void => {
    if (expression.kind === "get") {
      const { variable } = expression;
      reads[variable] = (reads[variable] ?? 0) + 1;
      if (inScope[variable] === 0) scoped[variable] = isNot;
    }
    for (const operand of expression.operands) read(operand);
  };
  const assign = (variable: number, scope: number[]): void => {
    scoped[variable] = assigned[variable] === 0 && scoped[variable] === 0 ? isScoped : isNot;
    assigned[variable] = 1;
    inScope[variable] = 1;
    scope.push(variable);
  };
  const visit = (body: readonly Statement[]): void => {
    const scope: number[] = [];
    for (const statement of body) {
      expressionsOf(statement).forEach(read);
      bodiesOf(statement).forEach(visit);
      if (statement.kind === "set") assign(statement.variable, scope);
      else if (statement.kind === "set_many") for (const variable of statement.variables) assign(variable, scope);
    }
    for (const variable of scope) inScope[variable] = 0;
  };
  visit(func.body);
  return { reads, scoped, assigned };
}

/** Variables that are copies of a constant, or of a variable that keeps its value as long: what to read instead. */
function copiesOf(func: Func, { scoped, assigned }: Uses): ReadonlyMap<number, Expression> {
  const replacements = new Map<number, Expression>();
  visitStatements(func.body, (statement) => {
    if (statement.kind !== "set") return;
    const { variable, value } = statement;
    if (scoped[variable] !== isScoped) return;
    if (value.kind === "constant") replacements.set(variable, value);
    else if (value.kind === "get") {
      // A temporary's name may be given away where it is read last, which must not be a loop that turns again.
      if (value.variable >= func.localCount && variable < func.localCount) return;
      const isFixed =
        scoped[value.variable] === isScoped ||
        (value.variable < func.type.params.length && assigned[value.variable] === 0);
      // The walk meets sources before their copies.
      const source = replacements.get(value.variable);
      if (source !== undefined || isFixed) replacements.set(variable, source ?? value);
    }
  });
  return replacements;
}

function withoutCopies(func: Func): Func {
  const replacements = copiesOf(func, countUses(func));
  if (replacements.size === 0) return func;
  return mapFuncExpressions(func, (each) => (each.kind === "get" ? (replacements.get(each.variable) ?? each) : each));
}

/** Drops dead assignments; puts the value of a temporary into the next statement if that reads it, and nobody else does. */
function forwarded(body: readonly Statement[], { reads, scoped }: Uses): readonly Statement[] {
  const out: Statement[] = [];
  let isChanged = false;
  for (const statement of body) {
    if (statement.kind === "set" && reads[statement.variable] === 0) {
      isChanged = true;
      if ((statement.value.effects & ~READS) !== 0) out.push({ kind: "evaluate", value: statement.value });
      continue;
    }
    let current = statement;
    // A statement may take several temporaries, the last one first.
    for (let previous = out[out.length - 1]; previous?.kind === "set"; previous = out[out.length - 1]) {
      const { variable } = previous;
      if (scoped[variable] !== isScoped || reads[variable] !== 1) break;
      const taken = takeInto(current, variable, previous.value);
      if (taken === undefined) break;
      out.pop();
      current = taken;
      isChanged = true;
    }
    out.push(current);
  }
  return isChanged ? out : body;
}

/** Trees of this height grow no more: recursion over them is bounded. */
const maxDepth = 60;

/**
 * The statement with `value` in place of the read of `variable`; `undefined` where it does not read it, or where what is
 * evaluated before the read must not be evaluated before the value.
 */
function takeInto(statement: Statement, variable: number, value: Expression): Statement | undefined {
  if (statement.kind === "loop" || statement.kind === "block") return undefined;
  // What `select` may leave out has no effects.
  let effects: Effects = 0;
  let state: "looking" | "found" | "refused" = "looking";
  const visit = (expression: Expression): void => {
    if (state !== "looking") return;
    if (expression.kind === "get" && expression.variable === variable) {
      state = effectsConflict(effects, value.effects) ? "refused" : "found";
      return;
    }
    const isSelect = expression.kind === "operation" && expression.instruction.name.startsWith("select");
    for (const operand of expression.operands) {
      if (state !== "looking") return;
      visit(operand);
      if ((state as string) === "found" && isSelect && value.effects !== 0) state = "refused";
    }
    // Of a tree only the whole is known: the node's own effects, and again those of its operands.
    effects |= expression.effects;
  };
  const roots = expressionsOf(statement);
  if (roots.some(({ depth }) => depth + value.depth > maxDepth)) return undefined;
  for (const root of roots) visit(root);
  if ((state as string) !== "found") return undefined;
  return mapOwnExpressions(statement, (root) =>
    mapExpression(root, (each) => (each.kind === "get" && each.variable === variable ? value : each)),
  );
}
