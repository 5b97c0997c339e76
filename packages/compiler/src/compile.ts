// The compilers: what turns the functions of one module into JavaScript, one at a time.
import type { Func } from "@anywasm/ir";
import type { CompiledFunction } from "./compiled.ts";
import { generate } from "./generate.ts";
import { functionNames, type ModuleContext } from "./module-context.ts";
import { optimize } from "./passes/index.ts";
import { chooseInt64Slots } from "./passes/representation.ts";

export interface CompileOptions {
  /** Record where each instruction lies in the source. */
  readonly positions?: boolean;
}

/** Compiles functions of one module. */
export interface FunctionCompiler {
  /** @throws CompileError when the function is past an implementation limit. */
  compile(func: Func, options?: CompileOptions): CompiledFunction;
}

/** Without passes: the least time until the first call. */
export function createBaselineCompiler(module: ModuleContext): FunctionCompiler {
  const functionName = functionNames(module);
  return {
    compile: (func, options = {}) =>
      generate(
        func,
        module,
        functionName,
        { int64Slots: undefined, expandsHelpers: false, counts: module.countsCalls },
        options.positions ?? false,
      ),
  };
}

/** With all passes: the least time per call. */
export function createOptimizingCompiler(module: ModuleContext): FunctionCompiler {
  const functionName = functionNames(module);
  return {
    compile: (func, options = {}) => {
      const optimized = optimize(func, module);
      const int64Slots = module.int64 === "pairs" ? undefined : chooseInt64Slots(optimized, module.int64, () => true);
      return generate(
        optimized,
        module,
        functionName,
        { int64Slots, expandsHelpers: true, counts: false },
        options.positions ?? false,
      );
    },
  };
}
