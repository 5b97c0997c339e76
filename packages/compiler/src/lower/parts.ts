// What splitting a function has to know of its variables: which element a part gives each back in.
import { isRefType } from "@anywasm/isa";
import { index, number } from "../js/build.ts";
import type { JsIndex } from "../js/nodes.ts";
import type { OutlineContext, Slot } from "../js/outline.ts";
import type { Lowering } from "./state.ts";
import { slotFor } from "./variables.ts";

/** Elements that 64-bit variables take. */
export function int64SlotCount(state: Lowering): number {
  return state.computesWithBigInts ? state.int64Slots.count : 0;
}

/** Elements of parts lie behind those of 64-bit variables. */
export class PartSlots implements OutlineContext {
  readonly maxSize: number;
  readonly result: OutlineContext["result"];
  private readonly state: Lowering;
  private readonly variables: ReadonlyMap<string, Slot>;
  private readonly scratch: ReadonlySet<string>;
  private readonly first: number;
  /** Elements the function owns. */
  count: number;

  constructor(state: Lowering) {
    this.state = state;
    this.maxSize = state.module.splitAbove;
    this.variables = state.numberVariables();
    this.scratch = new Set(state.pooledNames);
    this.first = int64SlotCount(state);
    this.count = this.first;
    const { results } = state.func.type;
    const [only] = results;
    if (results.length > 1 || state.tailCalls) this.result = undefined;
    else if (only === undefined) this.result = "none";
    else this.result = isRefType(only) ? undefined : slotFor(only);
  }

  readonly weightOf: OutlineContext["weightOf"] = (node) => this.state.weights.get(node);

  slotOf(name: string): Slot | undefined {
    return this.variables.get(name);
  }

  isScratch(name: string): boolean {
    return this.scratch.has(name);
  }

  unique(wanted: string): string {
    return this.state.unique(wanted);
  }

  /** Words and floats alternate, so that neither overlaps the other. */
  element(slot: Slot, position: number): JsIndex {
    const element = this.first + 2 * position + (slot === "int" ? 0 : 1);
    this.count = Math.max(this.count, element + 1);
    const view = this.state.slotView(slot === "int" ? "words" : "floats");
    return index(view, number(slot === "int" ? 2 * element : element));
  }
}
