// Branches as JavaScript jumps, and the statements that jumps without a label mean.
import type { JsStatement } from "../js/nodes.ts";
import type { Lowering } from "./state.ts";

/** `break` or `continue`, without a label where the innermost statement is meant anyway. */
export function jump(state: Lowering, label: number): readonly JsStatement[] {
  const target = state.targets.get(label);
  if (target === undefined) throw new RangeError(`branch to label ${label} outside its block`);
  const innermost = target.jump === "continue" ? state.innermostLoop : state.innermostBreakable;
  const bare = innermost === target.label;
  if (!bare) state.usedLabels.add(target.label);
  const statement: JsStatement = { kind: target.jump, label: bare ? undefined : target.label };
  return target.before === undefined ? [statement] : [target.before, statement];
}

/**
 * Runs `lower` with `label` as the innermost statement that a bare jump would mean.
 * @param kept see `Lowering.nested`
 */
export function insideBreakable(
  state: Lowering,
  label: string,
  isLoop: boolean,
  lower: () => void,
  kept?: (variable: number) => boolean,
): JsStatement[] {
  const { innermostLoop, innermostBreakable } = state;
  if (isLoop) state.innermostLoop = label;
  state.innermostBreakable = label;
  const body = state.nested(lower, kept);
  state.innermostLoop = innermostLoop;
  state.innermostBreakable = innermostBreakable;
  return body;
}

/** The label if some jump names it. */
export function labelIfUsed(state: Lowering, label: string): string | undefined {
  return state.usedLabels.has(label) ? label : undefined;
}

/** The table's positions by target, without those that `default` covers. */
export function groupByLabel(labels: readonly number[], fallback: number | undefined): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  labels.forEach((label, position) => {
    if (label === fallback) return;
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [position]);
    else group.push(position);
  });
  return groups;
}
