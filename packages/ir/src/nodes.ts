// The nodes of the intermediate representation: a function is structured control over expression trees.
// Immutable; knows neither bytes nor JavaScript.
import type { Effects, FuncType, Instruction, ValType } from "@anywasm/isa";

/** Where a load or store goes: `offset` is added to the address operand without wrapping. */
export interface MemArg {
  readonly memory: number;
  /** Bytes, up to 2^32-1. */
  readonly offset: number;
  /** As declared, the logarithm to base 2. A hint: any alignment must work. */
  readonly align: number;
  /** Of an instruction that loads or stores one lane of a vector. */
  readonly lane?: number;
}

interface ExpressionBase {
  /** The one result, or `undefined` where there is none, or several (see `SetMany`). */
  readonly type: ValType | undefined;
  /** Of the whole tree. */
  readonly effects: Effects;
  /** The variables the tree reads, as a filter: bit `variable & 31`. A clear bit proves absence. */
  readonly reads: number;
  /** Height of the tree. The builder bounds it, so recursion over one expression is safe. */
  readonly depth: number;
  /** Byte offset of the instruction in the module, for backtraces. */
  readonly offset: number;
  readonly operands: readonly Expression[];
}

/** A number, by its bits (`hi` is 0 for 32-bit types), or the null of a reference type. */
export interface Constant extends ExpressionBase {
  readonly kind: "constant";
  readonly type: ValType;
  readonly lo: number;
  readonly hi: number;
}

/** The current value of a parameter, local or temporary. */
export interface Get extends ExpressionBase {
  readonly kind: "get";
  readonly type: ValType;
  readonly variable: number;
}

/** An instruction without immediates that matter here: numeric ones, `select`, `ref.is_null`. */
export interface Operation extends ExpressionBase {
  readonly kind: "operation";
  readonly instruction: Instruction;
}

/** An instruction on vectors with immediates: numbers of lanes, or the four words of a constant. */
export interface VectorOperation extends ExpressionBase {
  readonly kind: "vector";
  readonly instruction: Instruction;
  readonly immediates: readonly number[];
}

/**
 * A word of the register that holds those but the first of a vector which was just given: by a call, or to be returned.
 * Without an operand, its value; with one, gives it that. No instruction.
 */
export interface VectorWord extends ExpressionBase {
  readonly kind: "vector_word";
  readonly position: number;
}

/** A load or store. */
export interface Access extends ExpressionBase {
  readonly kind: "access";
  readonly instruction: Instruction;
  readonly memArg: MemArg;
}

/** An instruction on one entity of the module: `global.get`, `table.grow`, `memory.size`, `ref.func`, `data.drop`, ... */
export interface EntityOperation extends ExpressionBase {
  readonly kind: "entity";
  readonly instruction: Instruction;
  readonly index: number;
}

/** An instruction that moves between two entities: `memory.copy`, `table.init`, ... */
export interface Transfer extends ExpressionBase {
  readonly kind: "transfer";
  readonly instruction: Instruction;
  /** Index of the memory or table written. */
  readonly destination: number;
  /** Index of the memory, table, data or element segment read. */
  readonly source: number;
}

export interface Call extends ExpressionBase {
  readonly kind: "call";
  readonly functionIndex: number;
  readonly functionType: FuncType;
}

/** The last operand is the index into the table. */
export interface CallIndirect extends ExpressionBase {
  readonly kind: "call_indirect";
  readonly typeIndex: number;
  readonly tableIndex: number;
  readonly functionType: FuncType;
}

/** The last operand is the function. */
export interface CallRef extends ExpressionBase {
  readonly kind: "call_ref";
  readonly typeIndex: number;
  readonly functionType: FuncType;
}

/** An instruction on a type of the module: `struct.get`, `array.new`, `ref.test`, ... */
export interface ObjectOperation extends ExpressionBase {
  readonly kind: "object";
  readonly instruction: Instruction;
  /** The index of a structure's or array's type; of `ref.test` and `ref.cast`, the `ValType` that is asked for. */
  readonly typeIndex: number;
  /** A second immediate: a field, a segment, the type of the array copied from; 0 where there is none. */
  readonly index: number;
}

/** Whether a table's element, at a position that the table is known to have, is a function of the module. No instruction. */
export interface ElementIs extends ExpressionBase {
  readonly kind: "element_is";
  readonly tableIndex: number;
  readonly position: number;
  readonly functionIndex: number;
}

/** Whether a caught exception, its operand, has a tag. No instruction. */
export interface ExceptionIs extends ExpressionBase {
  readonly kind: "exception_is";
  readonly tag: number;
}

/** What a caught exception of the tag, its operand, carries at `position`. No instruction. */
export interface ExceptionValue extends ExpressionBase {
  readonly kind: "exception_value";
  readonly type: ValType;
  readonly tag: number;
  readonly position: number;
  /** Of a vector that has been taken apart, which of its words; else 0. */
  readonly word: number;
}

export type Expression =
  | Constant
  | Get
  | Operation
  | VectorOperation
  | VectorWord
  | Access
  | EntityOperation
  | Transfer
  | Call
  | CallIndirect
  | CallRef
  | ObjectOperation
  | ElementIs
  | ExceptionIs
  | ExceptionValue;

/** A call of any kind. */
export type AnyCall = Call | CallIndirect | CallRef;

export function isCall(expression: Expression): expression is AnyCall {
  const { kind } = expression;
  return kind === "call" || kind === "call_indirect" || kind === "call_ref";
}

/** Evaluates `value`, then makes it the variable's value. */
export interface Set {
  readonly kind: "set";
  readonly variable: number;
  readonly value: Expression;
}

/** Makes the results of a call or operation with several the values of as many variables. */
export interface SetMany {
  readonly kind: "set_many";
  readonly variables: readonly number[];
  readonly value: AnyCall | Operation;
}

/** Evaluates for effect. */
export interface Evaluate {
  readonly kind: "evaluate";
  readonly value: Expression;
}

/** `br label` inside goes behind it. */
export interface Block {
  readonly kind: "block";
  readonly label: number;
  /** Variables assigned inside and read behind it. */
  readonly results: readonly number[];
  readonly body: readonly Statement[];
}

/** `br label` inside goes back to its start; falling off the end leaves it. */
export interface Loop {
  readonly kind: "loop";
  readonly label: number;
  /** Variables assigned where it is left by falling off the end, and read behind it. */
  readonly results: readonly number[];
  readonly body: readonly Statement[];
}

export interface If {
  readonly kind: "if";
  readonly condition: Expression;
  /** Whether the condition mostly holds, where the module says so (branch hinting proposal). */
  readonly likely?: boolean | undefined;
  /** Variables assigned in both arms and read behind it. */
  readonly results: readonly number[];
  readonly then: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

export interface Br {
  readonly kind: "br";
  readonly label: number;
}

export interface BrTable {
  readonly kind: "br_table";
  readonly index: Expression;
  readonly labels: readonly number[];
  readonly fallback: number;
  readonly offset: number;
}

export interface Return {
  readonly kind: "return";
  readonly values: readonly Expression[];
}

/** Leaves the function by a call in its place (tail calls). */
export interface ReturnCall {
  readonly kind: "return_call";
  readonly call: AnyCall;
}

export interface Unreachable {
  readonly kind: "unreachable";
  readonly offset: number;
}

/** Throws a new exception. */
export interface Throw {
  readonly kind: "throw";
  readonly tag: number;
  readonly values: readonly Expression[];
  readonly offset: number;
}

/** Throws an exception again; traps on null. */
export interface ThrowRef {
  readonly kind: "throw_ref";
  readonly value: Expression;
  readonly offset: number;
}

/**
 * Runs `body`. If that throws an exception that guests may catch, makes it the value of the variable `exception` and runs
 * `handler`, with variables as they were when it was thrown. Calls can throw, and `Throw` and `ThrowRef`; traps are not caught.
 */
export interface Try {
  readonly kind: "try";
  readonly exception: number;
  /** Variables assigned in body and handler and read behind it. */
  readonly results: readonly number[];
  readonly body: readonly Statement[];
  readonly handler: readonly Statement[];
}

export type Statement =
  | Set
  | SetMany
  | Evaluate
  | Block
  | Loop
  | If
  | Br
  | BrTable
  | Return
  | ReturnCall
  | Unreachable
  | Throw
  | ThrowRef
  | Try;

/** A function's code. Variables are numbered: parameters, then declared locals, then temporaries of the builder. */
export interface Func {
  readonly index: number;
  readonly type: FuncType;
  readonly variables: readonly ValType[];
  /** Parameters and declared locals: variables from here on are temporaries. */
  readonly localCount: number;
  readonly labelCount: number;
  readonly body: readonly Statement[];
}

/** For the `default` of a switch over a union: a forgotten member is a type error. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected ${JSON.stringify(value)}`);
}
