// The builder, as far as structured control and branches.
import { Effect, type FuncType, type Instruction, i32, type ValType } from "@anywasm/isa";
import { ExpressionBuilder } from "./build-expressions.ts";
import type { BranchTarget, Value } from "./factory.ts";
import type { Frame } from "./frame.ts";

const none: readonly never[] = [];

/** What becomes of the reference that a branch looks at. */
export interface WaysOfReference {
  /** It branches if the answer is yes, otherwise if it is no. */
  readonly onSuccess: boolean;
  readonly branchesWithValue: boolean;
  readonly goesOnWithValue: boolean;
}

export abstract class ControlBuilder<V extends Value, S> extends ExpressionBuilder<V, S> {
  block(params: readonly ValType[], results: readonly ValType[]): void {
    this.operands.settleAll();
    this.enter("block", results, results, params.length, undefined, []);
  }

  loop(params: readonly ValType[], results: readonly ValType[]): void {
    this.operands.settleAll();
    const frame = this.enter("loop", params, results, params.length, undefined, []);
    if (!this.reachable || params.length === 0) return;
    // What a branch carries back must be in variables from the first turn on.
    const values = this.operands.popMany(params.length);
    const variables = params.map((type) => this.newVariable(type));
    variables.forEach((variable, i) => {
      this.statements.push(this.factory.set(variable, values[i] as V));
      this.pushGet(variable, 0);
    });
    frame.labelVariables = variables;
    this.restart(frame);
  }

  /** @param likely whether the condition mostly holds, where the module says so */
  if(params: readonly ValType[], results: readonly ValType[], likely?: boolean): void {
    if (!this.reachable) {
      this.enter("if", results, results, params.length, undefined, []);
      return;
    }
    const condition = this.operands.pop();
    this.operands.settleAll();
    const parameters = this.operands.peekMany(params.length);
    this.enter("if", results, results, params.length, condition, parameters).likely = likely;
  }

  else(): void {
    const frame = this.frames[this.frames.length - 1] as Frame<V, S>;
    if (frame.reachableBefore && this.reachable) this.fallThrough(frame);
    const thenReachable = this.reachable;
    this.frames.pop();
    const then = this.statements.splice(frame.start);
    this.operands.truncate(frame.height);
    this.reachable = frame.reachableBefore;
    if (this.reachable) for (const parameter of frame.parameters) this.operands.push(parameter);
    this.frames.push({ ...frame, kind: "else", then, thenReachable });
  }

  br(depth: number): void {
    if (!this.reachable) return;
    const frame = this.frameAt(depth);
    this.discardDead(frame.labelTypes.length);
    this.branch(frame, this.operands.popMany(frame.labelTypes.length));
    this.becomeUnreachable();
  }

  brIf(depth: number, likely?: boolean): void {
    if (!this.reachable) return;
    const frame = this.frameAt(depth);
    const condition = this.operands.pop();
    this.operands.settleBefore(condition.effects | Effect.control);
    const taken: S[] = [];
    const arity = frame.labelTypes.length;
    if (arity > 0) this.settleTop(arity);
    this.branch(frame, this.operands.peekMany(arity), taken);
    this.statements.push(this.factory.if(condition, none, taken, none, likely));
    this.rest();
  }

  /**
   * A branch that looks at the topmost reference: `br_on_null`, `br_on_cast` and their like.
   * @param row what is asked: `ref.is_null`, or `ref.test` of the type `target`
   */
  branchOn(depth: number, row: Instruction, target: number, ways: WaysOfReference, offset: number): void {
    if (!this.reachable) return;
    const frame = this.frameAt(depth);
    // A reference that it is compared with comes last.
    const compared = (row.signature?.params.length ?? 1) - 1;
    if (compared > 0) this.settleTop(compared + 1);
    const others = this.operands.popMany(compared);
    let reference = this.operands.pop();
    this.operands.settleBefore(reference.effects | Effect.control);
    // It is looked at, and then used.
    if (!this.operands.isSettled(reference)) reference = this.factory.spill(reference);
    const condition =
      row.immediates === "none"
        ? this.factory.operation(row, i32, [reference], offset)
        : this.factory.object(row, target, 0, i32, [reference, ...others], offset);
    const arity = frame.labelTypes.length;
    if (ways.branchesWithValue) this.operands.push(reference);
    if (arity > 0) this.settleTop(arity);
    const taken: S[] = [];
    this.branch(frame, this.operands.peekMany(arity), taken);
    if (ways.branchesWithValue) this.operands.pop();
    const { onSuccess } = ways;
    this.statements.push(
      this.factory.if(condition, none, onSuccess ? taken : none, onSuccess ? none : taken, undefined),
    );
    if (ways.goesOnWithValue) this.operands.push(reference);
    this.rest();
  }

  brTable(depths: readonly number[], fallback: number, offset: number): void {
    if (!this.reachable) return;
    const index = this.operands.pop();
    const arity = this.frameAt(fallback).labelTypes.length;
    this.operands.settleBefore(index.effects | Effect.control);
    if (arity > 0) this.settleTop(arity);
    const values = this.operands.peekMany(arity);
    this.discardDead(arity);
    // A target that needs more than a jump gets a landing block of its own behind the table.
    const landings = new Map<number, BranchTarget>();
    const target = (depth: number): BranchTarget => {
      const frame = this.frameAt(depth);
      if (frame.kind !== "function" && frame.labelTypes.length === 0) {
        frame.targeted = true;
        return frame;
      }
      const known = landings.get(depth);
      if (known !== undefined) return known;
      const made = { label: this.nextLabel++, isLoop: false };
      landings.set(depth, made);
      return made;
    };
    const targets = depths.map(target);
    let body: S[] = [this.factory.brTable(index, targets, target(fallback), offset)];
    for (const [depth, { label }] of landings) {
      const landing: S[] = [];
      this.branch(this.frameAt(depth), values, landing);
      body = [this.factory.block(label, none, body), ...landing];
    }
    for (const statement of body) this.statements.push(statement);
    this.becomeUnreachable();
  }

  return(): void {
    this.br(this.frames.length - 1);
  }

  returnCall(functionIndex: number, type: FuncType, offset: number): void {
    if (!this.reachable) return;
    const operands = this.operands.popMany(type.params.length);
    this.discardDead(0);
    this.statements.push(this.factory.returnCall(functionIndex, type, operands, offset));
    this.becomeUnreachable();
  }

  returnCallIndirect(typeIndex: number, tableIndex: number, type: FuncType, offset: number): void {
    if (!this.reachable) return;
    const operands = this.popIndirect(type, offset);
    this.discardDead(0);
    this.statements.push(this.factory.returnCallIndirect(typeIndex, tableIndex, type, operands, offset));
    this.becomeUnreachable();
  }

  returnCallRef(typeIndex: number, type: FuncType, offset: number): void {
    if (!this.reachable) return;
    const operands = this.operands.popMany(type.params.length + 1);
    this.discardDead(0);
    this.statements.push(this.factory.returnCallRef(typeIndex, type, operands, offset));
    this.becomeUnreachable();
  }

  unreachable(offset: number): void {
    if (!this.reachable) return;
    this.discardDead(0);
    this.statements.push(this.factory.unreachable(offset));
    this.becomeUnreachable();
  }

  protected endBlock(frame: Frame<V, S>): void {
    if (!frame.targeted) {
      // Nothing branches here: the body stays where it is, and results stay on the stack.
      if (!this.reachable) this.operands.truncate(frame.height);
      return;
    }
    if (this.reachable) this.fallThrough(frame);
    const body = this.statements.splice(frame.start);
    const results = frame.labelVariables ?? [];
    this.statements.push(this.factory.block(frame.label, results, body));
    this.leave(frame, results);
  }

  protected endLoop(frame: Frame<V, S>): void {
    if (!frame.targeted) {
      if (!this.reachable) this.operands.truncate(frame.height);
      return;
    }
    const results = this.reachable ? frame.resultTypes.map((type) => this.newVariable(type)) : [];
    if (this.reachable) {
      this.discardFrom(frame.height, results.length);
      this.move(results, this.operands.popMany(results.length), this.statements);
    }
    const body = this.statements.splice(frame.start);
    this.statements.push(this.factory.loop(frame.label, results, body));
    if (this.reachable) this.leave(frame, results);
    else this.operands.truncate(frame.height);
  }

  protected endIf(frame: Frame<V, S>): void {
    const elseReachable = this.reachable;
    if (elseReachable) this.fallThrough(frame);
    const otherwise = this.statements.splice(frame.start);
    const results = frame.labelVariables ?? [];
    const condition = frame.condition as V;
    const { then, likely } = frame;
    const statement = this.factory.if(condition, frame.targeted ? none : results, then, otherwise, likely);
    this.statements.push(frame.targeted ? this.factory.block(frame.label, results, [statement]) : statement);
    this.reachable = elseReachable || frame.thenReachable || frame.targeted;
    if (this.reachable) this.leave(frame, results);
    else this.operands.truncate(frame.height);
  }
}
