// Lowers assignments of 64-bit integers without detours: what has just been put into temporaries, to be copied from
// there and never looked at again, is put into the variable itself.
import type { Expression } from "@anywasm/ir";
import type { JsExpression, JsStatement } from "../js/nodes.ts";
import { mentions } from "../js/walk.ts";
import { lowerPair } from "./operands.ts";
import type { Lowering, Pair } from "./state.ts";

/** Lowers `variable = value` for a 64-bit integer. */
export function assignPair(state: Lowering, variable: number, value: Expression): void {
  const mark = state.out.length;
  const pair = lowerPair(state, value);
  state.setPair(variable, withoutTemporaries(state, mark, variable, pair));
}

/**
 * Takes back the last two statements if they define the pair's words, low one first. Statements from `mark` on come from
 * lowering the value: they assign nothing but temporaries, which only the pair refers to.
 */
function withoutTemporaries(state: Lowering, mark: number, variable: number, pair: Pair): Pair {
  const { out } = state;
  if (out.length < mark + 2) return pair;
  const hi = definitionOf(out[out.length - 1], pair.hi);
  const lo = definitionOf(out[out.length - 2], pair.lo);
  if (hi === undefined || lo === undefined) return pair;
  // The low word is assigned first, and the high one must not be computed from its new value.
  const target = state.assignedName(variable);
  if (target !== undefined && mentions(hi, target)) return pair;
  out.length -= 2;
  return { lo, hi };
}

/** The value of `word`, if the statement defines it. */
function definitionOf(statement: JsStatement | undefined, word: JsExpression): JsExpression | undefined {
  if (word.kind !== "name" || statement === undefined) return undefined;
  if (statement.kind === "assign" && statement.target.kind === "name" && statement.target.name === word.name)
    return statement.value;
  if (statement.kind !== "declare" || statement.declarators.length !== 1) return undefined;
  const [only] = statement.declarators;
  return only?.name === word.name ? only.value : undefined;
}
