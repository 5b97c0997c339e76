// 64-bit integers as BigInts, for engines that compile them to machine words (V8 since its version 12).
//
// Measured there: arithmetic on BigInts between `asUintN(64, ...)`, loads and stores costs as little as on numbers; but
// where two values of a variable meet, at the head of a loop or behind a branch, the BigInt is put on the heap. So what
// is assigned more than once lives in a slot, an element of a BigUint64Array that the function owns, whose words are
// also elements of an Int32Array; within straight-line code a slot's value is kept in a constant. See docs/performance.md.
//
// Invariants: a slot holds the variable's value wherever control can come from more than one place; slots belong to one
// activation, so a function that can be entered again while it runs has none (see passes/representation.ts).
import { assign, bigint, call, declare, index, name, number } from "../js/build.ts";
import type { JsExpression, JsIndex, JsName, JsStatement } from "../js/nodes.ts";
import type { Lowering, Pair } from "./state.ts";

interface Cached {
  readonly value: JsName;
  /** The slot does not have the value yet. */
  dirty: boolean;
}

/** A slot as a BigInt and as words. */
interface SlotParts {
  readonly value: JsIndex;
  readonly lo: JsIndex;
  readonly hi: JsIndex;
}

type Cache = Map<number, Cached>;

/** The 64-bit variables of a function that computes with BigInts. */
export class Int64Slots {
  /** Slots of variables. Others are constants: assigned once, and used only after that. */
  private readonly slots = new Map<number, number>();
  private cache: Cache = new Map();
  /** Caches of the lists around the current one. */
  private readonly outer: Cache[] = [];
  private scratchUsed = 0;
  private scratchCount = 0;

  constructor(variables: Iterable<number>) {
    for (const variable of variables) this.slots.set(variable, this.slots.size);
  }

  /** Elements the arrays need. */
  get count(): number {
    return this.slots.size + this.scratchCount;
  }

  hasSlot(variable: number): boolean {
    return this.slots.has(variable);
  }

  /** The value of a variable with a slot. */
  read(state: Lowering, variable: number): JsExpression {
    const known = this.cache.get(variable);
    if (known !== undefined) return known.value;
    const value = this.constantFor(state, variable, this.wide(state, variable));
    this.cache.set(variable, { value, dirty: false });
    return value;
  }

  /** The words of a variable with a slot. */
  readWords(state: Lowering, variable: number): Pair {
    this.flushVariable(state, variable);
    return this.wordsAt(state, this.slotOf(variable));
  }

  assign(state: Lowering, variable: number, value: JsExpression): void {
    const made = value.kind === "bigint" ? value : this.constantFor(state, variable, value);
    if (made.kind === "name") this.cache.set(variable, { value: made, dirty: true });
    else {
      this.cache.delete(variable);
      state.emit(assign(this.wide(state, variable), made));
    }
  }

  /** The words of a value without a slot. */
  spill(state: Lowering, value: JsExpression): SlotParts {
    const parts = this.takeSlot(state);
    state.emit(assign(parts.value, value));
    return parts;
  }

  /** A slot for one value, until the statement ends. */
  takeSlot(state: Lowering): SlotParts {
    const slot = this.slots.size + this.scratchUsed++;
    this.scratchCount = Math.max(this.scratchCount, this.scratchUsed);
    return { value: this.element(state, "int64", slot), ...this.wordsAt(state, slot) };
  }

  endStatement(): void {
    this.scratchUsed = 0;
  }

  /** Gives every slot its variable's value: before control goes where it can come from elsewhere. */
  flush(state: Lowering): void {
    for (const variable of this.cache.keys()) this.flushVariable(state, variable);
  }

  private flushVariable(state: Lowering, variable: number): void {
    const known = this.cache.get(variable);
    if (known === undefined || !known.dirty) return;
    state.emit(assign(this.wide(state, variable), known.value));
    known.dirty = false;
  }

  /** Begins a list of statements that control enters from elsewhere too, except for the variables in `kept`. */
  enter(kept: (variable: number) => boolean): void {
    const { cache } = this;
    this.outer.push(cache);
    this.cache = new Map();
    for (const [variable, { value }] of cache) if (kept(variable)) this.cache.set(variable, { value, dirty: false });
  }

  /** Ends it: slots hold their values, and what was known before is known again. */
  leave(state: Lowering): void {
    this.flush(state);
    this.cache = this.outer.pop() ?? new Map();
  }

  forget(variables: Iterable<number>): void {
    for (const variable of variables) this.cache.delete(variable);
  }

  private constantFor(state: Lowering, variable: number, value: JsExpression): JsName {
    const made = name(state.unique(`${state.variable(variable).name}_`));
    state.emit(declare("const", [{ name: made.name, value }]));
    return made;
  }

  private slotOf(variable: number): number {
    const slot = this.slots.get(variable);
    if (slot === undefined) throw new RangeError(`variable ${variable} has no slot`);
    return slot;
  }

  private wide(state: Lowering, variable: number): JsIndex {
    return this.element(state, "int64", this.slotOf(variable));
  }

  private wordsAt(state: Lowering, slot: number): Pick<SlotParts, "lo" | "hi"> {
    return { lo: this.element(state, "words", 2 * slot), hi: this.element(state, "words", 2 * slot + 1) };
  }

  private element(state: Lowering, view: "int64" | "words", position: number): JsIndex {
    return index(state.slotView(view), number(position));
  }

  /** Statements that give variables their first values: zero, or the words of a parameter. */
  initial(state: Lowering): JsStatement[] {
    const { localCount, type } = state.func;
    return [...this.slots].flatMap(([variable, slot]): JsStatement[] => {
      if (variable >= localCount) return [];
      if (variable >= type.params.length) return [assign(this.element(state, "int64", slot), bigint(0, 0))];
      const { lo, hi } = this.wordsAt(state, slot);
      return [assign(lo, state.variable(variable)), assign(hi, state.highVariable(variable))];
    });
  }
}

/** `asUintN(64, value)`. */
export function wrapped(state: Lowering, value: JsExpression): JsExpression {
  return call(state.helper("asUintN"), [number(64), value]);
}
