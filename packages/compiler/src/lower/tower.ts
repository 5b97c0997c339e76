// Lowers towers of nested blocks that are too high to nest in JavaScript to a dispatch loop:
//
//   let next = index >>> 0 < 200 ? index : 200;
//   dispatch: for (;;) {
//     switch (next) {
//       case 0: case 7: { ...what follows a block that the table goes to... }
//       case 1: case 201: { ...what follows another one... }   // a branch to it is `next = 201; continue dispatch`
//       ...
//     }
//     break;
//   }
//
// Cases fall through into each other as blocks do. Any block may be the target of any branch. A jump costs a turn of
// the loop, so towers that engines can parse stay nested. Where the innermost block does not end in a table, or jumps about
// before that, it is a case itself, the first one.
import { type Block, type BrTable, visitStatements } from "@anywasm/ir";
import { assign, binary, conditional, declare, name, number, unsigned } from "../js/build.ts";
import type { JsCase, JsExpression } from "../js/nodes.ts";
import { visitLabels } from "./analysis.ts";
import { groupByLabel, insideBreakable, jump, labelIfUsed } from "./jumps.ts";
import { lowerNumber } from "./operands.ts";
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
  const [innermost, ...outer] = blocks as [Block, ...Block[]];
  // Results are assigned in one case and read in another.
  for (const { results } of blocks) state.declareResults(results);
  const next = name(state.unique("next"));
  state.dispatchVariables.push(next.name);
  const dispatch = state.unique(`dispatch${outermost.label}`);
  const cases = `${dispatch}_cases`;
  const table = tableOf(innermost, blocks);
  // Numbers from 0 are the table's positions, then comes what is behind them.
  const first = table === undefined ? 0 : table.labels.length;
  const start = first + blocks.length;
  blocks.forEach(({ label }, i) => {
    if (i === blocks.length - 1) state.targets.set(label, { jump: "break", label: cases });
    else state.targets.set(label, { jump: "continue", label: dispatch, before: assign(next, number(first + 1 + i)) });
  });
  const list: JsCase[] = [];
  let begin: JsExpression = number(start);
  if (table !== undefined) {
    state.lowerBody(innermost.body.slice(0, -1));
    const position = state.atom(lowerNumber(state, table.index));
    state.flushSlots();
    begin = conditional(binary("<", unsigned(position), number(first)), position, number(first));
  }
  const body = insideBreakable(state, dispatch, true, () => {
    insideBreakable(state, cases, false, () => {
      if (table === undefined) list.push({ tests: [start], body: state.nestedBody(innermost.body) });
      // All positions behind the table are one more.
      const positions =
        table === undefined ? new Map<number, number[]>() : groupByLabel([...table.labels, table.fallback], undefined);
      const inside = new Set(blocks.slice(0, -1).map(({ label }) => label));
      for (const [label, tests] of positions) if (!inside.has(label)) list.push({ tests, body: jump(state, label) });
      outer.forEach((block, i) => {
        const { label } = blocks[i] as Block;
        const tests = positions.get(label) ?? [];
        const isBranchedTo = tests.length < (state.analysis.labelUses[label] ?? 0);
        list.push({
          tests: isBranchedTo ? [...tests, first + 1 + i] : tests,
          body: state.weigh(state.nestedBody(block.body.slice(1)), label),
        });
      });
    });
    state.emit({ kind: "switch", label: labelIfUsed(state, cases), subject: next, cases: list });
    state.emit({ kind: "break", label: undefined });
  });
  state.emit(declare("let", [{ name: next.name, value: begin }]));
  state.emit({ kind: "loop", label: labelIfUsed(state, dispatch), body });
}

/** The table that the innermost block ends in, if nothing before it branches to the tower's blocks. */
function tableOf(innermost: Block, blocks: readonly Block[]): BrTable | undefined {
  const table = innermost.body[innermost.body.length - 1];
  if (table?.kind !== "br_table") return undefined;
  const labels = new Set(blocks.map(({ label }) => label));
  let branches = false;
  visitStatements(innermost.body.slice(0, -1), (statement) => {
    visitLabels(statement, (label) => {
      branches ||= labels.has(label);
    });
  });
  return branches ? undefined : table;
}
