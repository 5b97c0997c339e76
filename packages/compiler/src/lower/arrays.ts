// What a loop reads of an array again and again, read before it: an array has the same elements for as long as it lives.
// Engines do not find that out by themselves.
import { type Loop, type Statement, visitExpressions } from "@anywasm/ir";
import { isNullable } from "@anywasm/isa";
import { binary, conditional, declare, member, number } from "../js/build.ts";
import type { JsExpression, JsName } from "../js/nodes.ts";
import { assignedIn } from "./analysis.ts";
import type { Lowering } from "./state.ts";

/** Constants that hold the parts of an array. */
export interface FixedArray {
  /** `null` of a null array. */
  readonly elements: JsName;
  /** More than any position, of a null array: so that looking for its elements is what fails. */
  readonly length: JsName;
  readonly isNullable: boolean;
}

/** Fixes the parts of arrays that a loop uses and keeps, as long as `lower` lowers it. */
export function withFixedArrays(state: Lowering, loop: Loop, lower: () => void): void {
  const fixed = state.analysis.usesArrays && state.readsAhead ? fixArrays(state, loop) : [];
  lower();
  for (const name of fixed) state.fixedArrays.delete(name);
}

function fixArrays(state: Lowering, loop: Loop): readonly string[] {
  const used = arraysIn([loop]);
  if (used.size === 0) return [];
  const assigned = assignedIn(loop);
  const names: string[] = [];
  for (const variable of used) {
    // Temporaries share names.
    if (variable >= state.func.localCount || assigned.has(variable)) continue;
    const array = state.variable(variable);
    if (state.fixedArrays.has(array.name)) continue;
    const mayBeNull = isNullable(state.typeOf(variable));
    const isNull = binary("===", array, { kind: "null" });
    const part = (property: "elements" | "length", ofNull: JsExpression): JsName => {
      const name = state.unique(`${array.name}$${property}`);
      const value = mayBeNull ? conditional(isNull, ofNull, member(array, property)) : member(array, property);
      state.emit(declare("const", [{ name, value }]));
      return { kind: "name", name };
    };
    state.fixedArrays.set(array.name, {
      elements: part("elements", { kind: "null" }),
      length: part("length", number(2 ** 32)),
      isNullable: mayBeNull,
    });
    names.push(array.name);
  }
  return names;
}

/** Variables whose elements or length are asked for. */
function arraysIn(body: readonly Statement[]): ReadonlySet<number> {
  const found = new Set<number>();
  visitExpressions(body, (expression) => {
    if (expression.kind !== "object" || !/^array\.(?:get|set|len)/.test(expression.instruction.name)) return;
    const [array] = expression.operands;
    if (array?.kind === "get") found.add(array.variable);
  });
  return found;
}
