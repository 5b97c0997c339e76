// What a `FunctionBuilder` builds from. The builder knows control structure and evaluation order; a factory knows what
// values and statements are: nodes of the IR, or a compiler's own, where a tree of nodes would be a detour.
import type { Effects, FuncType, Instruction, ValType } from "@anywasm/isa";
import type { BuilderBase } from "./build-base.ts";
import type { MemArg } from "./nodes.ts";

/** What the builder has to know of a value that waits to be used. */
export interface Value {
  readonly type: ValType | undefined;
  readonly effects: Effects;
  readonly depth: number;
}

/** Where a branch goes: to the end of what has the label, or back to the start of a loop. */
export interface BranchTarget {
  readonly label: number;
  readonly isLoop: boolean;
}

export interface Factory<V extends Value, S> {
  /** Once, before anything is made. */
  start(builder: BuilderBase<V, S>): void;

  // Values
  constant(type: ValType, lo: number, hi: number, offset: number): V;
  get(variable: number, type: ValType, offset: number): V;
  operation(row: Instruction, type: ValType | undefined, operands: readonly V[], offset: number): V;
  vector(
    row: Instruction,
    immediates: readonly number[],
    type: ValType | undefined,
    operands: readonly V[],
    offset: number,
  ): V;
  access(row: Instruction, memArg: MemArg, type: ValType | undefined, operands: readonly V[], offset: number): V;
  entity(row: Instruction, index: number, type: ValType | undefined, operands: readonly V[], offset: number): V;
  transfer(row: Instruction, destination: number, source: number, operands: readonly V[], offset: number): V;
  call(functionIndex: number, type: FuncType, operands: readonly V[], offset: number): V;
  callIndirect(typeIndex: number, tableIndex: number, type: FuncType, operands: readonly V[], offset: number): V;
  callRef(typeIndex: number, type: FuncType, operands: readonly V[], offset: number): V;
  object(
    row: Instruction,
    typeIndex: number,
    index: number,
    type: ValType | undefined,
    operands: readonly V[],
    offset: number,
  ): V;

  /** Whether a caught exception has the tag. */
  exceptionIs(tag: number, caught: V): V;
  /** What a caught exception of the tag carries at `position`. */
  exceptionValue(tag: number, position: number, type: ValType, caught: V): V;

  /** Evaluates a value now: adds a statement to the builder's, and gives what stands for the result. */
  spill(value: V): V;
  /** Whether a value gives the same whenever it is evaluated: a constant, or a temporary. */
  isSettled(value: V): boolean;
  isGet(value: V, variable: number): boolean;
  /** May say yes where the answer is no. */
  mayRead(value: V, variable: number): boolean;

  // Statements
  set(variable: number, value: V): S;
  /** `value` is a call with several results, or else an operation. */
  setMany(variables: readonly number[], value: V, isCall: boolean): S;
  evaluate(value: V): S;
  block(label: number, results: readonly number[], body: readonly S[]): S;
  loop(label: number, results: readonly number[], body: readonly S[]): S;
  /** `likely`: whether the condition mostly holds, where that is known. */
  if(
    condition: V,
    results: readonly number[],
    then: readonly S[],
    otherwise: readonly S[],
    likely: boolean | undefined,
  ): S;
  br(target: BranchTarget): S;
  brTable(index: V, targets: readonly BranchTarget[], fallback: BranchTarget, offset: number): S;
  return(values: readonly V[]): S;
  returnCall(functionIndex: number, type: FuncType, operands: readonly V[], offset: number): S;
  returnCallIndirect(typeIndex: number, tableIndex: number, type: FuncType, operands: readonly V[], offset: number): S;
  returnCallRef(typeIndex: number, type: FuncType, operands: readonly V[], offset: number): S;
  unreachable(offset: number): S;
  throw(tag: number, values: readonly V[], offset: number): S;
  throwRef(value: V, offset: number): S;
  /** Runs `handler` if `body` throws, with what it threw in the variable `exception`. */
  try(exception: number, results: readonly number[], body: readonly S[], handler: readonly S[]): S;

  // Where the builder is
  /** A label's code begins. `isConditional`: it may run any number of times, or not at all. */
  enter(isConditional: boolean): void;
  /** It ends. */
  leave(): void;
  /** No value waits that has been made since the innermost label's code began. */
  rest(): void;
}
