// What a pass is: a pure function from a function's IR to better IR, with the same effects in the same order.
import type { Func } from "@anywasm/ir";
import type { ModuleContext } from "../module-context.ts";

export interface Pass {
  readonly name: string;
  /** Gives the same function where it finds nothing to do. */
  readonly run: (func: Func, module: ModuleContext) => Func;
}
