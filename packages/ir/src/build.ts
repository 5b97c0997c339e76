// Builds a function from a stream of stack-machine instructions that a validator has found well typed.
// Knows control structure and evaluation order; knows neither bytes nor typing rules.
//
// Code behind an unconditional transfer of control is dead: until the enclosing `end` or `else` the builder ignores
// what it is told, so callers need not look at `reachable` themselves.
import {
  Effect,
  type Effects,
  effectsConflict,
  exnref,
  type FuncType,
  type Instruction,
  i32,
  i64,
  instruction,
  type ValType,
  WRITES,
} from "@anywasm/isa";
import { type CatchClause, chooseArm, clausesTaken, type Protection, payload, protect } from "./exceptions.ts";
import type { BranchTarget, Factory, Value } from "./factory.ts";
import type { Frame } from "./frame.ts";
import type { MemArg } from "./nodes.ts";
import { Operands } from "./operands.ts";

const none: readonly never[] = [];
const address32 = instruction("i32.sat_i64_u");
const size64 = instruction("i64.extend_i32_size");

/** The effect that only calls have: they may throw. */
const throws: Effects = Effect.calls & ~0x7f;
/** What becomes of the reference that a branch looks at. */
export interface WaysOfReference {
  /** It branches if the answer is yes, otherwise if it is no. */
  readonly onSuccess: boolean;
  readonly branchesWithValue: boolean;
  readonly goesOnWithValue: boolean;
}

export class FunctionBuilder<V extends Value, S> {
  readonly type: FuncType;
  readonly localCount: number;
  readonly variables: ValType[];
  /** Complete once the function's `end` has been told. */
  readonly statements: S[] = [];
  private readonly factory: Factory<V, S>;
  private readonly operands: Operands<V>;
  private readonly frames: Frame<V, S>[] = [];
  private nextLabel = 0;
  private reachable = true;
  /** Frames around whose exceptions are caught. */
  private protectedBy = 0;

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

  // Expressions

  constant(type: ValType, lo: number, hi: number, offset: number): void {
    if (this.reachable) this.operands.push(this.factory.constant(type, lo, hi, offset));
  }

  get(variable: number, offset: number): void {
    if (this.reachable) this.pushGet(variable, offset);
  }

  set(variable: number): void {
    if (!this.reachable) return;
    const value = this.operands.pop();
    // A handler sees whether the assignment came before a call that throws.
    this.operands.settleReadersOf(variable, value.effects, this.protectedBy > 0 ? throws : 0);
    if (this.factory.isGet(value, variable)) return;
    this.statements.push(this.factory.set(variable, value));
    this.rest();
  }

  tee(variable: number, offset: number): void {
    if (!this.reachable) return;
    this.set(variable);
    this.pushGet(variable, offset);
  }

  drop(): void {
    if (this.reachable) this.placeForEffect(this.operands.pop());
  }

  operation(row: Instruction, operandCount: number, type: ValType | undefined, offset: number): void {
    if (this.reachable) this.place(this.factory.operation(row, type, this.operands.popMany(operandCount), offset));
  }

  /** An operation with several results. */
  operationOfMany(row: Instruction, operandCount: number, results: readonly ValType[], offset: number): void {
    if (!this.reachable) return;
    const operands = this.operands.popMany(operandCount);
    this.placeMany(this.factory.operation(row, undefined, operands, offset), results, false);
  }

  /** `select` evaluates both values, the generated conditional only one: values with effects are evaluated before. */
  select(row: Instruction, type: ValType, offset: number): void {
    if (!this.reachable) return;
    const [first, second, condition] = this.operands.popMany(3) as [V, V, V];
    const mustPrecede = (value: V): boolean =>
      (value.effects & (Effect.traps | WRITES)) !== 0 || effectsConflict(value.effects, condition.effects);
    let [a, b, c] = [first, second, condition];
    if (mustPrecede(b) || (mustPrecede(a) && effectsConflict(a.effects, b.effects))) {
      this.operands.settleBefore(a.effects | b.effects);
      if (a.effects !== 0) a = this.factory.spill(a);
      b = this.factory.spill(b);
    } else if (mustPrecede(a)) {
      this.operands.settleBefore(a.effects);
      a = this.factory.spill(a);
    }
    this.place(this.factory.operation(row, type, [a, b, c], offset));
  }

  vector(
    row: Instruction,
    immediates: readonly number[],
    operandCount: number,
    type: ValType | undefined,
    offset: number,
  ): void {
    if (!this.reachable) return;
    this.place(this.factory.vector(row, immediates, type, this.operands.popMany(operandCount), offset));
  }

  access(row: Instruction, memArg: MemArg, operandCount: number, type: ValType | undefined, offset: number): void {
    if (!this.reachable) return;
    const operands = this.operands.popMany(operandCount);
    operands[0] = this.address(operands[0] as V, offset);
    this.place(this.factory.access(row, memArg, type, operands, offset));
  }

  entity(row: Instruction, index: number, operandCount: number, type: ValType | undefined, offset: number): void {
    if (!this.reachable) return;
    const operands = this.operands.popMany(operandCount);
    if (row.immediates !== "memory" && row.immediates !== "table") {
      this.place(this.factory.entity(row, index, type, operands, offset));
      return;
    }
    // What is of 64 bits here is an address or a size.
    const addresses = operands.map((operand) => this.address(operand, offset));
    if (type !== i64) this.place(this.factory.entity(row, index, type, addresses, offset));
    else
      this.place(
        this.factory.operation(size64, i64, [this.factory.entity(row, index, i32, addresses, offset)], offset),
      );
  }

  transfer(row: Instruction, destination: number, source: number, offset: number): void {
    if (!this.reachable) return;
    const operands = this.operands.popMany(3).map((operand) => this.address(operand, offset));
    this.place(this.factory.transfer(row, destination, source, operands, offset));
  }

  call(functionIndex: number, type: FuncType, offset: number): void {
    if (!this.reachable) return;
    const operands = this.operands.popMany(type.params.length);
    this.placeCall(this.factory.call(functionIndex, type, operands, offset), type);
  }

  callIndirect(typeIndex: number, tableIndex: number, type: FuncType, offset: number): void {
    if (!this.reachable) return;
    const operands = this.popIndirect(type, offset);
    this.placeCall(this.factory.callIndirect(typeIndex, tableIndex, type, operands, offset), type);
  }

  /** Arguments, and the index into the table. */
  private popIndirect({ params }: FuncType, offset: number): readonly V[] {
    const index = this.address(this.operands.pop(), offset);
    return [...this.operands.popMany(params.length), index];
  }

  /** From here on, addresses of 64 bits are of 32: see `i32.sat_i64_u`. */
  private address(value: V, offset: number): V {
    return value.type === i64 ? this.factory.operation(address32, i32, [value], offset) : value;
  }

  callRef(typeIndex: number, type: FuncType, offset: number): void {
    if (!this.reachable) return;
    const operands = this.operands.popMany(type.params.length + 1);
    this.placeCall(this.factory.callRef(typeIndex, type, operands, offset), type);
  }

  object(
    row: Instruction,
    typeIndex: number,
    index: number,
    operandCount: number,
    type: ValType | undefined,
    offset: number,
  ): void {
    if (!this.reachable) return;
    this.place(this.factory.object(row, typeIndex, index, type, this.operands.popMany(operandCount), offset));
  }

  // Control

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

  if(params: readonly ValType[], results: readonly ValType[]): void {
    if (!this.reachable) {
      this.enter("if", results, results, params.length, undefined, []);
      return;
    }
    const condition = this.operands.pop();
    this.operands.settleAll();
    this.enter("if", results, results, params.length, condition, this.operands.peekMany(params.length));
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

  br(depth: number): void {
    if (!this.reachable) return;
    const frame = this.frameAt(depth);
    this.discardDead(frame.labelTypes.length);
    this.branch(frame, this.operands.popMany(frame.labelTypes.length));
    this.becomeUnreachable();
  }

  brIf(depth: number): void {
    if (!this.reachable) return;
    const frame = this.frameAt(depth);
    const condition = this.operands.pop();
    this.operands.settleBefore(condition.effects | Effect.control);
    const taken: S[] = [];
    const arity = frame.labelTypes.length;
    if (arity > 0) this.settleTop(arity);
    this.branch(frame, this.operands.peekMany(arity), taken);
    this.statements.push(this.factory.if(condition, none, taken, none));
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
    this.statements.push(this.factory.if(condition, none, onSuccess ? taken : none, onSuccess ? none : taken));
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

  // Exceptions

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

  private placeThrowRef(value: V, offset: number): void {
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

  private enterProtected(
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

  private newProtection(clauses: readonly CatchClause[]): Protection<S> {
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

  private enterArm(tag: number | undefined): Protection<S> {
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
  private leaveArm(frame: Frame<V, S>, protection: Protection<S>): void {
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

  private jump(frame: Frame<V, S>, into: S[]): void {
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
  private protectorAround(depth: number): Frame<V, S> {
    return this.frames[this.frameAt(depth).catcher] as Frame<V, S>;
  }

  /** Goes to the handler of `target`, past those between. */
  private handOver(caught: V, target: Frame<V, S>): S[] {
    target.protection ??= this.newProtection(none);
    const { protection } = target;
    protection.entry ??= this.nextLabel++;
    return [
      this.factory.set(protection.exception, caught),
      this.factory.br({ label: protection.entry, isLoop: false }),
    ];
  }

  private caughtBy({ exception }: Protection<S>): V {
    return this.factory.get(exception, exnref, 0);
  }

  private endTry(frame: Frame<V, S>): void {
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

  private clauseHandler({ clauses }: Protection<S>, caught: V): S[] {
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
  private endProtected(
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

  // Placing

  private place(value: V): void {
    if (value.type === undefined) this.placeForEffect(value);
    else this.operands.push(value);
  }

  private placeForEffect(value: V): void {
    if (value.effects === 0) return;
    this.operands.settleBefore(value.effects);
    this.statements.push(this.factory.evaluate(value));
    this.rest();
  }

  private placeCall(call: V, { results }: FuncType): void {
    if (results.length < 2) this.place(call);
    else this.placeMany(call, results, true);
  }

  private placeMany(value: V, results: readonly ValType[], isCall: boolean): void {
    this.operands.settleBefore(value.effects);
    const variables = results.map((type) => this.newVariable(type));
    this.statements.push(this.factory.setMany(variables, value, isCall));
    for (const variable of variables) this.pushGet(variable, 0);
  }

  private settleTop(count: number): void {
    const values = this.operands.popMany(count);
    if (values.every((value) => this.operands.isSettled(value))) {
      for (const value of values) this.operands.push(value);
      return;
    }
    for (const value of values) this.operands.push(value);
    this.operands.settleAll();
  }

  /** Assigns `values` to the label's variables and jumps; to the function's own label, returns them. */
  private branch(frame: Frame<V, S>, values: readonly V[], into: S[] = this.statements): void {
    if (frame.kind === "function") {
      into.push(this.factory.return(values));
      return;
    }
    frame.targeted = true;
    if (frame.labelTypes.length > 0) this.move(this.labelVariables(frame), values, into);
    into.push(this.factory.br(frame));
  }

  private move(variables: readonly number[], values: readonly V[], into: S[]): void {
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

  private labelVariables(frame: Frame<V, S>): readonly number[] {
    frame.labelVariables ??= frame.labelTypes.map((type) => this.newVariable(type));
    return frame.labelVariables;
  }

  // Frames

  private enter(
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
  private restart(frame: Frame<V, S>): void {
    this.frames[this.frames.length - 1] = { ...frame, start: this.statements.length };
  }

  private endBlock(frame: Frame<V, S>): void {
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

  private endLoop(frame: Frame<V, S>): void {
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

  private endIf(frame: Frame<V, S>): void {
    const elseReachable = this.reachable;
    if (elseReachable) this.fallThrough(frame);
    const otherwise = this.statements.splice(frame.start);
    const results = frame.labelVariables ?? [];
    const condition = frame.condition as V;
    const statement = this.factory.if(condition, frame.targeted ? none : results, frame.then, otherwise);
    this.statements.push(frame.targeted ? this.factory.block(frame.label, results, [statement]) : statement);
    this.reachable = elseReachable || frame.thenReachable || frame.targeted;
    if (this.reachable) this.leave(frame, results);
    else this.operands.truncate(frame.height);
  }

  private leave(frame: Frame<V, S>, results: readonly number[]): void {
    this.operands.truncate(frame.height);
    this.reachable = true;
    for (const variable of results) this.pushGet(variable, 0);
  }

  /** Puts the operands that fall off the end of an arm or block into the frame's result variables. */
  private fallThrough(frame: Frame<V, S>): void {
    const count = frame.resultTypes.length;
    this.discardFrom(frame.height, count);
    if (count > 0) this.move(this.labelVariables(frame), this.operands.popMany(count), this.statements);
  }

  private finishBody(frame: Frame<V, S>): void {
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
  private discardFrom(height: number, kept: number): void {
    for (const value of this.operands.takeFrom(height, kept))
      if (value.effects !== 0) this.statements.push(this.factory.evaluate(value));
  }

  /** Emits what has effects among the current frame's operands below the `kept` topmost; a jump drops the rest. */
  private discardDead(kept: number): void {
    this.discardFrom((this.frames[this.frames.length - 1] as Frame<V, S>).height, kept);
  }

  private becomeUnreachable(): void {
    this.reachable = false;
    this.operands.truncate((this.frames[this.frames.length - 1] as Frame<V, S>).height);
  }

  private frameAt(depth: number): Frame<V, S> {
    return this.frames[this.frames.length - 1 - depth] as Frame<V, S>;
  }

  private pushGet(variable: number, offset: number): void {
    this.operands.push(this.factory.get(variable, this.variables[variable] ?? i32, offset));
  }

  /** After a statement. */
  private rest(): void {
    if (this.operands.height === (this.frames[this.frames.length - 1] as Frame<V, S>).height) this.factory.rest();
  }
}
