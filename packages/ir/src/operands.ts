// The builder's operand stack: values not yet placed in a statement, and the rule that decides when one must be.
//
// An entry may wait on the stack, to become part of its consumer's tree, as long as nothing that runs before the
// consumer can tell the difference. Whatever can tell makes the entry settle: it is evaluated into a temporary at
// once, and the stack keeps a `get` of the temporary. A temporary is assigned in one place, so its `get` never has to
// settle again; neither has a constant.
import { type Effects, effectsConflict } from "@anywasm/isa";
import type { Factory, Value } from "./factory.ts";

/** Trees higher than this are cut, so that recursion over a value is bounded. */
const maxDepth = 100;
/** Entries that wait at the same time; older ones settle. Bounds the work of one statement on any input. */
const maxWaiting = 64;

const none: readonly never[] = [];

export class Operands<V extends Value> {
  private readonly factory: Pick<Factory<V, never>, "isSettled" | "mayRead" | "spill">;
  private readonly entries: V[] = [];
  /** Entries below this index are settled. */
  private settledBelow = 0;

  constructor(factory: Pick<Factory<V, never>, "isSettled" | "mayRead" | "spill">) {
    this.factory = factory;
  }

  get height(): number {
    return this.entries.length;
  }

  push(value: V): void {
    const entries = this.entries;
    entries.push(value);
    if (value.depth > maxDepth) this.settleAt(entries.length - 1);
    if (entries.length - this.settledBelow > maxWaiting) {
      if (!this.isSettled(entries[this.settledBelow])) this.settleAt(this.settledBelow);
      this.settledBelow++;
    }
  }

  pop(): V {
    const entry = this.entries.pop();
    if (entry === undefined) throw new RangeError("operand stack underflow");
    this.lowered();
    return entry;
  }

  /** Removes the `count` topmost entries; the first of the result is the lowest. */
  popMany(count: number): V[] {
    if (count === 0) return [];
    const taken = this.entries.splice(this.entries.length - count, count);
    this.lowered();
    return taken;
  }

  peekMany(count: number): readonly V[] {
    return count === 0 ? [] : this.entries.slice(-count);
  }

  truncate(height: number): void {
    this.entries.length = height;
    this.lowered();
  }

  private lowered(): void {
    if (this.settledBelow > this.entries.length) this.settledBelow = this.entries.length;
  }

  isSettled(value: V | undefined): boolean {
    return value === undefined || this.factory.isSettled(value);
  }

  private settleAt(index: number): void {
    const entry = this.entries[index];
    if (entry === undefined || this.isSettled(entry)) return;
    // Entries below are evaluated before this one, so those that could tell settle first.
    this.settleConflicting(index, entry.effects);
    this.entries[index] = this.factory.spill(entry);
  }

  /** Settles every entry. Needed before control structure: nothing may wait across a label. */
  settleAll(): void {
    for (let index = this.settledBelow; index < this.entries.length; index++) {
      const entry = this.entries[index];
      if (entry !== undefined && !this.isSettled(entry)) this.entries[index] = this.factory.spill(entry);
    }
    this.settledBelow = this.entries.length;
  }

  /** Prepares for a statement with `effects` that is emitted next and runs before whatever waits here. */
  settleBefore(effects: Effects): void {
    this.settleConflicting(this.entries.length, effects);
  }

  /** Prepares for an assignment to `variable`, before which everything with one of the effects `mustPrecede` must run. */
  settleReadersOf(variable: number, effects: Effects, mustPrecede: Effects): void {
    const entries = this.entries;
    let pending = effects;
    let settle: number[] | undefined;
    for (let index = entries.length - 1; index >= this.settledBelow; index--) {
      const entry = entries[index];
      if (entry === undefined || this.isSettled(entry)) continue;
      const isFirst = (entry.effects & mustPrecede) !== 0;
      if (isFirst || effectsConflict(entry.effects, pending) || this.factory.mayRead(entry, variable)) {
        pending |= entry.effects;
        (settle ??= []).push(index);
      }
    }
    this.settleIndices(settle);
  }

  private settleConflicting(below: number, effects: Effects): void {
    if (effects === 0) return;
    const entries = this.entries;
    let pending = effects;
    let settle: number[] | undefined;
    // From the top: an entry that settles runs earlier than those beneath it, so they must agree with it too.
    for (let index = below - 1; index >= this.settledBelow; index--) {
      const entry = entries[index];
      if (entry !== undefined && effectsConflict(entry.effects, pending)) {
        pending |= entry.effects;
        (settle ??= []).push(index);
      }
    }
    this.settleIndices(settle);
  }

  private settleIndices(indices: readonly number[] | undefined): void {
    if (indices === undefined) return;
    for (let i = indices.length - 1; i >= 0; i--) {
      const index = indices[i] as number;
      const entry = this.entries[index];
      if (entry !== undefined) this.entries[index] = this.factory.spill(entry);
    }
  }

  /** Removes the entries from `height` up to the `kept` topmost. */
  takeFrom(height: number, kept: number): readonly V[] {
    const dead = this.entries.length - kept - height;
    if (dead <= 0) return none;
    const taken = this.entries.splice(height, dead);
    this.lowered();
    return taken;
  }
}
