// What the stages of the builder share: operands that wait, frames that are open, and how values are placed.
import { Effect, type Effects, exnref, type FuncType, i32, type ValType } from "@anywasm/isa";
import type { Protection } from "./exceptions.ts";
import type { Factory, Value } from "./factory.ts";
import type { Frame } from "./frame.ts";
import { Operands } from "./operands.ts";

/** The effect that only calls have: they may throw. */
const throws: Effects = Effect.calls & ~0x7f;

export abstract class BuilderBase<V extends Value, S> {
  readonly type: FuncType;
  readonly localCount: number;
  readonly variables: ValType[];
  /** Complete once the function's `end` has been told. */
  readonly statements: S[] = [];
  protected readonly factory: Factory<V, S>;
  protected readonly operands: Operands<V>;
  protected readonly frames: Frame<V, S>[] = [];
  protected nextLabel = 0;
  protected reachable = true;
  /** Frames around whose exceptions are caught. */
  protected protectedBy = 0;

  /** @param variables types of the parameters, then of the declared locals; those of what is added go behind them. */
  constructor(type: FuncType, variables: ValType[], factory: Factory<V, S>) {
    this.type = type;
    this.localCount = variables.length;
    this.variables = variables;
    this.factory = factory;
    this.operands = new Operands<V>(factory);
    factory.start(this);
    this.enter("function", type.results, type.results, 0, undefined, []);
  }

  get labelCount(): number {
    return this.nextLabel;
  }

  // For factories

  emit(statement: S): void {
    this.statements.push(statement);
  }

  /** A variable that nothing else uses. */
  newVariable(type: ValType): number {
    return this.variables.push(type) - 1;
  }

  /** Prepares for a statement with `effects` that the factory emits next, before whatever waits on the stack. */
  settleBefore(effects: Effects): void {
    this.operands.settleBefore(effects);
  }

  // Placing

  protected caughtBy({ exception }: Protection<S>): V {
    return this.factory.get(exception, exnref, 0);
  }

  protected place(value: V): void {
    if (value.type === undefined) this.placeForEffect(value);
    else this.operands.push(value);
  }

  protected placeForEffect(value: V): void {
    if (value.effects === 0) return;
    this.operands.settleBefore(value.effects);
    this.statements.push(this.factory.evaluate(value));
    this.rest();
  }

  protected placeCall(call: V, { results }: FuncType): void {
    if (results.length < 2) this.place(call);
    else this.placeMany(call, results, true);
  }

  protected placeMany(value: V, results: readonly ValType[], isCall: boolean): void {
    this.operands.settleBefore(value.effects);
    const variables = results.map((type) => this.newVariable(type));
    this.statements.push(this.factory.setMany(variables, value, isCall));
    for (const variable of variables) this.pushGet(variable, 0);
  }

  protected settleTop(count: number): void {
    const values = this.operands.popMany(count);
    if (values.every((value) => this.operands.isSettled(value))) {
      for (const value of values) this.operands.push(value);
      return;
    }
    for (const value of values) this.operands.push(value);
    this.operands.settleAll();
  }

  /** Assigns `values` to the label's variables and jumps; to the function's own label, returns them. */
  protected branch(frame: Frame<V, S>, values: readonly V[], into: S[] = this.statements): void {
    if (frame.kind === "function") {
      into.push(this.factory.return(values));
      return;
    }
    frame.targeted = true;
    if (frame.labelTypes.length > 0) this.move(this.labelVariables(frame), values, into);
    into.push(this.factory.br(frame));
  }

  protected move(variables: readonly number[], values: readonly V[], into: S[]): void {
    // All values are read before any variable is written: one that reads a variable written earlier goes first.
    // Handlers, too, must see all or none of what was written.
    const safe = values.every(
      (value, i) =>
        variables.slice(0, i).every((variable) => !this.factory.mayRead(value, variable)) &&
        (i === 0 || this.protectedBy === 0 || (value.effects & throws) === 0),
    );
    const sources = safe
      ? values
      : values.map((value) => {
          const variable = this.newVariable(value.type as ValType);
          into.push(this.factory.set(variable, value));
          return this.factory.get(variable, value.type as ValType, 0);
        });
    variables.forEach((variable, i) => {
      const value = sources[i] as V;
      if (!this.factory.isGet(value, variable)) into.push(this.factory.set(variable, value));
    });
  }

  protected labelVariables(frame: Frame<V, S>): readonly number[] {
    frame.labelVariables ??= frame.labelTypes.map((type) => this.newVariable(type));
    return frame.labelVariables;
  }

  // Frames

  protected enter(
    kind: Frame<V, S>["kind"],
    labelTypes: readonly ValType[],
    resultTypes: readonly ValType[],
    parameterCount: number,
    condition: V | undefined,
    parameters: readonly V[],
  ): Frame<V, S> {
    const catches = kind === "try" || kind === "try_table";
    const frame: Frame<V, S> = {
      kind,
      label: this.nextLabel++,
      isLoop: kind === "loop",
      labelTypes,
      resultTypes,
      start: this.statements.length,
      height: this.reachable ? this.operands.height - parameterCount : this.operands.height,
      condition,
      likely: undefined,
      parameters,
      then: [],
      reachableBefore: this.reachable,
      labelVariables: undefined,
      targeted: false,
      thenReachable: false,
      protection: undefined,
      catcher: catches ? this.frames.length : (this.frames[this.frames.length - 1]?.catcher ?? 0),
    };
    this.frames.push(frame);
    this.factory.enter(frame.isLoop || kind === "if" || catches);
    return frame;
  }

  /** Statements emitted between entering `frame` and now belong before it. */
  protected restart(frame: Frame<V, S>): void {
    this.frames[this.frames.length - 1] = { ...frame, start: this.statements.length };
  }

  protected leave(frame: Frame<V, S>, results: readonly number[]): void {
    this.operands.truncate(frame.height);
    this.reachable = true;
    for (const variable of results) this.pushGet(variable, 0);
  }

  /** Puts the operands that fall off the end of an arm or block into the frame's result variables. */
  protected fallThrough(frame: Frame<V, S>): void {
    const count = frame.resultTypes.length;
    this.discardFrom(frame.height, count);
    if (count > 0) this.move(this.labelVariables(frame), this.operands.popMany(count), this.statements);
  }

  protected finishBody(frame: Frame<V, S>): void {
    const { protection } = frame;
    if (this.reachable) {
      const count = frame.resultTypes.length;
      this.discardFrom(0, count);
      if (count > 0 || protection !== undefined)
        this.statements.push(this.factory.return(this.operands.popMany(count)));
      this.reachable = false;
    }
    if (protection?.entry === undefined) return;
    const body = this.statements.splice(0);
    this.statements.push(
      this.factory.block(protection.entry, [protection.exception], body),
      this.factory.throwRef(this.caughtBy(protection), 0),
    );
  }

  /** Emits, in order, what has effects of the operands from `height` up to the `kept` topmost; they are dead otherwise. */
  protected discardFrom(height: number, kept: number): void {
    for (const value of this.operands.takeFrom(height, kept))
      if (value.effects !== 0) this.statements.push(this.factory.evaluate(value));
  }

  /** Emits what has effects among the current frame's operands below the `kept` topmost; a jump drops the rest. */
  protected discardDead(kept: number): void {
    this.discardFrom((this.frames[this.frames.length - 1] as Frame<V, S>).height, kept);
  }

  protected becomeUnreachable(): void {
    this.reachable = false;
    this.operands.truncate((this.frames[this.frames.length - 1] as Frame<V, S>).height);
  }

  protected frameAt(depth: number): Frame<V, S> {
    return this.frames[this.frames.length - 1 - depth] as Frame<V, S>;
  }

  protected pushGet(variable: number, offset: number): void {
    this.operands.push(this.factory.get(variable, this.variables[variable] ?? i32, offset));
  }

  /** After a statement. */
  protected rest(): void {
    if (this.operands.height === (this.frames[this.frames.length - 1] as Frame<V, S>).height) this.factory.rest();
  }
}
