// What a typing rule is: it reads the immediates, checks and changes the stacks, and tells the builder.
import type { Instruction } from "@anywasm/isa";
import type { FunctionContext } from "../function-context.ts";

export type Rule = (validator: FunctionContext, row: Instruction, offset: number) => void;
