// What a pass is.
import type { Func } from "@anywasm/ir";
import type { ModuleContext } from "../module-context.ts";

/**
 * A pure function from a function's IR to better IR, with the same effects in the same order. Gives the same function where
 * it finds nothing to do.
 */
export type Pass = (func: Func, module: ModuleContext) => Func;
