// What the builder keeps of a block, loop, `if` or function whose `end` has not come yet.
import type { ValType } from "@anywasm/isa";
import type { Protection } from "./exceptions.ts";
import type { BranchTarget } from "./factory.ts";

export interface Frame<V, S> extends BranchTarget {
  readonly kind: "function" | "block" | "loop" | "if" | "else" | "try_table" | "try" | "catch";
  /** Types of what a branch to the label carries. */
  readonly labelTypes: readonly ValType[];
  readonly resultTypes: readonly ValType[];
  /** Where the frame's statements begin in the builder's list. */
  readonly start: number;
  /** Height of the operand stack below the frame's parameters. */
  readonly height: number;
  /** Of an `if` and its `else`. */
  readonly condition: V | undefined;
  likely: boolean | undefined;
  readonly parameters: readonly V[];
  /** Of an `else`: the statements of the arm before. */
  readonly then: readonly S[];
  readonly reachableBefore: boolean;
  /** Assigned where a branch to the label carries values; made on demand. */
  labelVariables: readonly number[] | undefined;
  targeted: boolean;
  /** Some path falls off the end of an arm that is complete. */
  thenReachable: boolean;
  protection: Protection<S> | undefined;
  /** Position, among the frames, of what catches exceptions thrown in this one; 0 is the function. */
  readonly catcher: number;
}
