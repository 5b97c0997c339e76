// The compilers: what turns the functions of one module into JavaScript, one at a time.

import { type Func, visitStatements } from "@anywasm/ir";
import { BeyondText } from "./baseline/beyond-text.ts";
import { TextFunction } from "./baseline/text-function.ts";
import type { CompiledFunction, Profile } from "./compiled.ts";
import { generate } from "./generate.ts";
import { type LoweringOptions, wholeFunction } from "./lower/state.ts";
import { functionNames, isOnlySplit, type ModuleContext } from "./module-context.ts";
import { optimize } from "./passes/index.ts";
import { rangesOf } from "./passes/ranges.ts";
import { chooseInt64Slots } from "./passes/representation.ts";
import { resumeAt } from "./passes/resume.ts";
import { split } from "./passes/split.ts";
import { withoutVectors } from "./vectors/index.ts";

export interface CompileOptions {
  /** Record where each instruction lies in the source. */
  readonly positions?: boolean;
  /** What is known of earlier runs; ignored by the baseline compiler. */
  readonly profile?: Profile | undefined;
}

/** Compiles functions of one module. */
export interface FunctionCompiler {
  /**
   * Compiles a function that the module defines.
   * @throws CompileError when the function is past an implementation limit.
   */
  compile(functionIndex: number, options?: CompileOptions): CompiledFunction;
}

/** The least time until the first call: text straight from the instructions, or where that cannot be, from plain IR. */
export function createBaselineCompiler(whole: ModuleContext): FunctionCompiler {
  const module = withoutVectors(whole);
  const functionName = functionNames(module);
  return {
    compile: (functionIndex, { positions = false } = {}) => {
      let text: TextFunction | undefined;
      try {
        module.read(functionIndex, (type, locals) => {
          text = new TextFunction(functionIndex, type, locals, module, functionName, positions);
          return text.events;
        });
        return (text as unknown as TextFunction).finish();
      } catch (error) {
        if (!(error instanceof BeyondText)) throw error;
        return generate(module.build(functionIndex), module, functionName, plain, positions);
      }
    },
  };
}

/** For IR as it is built: nothing is known of it. */
export const plain: LoweringOptions = {
  int64Slots: undefined,
  ranges: undefined,
  labelWeights: undefined,
  isBranchless: false,
  readsAhead: false,
};

/** Branches by tables that a call of a function makes; in interpreters, instructions of a function. A guess. */
const branchesPerCall = 16;

/** How often tables of branches went to each label. */
function labelWeightsOf({ body }: Func, profile: Profile | undefined): LoweringOptions["labelWeights"] {
  if (profile === undefined) return undefined;
  const weights = new Map<number, number>();
  let [table, calls] = [0, 0];
  visitStatements(body, (statement) => {
    if (statement.kind !== "br_table") return;
    const counts = profile[table++];
    if (counts === undefined) return;
    [...statement.labels, statement.fallback].forEach((label, position) => {
      const count = counts[position] ?? 0;
      weights.set(label, (weights.get(label) ?? 0) + count);
      calls += count / branchesPerCall;
    });
  });
  weights.set(wholeFunction, calls);
  return weights;
}

export interface OptimizingCompiler extends FunctionCompiler {
  /**
   * Compiles what is left of a function from the start of a loop on, as a function of all its locals; `undefined` where more
   * than locals is alive there. The label is the one that the builder gives the loop.
   */
  compileFrom(functionIndex: number, label: number, options?: CompileOptions): CompiledFunction | undefined;
}

/** With all passes: the least time per call. Long functions are only split. */
export function createOptimizingCompiler(whole: ModuleContext): OptimizingCompiler {
  // What a vector is kept as is chosen for each life of a local.
  const module = withoutVectors(whole, (func) => (isOnlySplit(whole, func.index) ? func : split(func, whole)));
  const functionName = functionNames(module);
  const compile = (
    func: Func,
    { positions = false }: CompileOptions,
    labelWeights: LoweringOptions["labelWeights"],
  ): CompiledFunction => {
    if (isOnlySplit(module, func.index))
      return generate(func, module, functionName, { ...plain, labelWeights }, positions);
    const optimized = optimize(func, module);
    const int64Slots = module.int64 === "pairs" ? undefined : chooseInt64Slots(optimized, module.int64);
    const ranges = rangesOf(optimized);
    return generate(
      optimized,
      module,
      functionName,
      { int64Slots, ranges, labelWeights, isBranchless: true, readsAhead: true },
      positions,
    );
  };
  return {
    compile: (functionIndex, options = {}) => {
      const func = module.build(functionIndex);
      return compile(func, options, labelWeightsOf(func, options.profile));
    },
    compileFrom: (functionIndex, label, options = {}) => {
      const func = module.build(functionIndex);
      const rest = resumeAt(func, label);
      return rest === undefined ? undefined : compile(rest, options, labelWeightsOf(func, options.profile));
    },
  };
}
