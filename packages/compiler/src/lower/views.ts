// What memories are read and written through: a view, which growing replaces. Engines keep what they know of a constant
// across the turns of a loop, and nothing of what they read anew; so where no memory can grow, views are looked up once.
import type { Statement } from "@anywasm/ir";
import { declare, member, name } from "../js/build.ts";
import type { JsExpression, JsStatement } from "../js/nodes.ts";
import { loopsWithoutGrowth } from "./analysis.ts";
import type { Lowering } from "./state.ts";

export function memoryView(state: Lowering, memory: number): JsExpression {
  return state.fixedViews.get(memory) ?? member(state.entity("memory", memory), "view");
}

/** Looks views up now, for statements in which no memory may grow. */
export function fixViews(state: Lowering): readonly JsStatement[] {
  const declarators = [...state.analysis.memories].map((memory) => {
    const fixed = name(state.unique("view"));
    const value = member(state.entity("memory", memory), "view");
    state.fixedViews.set(memory, fixed);
    return { name: fixed.name, value };
  });
  return declarators.length === 0 ? [] : [declare("const", declarators)];
}

/** Whether views should be looked up before a loop: they are not yet, and may be. */
export function fixesViews(state: Lowering, loop: Statement): boolean {
  if (state.fixedViews.size > 0 || state.analysis.memories.size === 0) return false;
  state.callFreeLoops ??= loopsWithoutGrowth(state.func);
  return state.callFreeLoops.has(loop);
}
