// The builder's operand stack: expressions not yet placed in a statement, and the rule that decides when one must be.
//
// An entry may wait on the stack, to become part of its consumer's tree, as long as nothing that runs before the
// consumer can tell the difference. Whatever can tell makes the entry settle: it is evaluated into a temporary at
// once, and the stack keeps a `get` of the temporary. A temporary is assigned in one place, so its `get` never has to
// settle again; neither has a constant.
import { type Effects, effectsConflict, type ValType } from "@anywasm/isa";
import { get, mayRead } from "./expressions.ts";
import type { Expression, Statement } from "./nodes.ts";

/** Trees higher than this are cut, so that recursion over an expression is bounded. */
const maxDepth = 100;
/** Entries that wait at the same time; older ones settle. Bounds the work of one statement on any input. */
const maxWaiting = 64;

/** Where statements go and variables come from. */
export interface Destination {
  readonly localCount: number;
  readonly variables: ValType[];
  readonly statements: Statement[];
}

export class Operands {
  private readonly destination: Destination;
  private readonly entries: Expression[] = [];
  /** Entries below this index are settled. */
  private settledBelow = 0;

  constructor(destination: Destination) {
    this.destination = destination;
  }

  get height(): number {
    return this.entries.length;
  }

  push(expression: Expression): void {
    const entries = this.entries;
    entries.push(expression);
    if (expression.depth > maxDepth) this.settleAt(entries.length - 1);
    if (entries.length - this.settledBelow > maxWaiting) {
      if (!this.isSettled(entries[this.settledBelow])) this.settleAt(this.settledBelow);
      this.settledBelow++;
    }
  }

  pop(): Expression {
    const entry = this.entries.pop();
    if (entry === undefined) throw new RangeError("operand stack underflow");
    this.lowered();
    return entry;
  }

  /** Removes the `count` topmost entries; the first of the result is the lowest. */
  popMany(count: number): Expression[] {
    const taken = this.entries.splice(this.entries.length - count, count);
    this.lowered();
    return taken;
  }

  peekMany(count: number): readonly Expression[] {
    return count === 0 ? [] : this.entries.slice(-count);
  }

  truncate(height: number): void {
    this.entries.length = height;
    this.lowered();
  }

  private lowered(): void {
    if (this.settledBelow > this.entries.length) this.settledBelow = this.entries.length;
  }

  isSettled(expression: Expression | undefined): boolean {
    if (expression === undefined) return true;
    return (
      expression.kind === "constant" ||
      (expression.kind === "get" && expression.variable >= this.destination.localCount)
    );
  }

  /** Evaluates `expression` into a new temporary and returns a `get` of it. */
  spill(expression: Expression): Expression {
    const { type } = expression;
    if (type === undefined) throw new TypeError("an expression without a result cannot be spilled");
    const variable = this.destination.variables.length;
    this.destination.variables.push(type);
    this.destination.statements.push({ kind: "set", variable, value: expression });
    return get(variable, type, expression.offset);
  }

  private settleAt(index: number): void {
    const entry = this.entries[index];
    if (entry === undefined || this.isSettled(entry)) return;
    // Entries below are evaluated before this one, so those that could tell settle first.
    this.settleConflicting(index, entry.effects);
    this.entries[index] = this.spill(entry);
  }

  /** Settles every entry. Needed before control structure: nothing may wait across a label. */
  settleAll(): void {
    for (let index = this.settledBelow; index < this.entries.length; index++) {
      const entry = this.entries[index];
      if (entry !== undefined && !this.isSettled(entry)) this.entries[index] = this.spill(entry);
    }
    this.settledBelow = this.entries.length;
  }

  /** Prepares for a statement with `effects` that is emitted next and runs before whatever waits here. */
  settleBefore(effects: Effects): void {
    this.settleConflicting(this.entries.length, effects);
  }

  /** Prepares for an assignment to `variable`. */
  settleReadersOf(variable: number, effects: Effects): void {
    const entries = this.entries;
    let pending = effects;
    let settle: number[] | undefined;
    for (let index = entries.length - 1; index >= this.settledBelow; index--) {
      const entry = entries[index];
      if (entry === undefined || this.isSettled(entry)) continue;
      if (effectsConflict(entry.effects, pending) || mayRead(entry, variable)) {
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
      if (entry !== undefined) this.entries[index] = this.spill(entry);
    }
  }

  /** Emits, in order, the entries from `height` up to the `kept` topmost that have effects; they are dead otherwise. */
  discardFrom(height: number, kept: number): void {
    const dead = this.entries.splice(height, Math.max(0, this.entries.length - kept - height));
    for (const entry of dead)
      if (entry.effects !== 0) this.destination.statements.push({ kind: "evaluate", value: entry });
    this.lowered();
  }
}
