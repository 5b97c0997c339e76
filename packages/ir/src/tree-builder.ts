// Builds the IR of a function.
import type { FuncType, ValType } from "@anywasm/isa";
import { FunctionBuilder } from "./build.ts";
import {
  access,
  call,
  callIndirect,
  callRef,
  constant,
  entity,
  exceptionIs,
  exceptionValue,
  get,
  mayRead,
  object,
  operation,
  transfer,
  vectorOperation,
} from "./expressions.ts";
import type { BranchTarget, Factory } from "./factory.ts";
import type { Expression, Func, SetMany, Statement } from "./nodes.ts";

function nothing(): void {}

function labelOf({ label }: BranchTarget): number {
  return label;
}

class TreeFactory implements Factory<Expression, Statement> {
  /** Given before anything is made. */
  declare private builder: FunctionBuilder<Expression, Statement>;

  readonly constant = constant;
  readonly get = get;
  readonly enter = nothing;
  readonly leave = nothing;
  readonly rest = nothing;
  readonly mayRead = mayRead;

  start(builder: FunctionBuilder<Expression, Statement>): void {
    this.builder = builder;
  }

  operation: Factory<Expression, Statement>["operation"] = operation;
  vector: Factory<Expression, Statement>["vector"] = vectorOperation;
  access: Factory<Expression, Statement>["access"] = access;
  entity: Factory<Expression, Statement>["entity"] = entity;
  transfer = transfer;
  call = call;
  callIndirect = callIndirect;
  exceptionIs = exceptionIs;
  exceptionValue = exceptionValue;
  callRef = callRef;
  object: Factory<Expression, Statement>["object"] = object;

  spill(value: Expression): Expression {
    const { builder } = this;
    const type = value.type as ValType;
    const variable = builder.newVariable(type);
    builder.emit({ kind: "set", variable, value });
    return get(variable, type, value.offset);
  }

  isSettled(value: Expression): boolean {
    return value.kind === "constant" || (value.kind === "get" && value.variable >= this.builder.localCount);
  }

  isGet(value: Expression, variable: number): boolean {
    return value.kind === "get" && value.variable === variable;
  }

  set(variable: number, value: Expression): Statement {
    return { kind: "set", variable, value };
  }

  setMany(variables: readonly number[], value: Expression): Statement {
    return { kind: "set_many", variables, value: value as SetMany["value"] };
  }

  evaluate(value: Expression): Statement {
    return { kind: "evaluate", value };
  }

  block(label: number, results: readonly number[], body: readonly Statement[]): Statement {
    return { kind: "block", label, results, body };
  }

  loop(label: number, results: readonly number[], body: readonly Statement[]): Statement {
    return { kind: "loop", label, results, body };
  }

  if(
    condition: Expression,
    results: readonly number[],
    then: readonly Statement[],
    otherwise: readonly Statement[],
    likely: boolean | undefined,
  ): Statement {
    return { kind: "if", condition, likely, results, then, otherwise };
  }

  br({ label }: BranchTarget): Statement {
    return { kind: "br", label };
  }

  brTable(index: Expression, targets: readonly BranchTarget[], fallback: BranchTarget, offset: number): Statement {
    return { kind: "br_table", index, labels: targets.map(labelOf), fallback: fallback.label, offset };
  }

  return(values: readonly Expression[]): Statement {
    return { kind: "return", values };
  }

  returnCall(...[functionIndex, type, operands, offset]: Parameters<typeof call>): Statement {
    return { kind: "return_call", call: call(functionIndex, type, operands, offset) };
  }

  returnCallIndirect(...[typeIndex, tableIndex, type, operands, offset]: Parameters<typeof callIndirect>): Statement {
    return { kind: "return_call", call: callIndirect(typeIndex, tableIndex, type, operands, offset) };
  }

  returnCallRef(...[typeIndex, type, operands, offset]: Parameters<typeof callRef>): Statement {
    return { kind: "return_call", call: callRef(typeIndex, type, operands, offset) };
  }

  unreachable(offset: number): Statement {
    return { kind: "unreachable", offset };
  }

  throw(tag: number, values: readonly Expression[], offset: number): Statement {
    return { kind: "throw", tag, values, offset };
  }

  throwRef(value: Expression, offset: number): Statement {
    return { kind: "throw_ref", value, offset };
  }

  try(
    exception: number,
    results: readonly number[],
    body: readonly Statement[],
    handler: readonly Statement[],
  ): Statement {
    return { kind: "try", exception, results, body, handler };
  }
}

/** Builds the IR of a function whose parameters and declared locals are of the types `locals`. */
export class TreeBuilder {
  readonly events: FunctionBuilder<Expression, Statement>;
  private readonly index: number;

  constructor(index: number, type: FuncType, locals: readonly ValType[]) {
    this.index = index;
    this.events = new FunctionBuilder(type, [...locals], new TreeFactory());
  }

  finish(): Func {
    const { type, variables, localCount, labelCount, statements } = this.events;
    return { index: this.index, type, variables, localCount, labelCount, body: statements };
  }
}
