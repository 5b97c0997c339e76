// What is told of a function, and who makes whom it is told to.
import type { FuncType, ValType } from "@anywasm/isa";
import type { FunctionBuilder } from "./build.ts";
import type { Value } from "./factory.ts";

/** What a builder is told, instruction by instruction. */
export type FunctionEvents = Pick<
  FunctionBuilder<Value, unknown>,
  | ("constant" | "get" | "set" | "tee" | "drop" | "operation" | "select" | "vector" | "access" | "entity" | "transfer")
  | ("call" | "callIndirect" | "block" | "loop" | "if" | "else" | "end" | "br" | "brIf" | "brTable" | "return")
  | ("operationOfMany" | "returnCall" | "returnCallIndirect" | "unreachable")
  | ("throw" | "throwRef" | "tryTable" | "try" | "catch" | "catchAll" | "rethrow" | "delegate")
  | ("callRef" | "returnCallRef" | "object" | "branchOn")
>;

/** Makes what is told of a function of this type, whose parameters and declared locals are of the types `locals`. */
export type OpenFunction = (type: FuncType, locals: readonly ValType[]) => FunctionEvents;
