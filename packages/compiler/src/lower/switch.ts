// Lowers nested blocks around a br_table to one `switch`.
//
// Compilers write `switch` as a tower of blocks with the table in the innermost one; the code behind each block is a
// case that falls through into the next. A tower may be thousands of blocks high, deeper than engines parse, so it is
// walked and printed flat. A block can become a case only if nothing but the table branches to it; from the first that
// is a target of other branches too, the rest of the tower stays nested.
import type { Block, BrTable, Statement } from "@anywasm/ir";
import type { JsCase } from "../js/nodes.ts";
import { groupByLabel, insideBreakable, jump, labelIfUsed } from "./jumps.ts";
import { lowerNumber } from "./operands.ts";
import type { Lowering } from "./state.ts";
import { blocksOf } from "./tower.ts";

interface Tower {
  /** Innermost first; the last one is the block that was asked about. */
  readonly blocks: readonly Block[];
  readonly table: BrTable;
}

function towerOf(block: Block): Tower | undefined {
  const blocks = blocksOf(block).reverse();
  const inner = blocks[0] as Block;
  const table = inner.body[inner.body.length - 1];
  if (table?.kind !== "br_table") return undefined;
  return { blocks, table };
}

/** How many blocks from the innermost are reached by the table alone. */
function flatCount(state: Lowering, { blocks, table }: Tower): number {
  const uses = new Map<number, number>();
  for (const label of [...table.labels, table.fallback]) uses.set(label, (uses.get(label) ?? 0) + 1);
  let count = 0;
  for (const { label, results } of blocks) {
    if (results.length > 0 || uses.get(label) !== state.analysis.labelUses[label]) break;
    count++;
  }
  return count;
}

/** Whether `block` is the outermost of a tower that becomes a switch with cases of its own. */
export function isTableChain(state: Lowering, block: Block): boolean {
  const tower = towerOf(block);
  if (tower === undefined) return false;
  const flat = flatCount(state, tower);
  // The outermost block may be the target of any branch: leaving it is `break`.
  return flat >= 1 && flat >= tower.blocks.length - 1;
}

export function lowerTableChain(state: Lowering, block: Block): void {
  const tower = towerOf(block) as Tower;
  const { blocks, table } = tower;
  const innermost = blocks[0] as Block;
  const label = state.unique(`switch${block.label}`);
  // What precedes the table runs first; it lies inside all blocks but branches to the outermost only.
  const before = innermost.body.slice(0, -1);
  state.targets.set(block.label, { jump: "break", label });
  if (before.length === 0) {
    lowerSwitch(state, blocks, table, label);
    return;
  }
  const branchesOut = (state.analysis.labelUses[block.label] ?? 0) > 0;
  if (!branchesOut) {
    state.lowerBody(before);
    lowerSwitch(state, blocks, table, label);
    return;
  }
  const body = state.nested(() => {
    state.lowerBody(before);
    lowerSwitch(state, blocks, table, state.unique(`${label}_cases`));
  });
  state.emit({ kind: "block", label, body });
}

function lowerSwitch(state: Lowering, blocks: readonly Block[], table: BrTable, label: string): void {
  const subject = lowerNumber(state, table.index);
  state.flushSlots();
  const groups = groupByLabel(table.labels, table.fallback);
  const cases: JsCase[] = [];
  insideBreakable(state, label, false, () => {
    // Targets outside the tower first, since a case falls through into the next.
    const own = new Map(blocks.slice(0, -1).map((each, i) => [each.label, i]));
    for (const [target, tests] of groups) if (!own.has(target)) cases.push({ tests, body: jump(state, target) });
    if (!own.has(table.fallback)) cases.push({ tests: [undefined], body: jump(state, table.fallback) });
    for (let i = 0; i < blocks.length - 1; i++) {
      const inner = blocks[i] as Block;
      const outer = blocks[i + 1] as Block;
      const tests: (number | undefined)[] = [...(groups.get(inner.label) ?? [])];
      if (table.fallback === inner.label) tests.push(undefined);
      const rest: readonly Statement[] = outer.body.slice(1);
      cases.push({ tests, body: state.weigh(state.nestedBody(rest), inner.label) });
    }
  });
  const outermost = blocks[blocks.length - 1] as Block;
  state.emit(state.weigh({ kind: "switch", label: labelIfUsed(state, label), subject, cases }, outermost.label));
}
