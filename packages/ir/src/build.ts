// Builds a function's IR from a stream of stack-machine instructions that a validator has found well typed.
// Knows control structure and evaluation order; knows neither bytes nor typing rules.
//
// Code behind an unconditional transfer of control is dead: until the enclosing `end` or `else` the builder ignores
// what it is told, so callers need not look at `reachable` themselves.
import { Effect, effectsConflict, type FuncType, type Instruction, i32, type ValType } from "@anywasm/isa";
import { access, call, callIndirect, constant, entity, get, mayRead, operation, transfer } from "./expressions.ts";
import type { Call, CallIndirect, Expression, Func, MemArg, Statement } from "./nodes.ts";
import { Operands } from "./operands.ts";

interface Frame {
  readonly kind: "function" | "block" | "loop" | "if" | "else";
  readonly label: number;
  /** Types of what a branch to the label carries. */
  readonly labelTypes: readonly ValType[];
  readonly resultTypes: readonly ValType[];
  /** Where the frame's statements begin in the builder's list. */
  readonly start: number;
  /** Height of the operand stack below the frame's parameters. */
  readonly height: number;
  /** Of an `if` and its `else`. */
  readonly condition: Expression | undefined;
  readonly parameters: readonly Expression[];
  /** Of an `else`: the statements of the arm before. */
  readonly then: readonly Statement[];
  readonly reachableBefore: boolean;
  /** Assigned where a branch to the label carries values; made on demand. */
  labelVariables: readonly number[] | undefined;
  targeted: boolean;
  /** Some path falls off the end of an arm that is complete. */
  thenReachable: boolean;
}

export class FunctionBuilder {
  private readonly index: number;
  private readonly type: FuncType;
  private readonly localCount: number;
  readonly variables: ValType[];
  private readonly operands: Operands;
  private readonly statements: Statement[] = [];
  private readonly frames: Frame[] = [];
  private labelCount = 0;
  private reachable = true;

  /** `locals` are the types of the parameters, then of the declared locals. */
  constructor(index: number, type: FuncType, locals: readonly ValType[]) {
    this.index = index;
    this.type = type;
    this.localCount = locals.length;
    this.variables = [...locals];
    this.operands = new Operands({
      localCount: locals.length,
      variables: this.variables,
      statements: this.statements,
    });
    this.enter("function", type.results, type.results, 0, undefined, []);
  }

  finish(): Func {
    return {
      index: this.index,
      type: this.type,
      variables: this.variables,
      localCount: this.localCount,
      labelCount: this.labelCount,
      body: this.statements,
    };
  }

  // Expressions

  constant(type: ValType, lo: number, hi: number, offset: number): void {
    if (this.reachable) this.operands.push(constant(type, lo, hi, offset));
  }

  get(variable: number, offset: number): void {
    if (this.reachable) this.operands.push(get(variable, this.typeOf(variable), offset));
  }

  set(variable: number): void {
    if (!this.reachable) return;
    const value = this.operands.pop();
    this.operands.settleReadersOf(variable, value.effects);
    if (value.kind === "get" && value.variable === variable) return;
    this.statements.push({ kind: "set", variable, value });
  }

  tee(variable: number, offset: number): void {
    if (!this.reachable) return;
    this.set(variable);
    this.get(variable, offset);
  }

  drop(): void {
    if (this.reachable) this.placeForEffect(this.operands.pop());
  }

  operation(row: Instruction, operandCount: number, type: ValType | undefined, offset: number): void {
    if (this.reachable) this.place(operation(row, type, this.operands.popMany(operandCount), offset));
  }

  /** `select` evaluates both values, the generated conditional only one: values with effects are evaluated before. */
  select(row: Instruction, type: ValType, offset: number): void {
    if (!this.reachable) return;
    const [first, second, condition] = this.operands.popMany(3) as [Expression, Expression, Expression];
    const mustPrecede = (value: Expression): boolean =>
      (value.effects & (Effect.traps | Effect.writesMemory | Effect.writesGlobal | Effect.writesTable)) !== 0 ||
      effectsConflict(value.effects, condition.effects);
    let [a, b, c] = [first, second, condition];
    if (mustPrecede(b) || (mustPrecede(a) && effectsConflict(a.effects, b.effects))) {
      this.operands.settleBefore(a.effects | b.effects);
      if (a.effects !== 0) a = this.operands.spill(a);
      b = this.operands.spill(b);
    } else if (mustPrecede(a)) {
      this.operands.settleBefore(a.effects);
      a = this.operands.spill(a);
    }
    this.place(operation(row, type, [a, b, c], offset));
  }

  access(row: Instruction, memArg: MemArg, operandCount: number, type: ValType | undefined, offset: number): void {
    if (this.reachable) this.place(access(row, memArg, type, this.operands.popMany(operandCount), offset));
  }

  entity(row: Instruction, index: number, operandCount: number, type: ValType | undefined, offset: number): void {
    if (this.reachable) this.place(entity(row, index, type, this.operands.popMany(operandCount), offset));
  }

  transfer(row: Instruction, destination: number, source: number, offset: number): void {
    if (this.reachable) this.place(transfer(row, destination, source, this.operands.popMany(3), offset));
  }

  call(functionIndex: number, type: FuncType, offset: number): void {
    if (this.reachable) this.placeCall(call(functionIndex, type, this.operands.popMany(type.params.length), offset));
  }

  callIndirect(typeIndex: number, tableIndex: number, type: FuncType, offset: number): void {
    if (!this.reachable) return;
    this.placeCall(callIndirect(typeIndex, tableIndex, type, this.operands.popMany(type.params.length + 1), offset));
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
      this.statements.push({ kind: "set", variable, value: values[i] as Expression });
      this.get(variable, (values[i] as Expression).offset);
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
    const frame = this.frames[this.frames.length - 1] as Frame;
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
    const top = this.frames[this.frames.length - 1] as Frame;
    if (top.kind === "if") {
      // Without `else` the parameters are the results.
      this.else();
      this.end();
      return;
    }
    this.frames.pop();
    if (top.kind === "function") {
      this.finishBody(top);
      return;
    }
    if (!top.reachableBefore) {
      this.operands.truncate(top.height);
      this.reachable = false;
      return;
    }
    if (top.kind === "else") this.endIf(top);
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
    const taken: Statement[] = [];
    const arity = frame.labelTypes.length;
    if (arity > 0) this.settleTop(arity);
    this.branch(frame, this.operands.peekMany(arity), taken);
    this.statements.push({ kind: "if", condition, results: [], then: taken, otherwise: [] });
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
    const landings = new Map<number, number>();
    const target = (depth: number): number => {
      const frame = this.frameAt(depth);
      if (frame.kind !== "function" && frame.labelTypes.length === 0) {
        frame.targeted = true;
        return frame.label;
      }
      const known = landings.get(depth);
      if (known !== undefined) return known;
      const label = this.labelCount++;
      landings.set(depth, label);
      return label;
    };
    const labels = depths.map(target);
    let body: Statement[] = [{ kind: "br_table", index, labels, fallback: target(fallback), offset }];
    for (const [depth, label] of landings) {
      const landing: Statement[] = [];
      this.branch(this.frameAt(depth), values, landing);
      body = [{ kind: "block", label, results: [], body }, ...landing];
    }
    for (const statement of body) this.statements.push(statement);
    this.becomeUnreachable();
  }

  return(): void {
    this.br(this.frames.length - 1);
  }

  returnCall(functionIndex: number, type: FuncType, offset: number): void {
    if (!this.reachable) return;
    this.placeReturnCall(call(functionIndex, type, this.operands.popMany(type.params.length), offset));
  }

  returnCallIndirect(typeIndex: number, tableIndex: number, type: FuncType, offset: number): void {
    if (!this.reachable) return;
    const operands = this.operands.popMany(type.params.length + 1);
    this.placeReturnCall(callIndirect(typeIndex, tableIndex, type, operands, offset));
  }

  unreachable(offset: number): void {
    if (!this.reachable) return;
    this.discardDead(0);
    this.statements.push({ kind: "unreachable", offset });
    this.becomeUnreachable();
  }

  // Placing

  private place(expression: Expression): void {
    if (expression.type === undefined) this.placeForEffect(expression);
    else this.operands.push(expression);
  }

  private placeForEffect(expression: Expression): void {
    if (expression.effects === 0) return;
    this.operands.settleBefore(expression.effects);
    this.statements.push({ kind: "evaluate", value: expression });
  }

  private placeCall(expression: Call | CallIndirect): void {
    const { results } = expression.functionType;
    if (results.length < 2) {
      this.place(expression);
      return;
    }
    this.operands.settleBefore(expression.effects);
    const variables = results.map((type) => this.newVariable(type));
    this.statements.push({ kind: "set_many", variables, value: expression });
    for (const variable of variables) this.get(variable, expression.offset);
  }

  private placeReturnCall(expression: Call | CallIndirect): void {
    this.discardDead(0);
    this.statements.push({ kind: "return_call", call: expression });
    this.becomeUnreachable();
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
  private branch(frame: Frame, values: readonly Expression[], into: Statement[] = this.statements): void {
    if (frame.kind === "function") {
      into.push({ kind: "return", values });
      return;
    }
    frame.targeted = true;
    if (frame.labelTypes.length > 0) this.move(this.labelVariables(frame), values, into);
    into.push({ kind: "br", label: frame.label });
  }

  private move(variables: readonly number[], values: readonly Expression[], into: Statement[]): void {
    // All values are read before any variable is written: one that reads a variable written earlier goes first.
    const safe = values.every((value, i) => variables.slice(0, i).every((variable) => !mayRead(value, variable)));
    const sources = safe
      ? values
      : values.map((value) => {
          const variable = this.newVariable(value.type as ValType);
          into.push({ kind: "set", variable, value });
          return get(variable, value.type as ValType, value.offset);
        });
    variables.forEach((variable, i) => {
      const value = sources[i] as Expression;
      if (value.kind !== "get" || value.variable !== variable) into.push({ kind: "set", variable, value });
    });
  }

  private labelVariables(frame: Frame): readonly number[] {
    frame.labelVariables ??= frame.labelTypes.map((type) => this.newVariable(type));
    return frame.labelVariables;
  }

  // Frames

  private enter(
    kind: Frame["kind"],
    labelTypes: readonly ValType[],
    resultTypes: readonly ValType[],
    parameterCount: number,
    condition: Expression | undefined,
    parameters: readonly Expression[],
  ): Frame {
    const frame: Frame = {
      kind,
      label: this.labelCount++,
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
    };
    this.frames.push(frame);
    return frame;
  }

  /** Statements emitted between entering `frame` and now belong before it. */
  private restart(frame: Frame): void {
    this.frames[this.frames.length - 1] = { ...frame, start: this.statements.length };
  }

  private endBlock(frame: Frame): void {
    if (!frame.targeted) {
      // Nothing branches here: the body stays where it is, and results stay on the stack.
      if (!this.reachable) this.operands.truncate(frame.height);
      return;
    }
    if (this.reachable) this.fallThrough(frame);
    const body = this.statements.splice(frame.start);
    const results = frame.labelVariables ?? [];
    this.statements.push({ kind: "block", label: frame.label, results, body });
    this.leave(frame, results);
  }

  private endLoop(frame: Frame): void {
    if (!frame.targeted) {
      if (!this.reachable) this.operands.truncate(frame.height);
      return;
    }
    const results = this.reachable ? frame.resultTypes.map((type) => this.newVariable(type)) : [];
    if (this.reachable) {
      this.operands.discardFrom(frame.height, results.length);
      this.move(results, this.operands.popMany(results.length), this.statements);
    }
    const body = this.statements.splice(frame.start);
    this.statements.push({ kind: "loop", label: frame.label, results, body });
    if (this.reachable) this.leave(frame, results);
    else this.operands.truncate(frame.height);
  }

  private endIf(frame: Frame): void {
    const elseReachable = this.reachable;
    if (elseReachable) this.fallThrough(frame);
    const otherwise = this.statements.splice(frame.start);
    const results = frame.labelVariables ?? [];
    const condition = frame.condition as Expression;
    const statement: Statement = { kind: "if", condition, results: [], then: frame.then, otherwise };
    if (frame.targeted) this.statements.push({ kind: "block", label: frame.label, results, body: [statement] });
    else this.statements.push({ ...statement, results });
    this.reachable = elseReachable || frame.thenReachable || frame.targeted;
    if (this.reachable) this.leave(frame, results);
    else this.operands.truncate(frame.height);
  }

  private leave(frame: Frame, results: readonly number[]): void {
    this.operands.truncate(frame.height);
    this.reachable = true;
    for (const variable of results) this.get(variable, 0);
  }

  /** Puts the operands that fall off the end of an arm or block into the frame's result variables. */
  private fallThrough(frame: Frame): void {
    const count = frame.resultTypes.length;
    this.operands.discardFrom(frame.height, count);
    if (count > 0) this.move(this.labelVariables(frame), this.operands.popMany(count), this.statements);
  }

  private finishBody(frame: Frame): void {
    if (!this.reachable) return;
    const count = frame.resultTypes.length;
    this.operands.discardFrom(0, count);
    if (count > 0) this.statements.push({ kind: "return", values: this.operands.popMany(count) });
    this.reachable = false;
  }

  /** Emits what has effects among the current frame's operands below the `kept` topmost; a jump drops the rest. */
  private discardDead(kept: number): void {
    this.operands.discardFrom((this.frames[this.frames.length - 1] as Frame).height, kept);
  }

  private becomeUnreachable(): void {
    this.reachable = false;
    this.operands.truncate((this.frames[this.frames.length - 1] as Frame).height);
  }

  private frameAt(depth: number): Frame {
    return this.frames[this.frames.length - 1 - depth] as Frame;
  }

  private newVariable(type: ValType): number {
    return this.variables.push(type) - 1;
  }

  private typeOf(variable: number): ValType {
    return this.variables[variable] ?? i32;
  }
}
