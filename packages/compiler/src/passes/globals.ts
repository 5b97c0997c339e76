// Reads mutable globals from locals, in functions that call nothing: nobody else can change them meanwhile. Writes are passed
// on at once, since a trap would show what was held back.
import {
  type Expression,
  entity,
  type Func,
  get,
  isCall,
  mapBodies,
  mapExpression,
  mapOwnExpressions,
  type Statement,
  visitExpressions,
} from "@anywasm/ir";
import { i32, instruction, isRefType, type ValType, v128 } from "@anywasm/isa";
import type { Pass } from "./pass.ts";
import { Renamer, withNewLocals } from "./rename.ts";

/** Uses of a global that are worth a local. */
const leastUses = 3;

export const globals: Pass = (func, { structure }) => {
  const uses = usesOf(func);
  if (uses === undefined) return func;
  const chosen = [...uses].filter(([index, count]) => {
    const type = structure.globals[index];
    return count >= leastUses && type !== undefined && type.mutable && !isRefType(type.value) && type.value !== v128;
  });
  if (chosen.length === 0) return func;
  const types = chosen.map(([index]) => structure.globals[index]?.value as ValType);
  const { localCount } = func;
  const locals = new Map(chosen.map(([index], i) => [index, localCount + i]));
  const { func: made, moved } = withNewLocals(func, types);
  const renamed = new Renamer(moved).body(func.body);
  const first = chosen.map(
    ([index], i): Statement => ({
      kind: "set",
      variable: localCount + i,
      value: entity(instruction("global.get"), index, types[i], [], 0),
    }),
  );
  return { ...made, body: [...first, ...withLocals(renamed, locals)] };
};

/** How often the function reads or writes each global; `undefined` if it calls something. */
function usesOf(func: Func): ReadonlyMap<number, number> | undefined {
  const uses = new Map<number, number>();
  let calls = false;
  visitExpressions(func.body, (expression) => {
    if (isCall(expression)) calls = true;
    if (isGlobal(expression)) uses.set(expression.index, (uses.get(expression.index) ?? 0) + 1);
  });
  return calls ? undefined : uses;
}

function isGlobal(expression: Expression): expression is Expression & { readonly kind: "entity" } {
  return expression.kind === "entity" && expression.instruction.name.startsWith("global.");
}

function withLocals(body: readonly Statement[], locals: ReadonlyMap<number, number>): readonly Statement[] {
  const read = (expression: Expression): Expression =>
    mapExpression(expression, (each) => {
      const local = isGlobal(each) && each.instruction.name === "global.get" ? locals.get(each.index) : undefined;
      return local === undefined ? each : get(local, each.type ?? i32, each.offset);
    });
  return body.flatMap((statement) => {
    const changed = mapBodies(mapOwnExpressions(statement, read), (inner) => withLocals(inner, locals));
    if (changed.kind !== "evaluate" || !isGlobal(changed.value)) return [changed];
    const local = locals.get(changed.value.index);
    if (local === undefined) return [changed];
    const { instruction: row, index, offset } = changed.value;
    const value = changed.value.operands[0] as Expression;
    const passedOn = entity(row, index, undefined, [get(local, value.type ?? i32, offset)], offset);
    return [
      { kind: "set", variable: local, value },
      { kind: "evaluate", value: passedOn },
    ];
  });
}
