// Lowers towers of nested blocks that are too high to nest in JavaScript to a dispatch loop:
//
//   let next = 0;
//   dispatch: for (;;) {
//     switch (next) {
//       case 0: { ...innermost block... }
//       case 1: { ...what follows it... }      // a branch to the innermost block is `next = 1; continue dispatch`
//       ...
//     }
//     break;
//   }
//
// Cases fall through into each other as blocks do. Any block may be the target of any branch. A jump costs a turn of
// the loop, so towers that engines can parse stay nested.
import type { Block } from "@anywasm/ir";
import { assign, declare, name, number } from "../js/build.ts";
import type { JsCase } from "../js/nodes.ts";
import { insideBreakable, labelIfUsed } from "./jumps.ts";
import type { Lowering } from "./state.ts";

/** Blocks that nest without trouble. */
const maxHeight = 64;

/** The blocks of the tower whose outermost is `block`, that one first; no more than `limit`. */
export function blocksOf(block: Block, limit = Infinity): Block[] {
  const blocks = [block];
  for (let inner = block.body[0]; inner?.kind === "block" && blocks.length < limit; inner = inner.body[0])
    blocks.push(inner);
  return blocks;
}

export function isTower(block: Block): boolean {
  return blocksOf(block, maxHeight + 1).length > maxHeight;
}

export function lowerTower(state: Lowering, outermost: Block): void {
  const blocks = blocksOf(outermost).reverse();
  // Results are assigned in one case and read in another.
  for (const { results } of blocks) state.declareResults(results);
  const next = name(state.unique("next"));
  const dispatch = state.unique(`dispatch${outermost.label}`);
  const cases = `${dispatch}_cases`;
  blocks.forEach(({ label }, i) => {
    if (i === blocks.length - 1) state.targets.set(label, { jump: "break", label: cases });
    else state.targets.set(label, { jump: "continue", label: dispatch, before: assign(next, number(i + 1)) });
  });
  const list: JsCase[] = [];
  const body = insideBreakable(state, dispatch, true, () => {
    insideBreakable(state, cases, false, () => {
      blocks.forEach((block, i) => {
        const rest = i === 0 ? block.body : block.body.slice(1);
        list.push({ tests: [i], body: state.nestedBody(rest) });
      });
    });
    state.emit({ kind: "switch", label: labelIfUsed(state, cases), subject: next, cases: list });
    state.emit({ kind: "break", label: undefined });
  });
  state.emit(declare("let", [{ name: next.name, value: number(0) }]));
  state.emit({ kind: "loop", label: labelIfUsed(state, dispatch), body });
}
