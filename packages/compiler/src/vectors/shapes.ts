// Chooses what variables of vectors are kept as.
import type { Func } from "@anywasm/ir";
import { i32, type ValType } from "@anywasm/isa";

/** The shape of each variable that is a vector. */
export function shapesOf(func: Func): readonly ValType[] {
  return func.variables.map(() => i32);
}
