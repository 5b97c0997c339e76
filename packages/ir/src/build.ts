// Builds a function from a stream of stack-machine instructions that a validator has found well typed.
// Knows control structure and evaluation order; knows neither bytes nor typing rules.
//
// Code behind an unconditional transfer of control is dead: until the enclosing `end` or `else` the builder ignores
// what it is told, so callers need not look at `reachable` themselves.
import { exnref, type FuncType, type ValType } from "@anywasm/isa";
import { ControlBuilder } from "./build-control.ts";
import { type CatchClause, chooseArm, clausesTaken, type Protection, payload, protect } from "./exceptions.ts";
import type { Value } from "./factory.ts";
import type { Frame } from "./frame.ts";

export type { WaysOfReference } from "./build-control.ts";

const none: readonly never[] = [];

export class FunctionBuilder<V extends Value, S> extends ControlBuilder<V, S> {
  end(): void {
    const top = this.frames[this.frames.length - 1] as Frame<V, S>;
    if (top.kind === "if") {
      // Without `else` the parameters are the results.
      this.else();
      this.end();
      return;
    }
    this.frames.pop();
    this.factory.leave();
    if (top.kind === "function") {
      this.finishBody(top);
      return;
    }
    if (!top.reachableBefore) {
      if (top.kind === "try" || top.kind === "try_table") this.protectedBy--;
      this.operands.truncate(top.height);
      this.reachable = false;
      return;
    }
    if (top.kind === "else") this.endIf(top);
    else if (top.protection !== undefined) this.endTry(top);
    else if (top.kind === "loop") this.endLoop(top);
    else this.endBlock(top);
  }

  throw(tag: number, type: FuncType, offset: number): void {
    if (!this.reachable) return;
    const values = this.operands.popMany(type.params.length);
    this.discardDead(0);
    this.statements.push(this.factory.throw(tag, values, offset));
    this.becomeUnreachable();
  }

  throwRef(offset: number): void {
    if (!this.reachable) return;
    this.placeThrowRef(this.operands.pop(), offset);
  }

  protected placeThrowRef(value: V, offset: number): void {
    this.discardDead(0);
    this.statements.push(this.factory.throwRef(value, offset));
    this.becomeUnreachable();
  }

  tryTable(params: readonly ValType[], results: readonly ValType[], clauses: readonly CatchClause[]): void {
    if (clauses.length === 0) this.block(params, results);
    else this.enterProtected("try_table", params, results, clausesTaken(clauses));
  }

  try(params: readonly ValType[], results: readonly ValType[]): void {
    this.enterProtected("try", params, results, none);
  }

  protected enterProtected(
    kind: "try_table" | "try",
    params: readonly ValType[],
    results: readonly ValType[],
    clauses: readonly CatchClause[],
  ): void {
    this.operands.settleAll();
    const frame = this.enter(kind, results, results, params.length, undefined, []);
    frame.protection = this.newProtection(clauses);
    this.protectedBy++;
  }

  protected newProtection(clauses: readonly CatchClause[]): Protection<S> {
    const exception = this.newVariable(exnref);
    return { clauses, exception, entry: undefined, body: [], arms: [], tag: undefined };
  }

  catch(tag: number, type: FuncType): void {
    const protection = this.enterArm(tag);
    if (!this.reachable) return;
    for (const value of payload(this.factory, tag, type.params, this.caughtBy(protection))) this.operands.push(value);
  }

  catchAll(): void {
    this.enterArm(undefined);
  }

  protected enterArm(tag: number | undefined): Protection<S> {
    const frame = this.frames[this.frames.length - 1] as Frame<V, S>;
    const protection = frame.protection as Protection<S>;
    this.leaveArm(frame, protection);
    this.operands.truncate(frame.height);
    this.reachable = frame.reachableBefore;
    protection.tag = tag;
    this.frames[this.frames.length - 1] = { ...frame, kind: "catch", catcher: this.frameAt(1).catcher };
    return protection;
  }

  /** The body of a `try`, or one of its handlers, is complete. */
  protected leaveArm(frame: Frame<V, S>, protection: Protection<S>): void {
    const isBody = frame.kind === "try";
    if (isBody) this.protectedBy--;
    if (frame.reachableBefore && this.reachable) {
      this.fallThrough(frame);
      frame.thenReachable = true;
      if (!isBody && protection.tag !== undefined) this.jump(frame, this.statements);
    }
    const body = this.statements.splice(frame.start);
    if (isBody) protection.body = body;
    else protection.arms.push({ tag: protection.tag, body });
  }

  protected jump(frame: Frame<V, S>, into: S[]): void {
    frame.targeted = true;
    into.push(this.factory.br(frame));
  }

  rethrow(depth: number, offset: number): void {
    if (this.reachable) this.placeThrowRef(this.caughtBy(this.frameAt(depth).protection as Protection<S>), offset);
  }

  /** As `end`, of a `try` whose exceptions another's handler takes. */
  delegate(depth: number): void {
    const frame = this.frames.pop() as Frame<V, S>;
    this.factory.leave();
    this.protectedBy--;
    if (!frame.reachableBefore) {
      this.operands.truncate(frame.height);
      this.reachable = false;
      return;
    }
    const protection = frame.protection as Protection<S>;
    const target = this.protectorAround(depth);
    const isNext = target === this.protectorAround(0);
    if (isNext && protection.entry === undefined) {
      this.endBlock(frame);
      return;
    }
    const caught = this.caughtBy(protection);
    this.endProtected(frame, protection, isNext ? [this.factory.throwRef(caught, 0)] : this.handOver(caught, target));
  }

  /** What catches exceptions thrown in the frame that `depth` counts to: a `try`, or whoever called the function. */
  protected protectorAround(depth: number): Frame<V, S> {
    return this.frames[this.frameAt(depth).catcher] as Frame<V, S>;
  }

  /** Goes to the handler of `target`, past those between. */
  protected handOver(caught: V, target: Frame<V, S>): S[] {
    target.protection ??= this.newProtection(none);
    const { protection } = target;
    protection.entry ??= this.nextLabel++;
    return [
      this.factory.set(protection.exception, caught),
      this.factory.br({ label: protection.entry, isLoop: false }),
    ];
  }

  protected endTry(frame: Frame<V, S>): void {
    const protection = frame.protection as Protection<S>;
    const caught = this.caughtBy(protection);
    if (frame.kind === "try_table") {
      this.protectedBy--;
      this.endProtected(frame, protection, this.clauseHandler(protection, caught));
      return;
    }
    if (frame.kind === "try" && protection.entry === undefined) {
      // Nothing is caught.
      this.protectedBy--;
      this.endBlock(frame);
      return;
    }
    this.leaveArm(frame, protection);
    for (const statement of protection.body) this.statements.push(statement);
    this.reachable = frame.thenReachable;
    const { arms } = protection;
    this.endProtected(frame, protection, chooseArm(this.factory, arms, caught), true);
  }

  protected clauseHandler({ clauses }: Protection<S>, caught: V): S[] {
    const arms = clauses.map(({ tag, type, hasReference, depth }) => {
      const values = tag === undefined ? [] : payload(this.factory, tag, type?.params ?? none, caught);
      if (hasReference) values.push(caught);
      const body: S[] = [];
      this.branch(this.frameAt(depth), values, body);
      return { tag, body };
    });
    return chooseArm(this.factory, arms, caught);
  }

  /** @param hasFallenThrough the results are in their variables. */
  protected endProtected(
    frame: Frame<V, S>,
    protection: Protection<S>,
    handler: readonly S[],
    hasFallenThrough = false,
  ): void {
    if (this.reachable && !hasFallenThrough) this.fallThrough(frame);
    const isOutside = protection.entry !== undefined;
    const mustJump = isOutside && this.reachable;
    const body = this.statements.splice(frame.start);
    const results = frame.labelVariables ?? [];
    if (mustJump) frame.targeted = true;
    const inBlock = frame.targeted || isOutside;
    const made = protect(
      this.factory,
      protection,
      body,
      handler,
      mustJump ? frame : undefined,
      inBlock ? none : results,
    );
    this.statements.push(...(inBlock ? [this.factory.block(frame.label, results, made)] : made));
    this.reachable ||= frame.targeted;
    if (this.reachable) this.leave(frame, results);
    else this.operands.truncate(frame.height);
  }
}
