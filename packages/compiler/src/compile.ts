// The compilers: what turns the functions of one module into JavaScript, one at a time.

import type { FunctionBody } from "@anywasm/isa";
import { TextFunction } from "./baseline/text-function.ts";
import type { CompiledFunction } from "./compiled.ts";
import { generate } from "./generate.ts";
import type { LoweringOptions } from "./lower/state.ts";
import { functionNames, type ModuleContext } from "./module-context.ts";
import { optimize } from "./passes/index.ts";
import { rangesOf } from "./passes/ranges.ts";
import { chooseInt64Slots } from "./passes/representation.ts";

export interface CompileOptions {
  /** Record where each instruction lies in the source. */
  readonly positions?: boolean;
}

/** Compiles functions of one module. */
export interface FunctionCompiler {
  /**
   * Compiles a function that the module defines.
   * @throws CompileError when the function is past an implementation limit.
   */
  compile(functionIndex: number, options?: CompileOptions): CompiledFunction;
}

/**
 * Operations on 64-bit integers in loops of a function, from which on it is optimized at once where functions are promoted
 * and BigInts are fast: a loop that is under way stays in the code it began in, and that would be several times slower.
 */
const manyInt64s = 4;

/** Bytes of a body. Longer ones are slow to optimize, and seldom one loop that is entered once. */
const maxLoopLength = 512;

/** The least time until the first call: text straight from the instructions, or where that cannot be, from plain IR. */
export function createBaselineCompiler(module: ModuleContext): FunctionCompiler {
  const functionName = functionNames(module);
  const optimizing = createOptimizingCompiler(module);
  return {
    compile: (functionIndex, { positions = false } = {}) => {
      let text: TextFunction | undefined;
      module.read(functionIndex, (type, locals) => {
        text = new TextFunction(functionIndex, type, locals, module, functionName, positions);
        return text.events;
      });
      if (module.countsCalls && module.int64 !== "pairs" && isInt64Loop(text, module, functionIndex))
        return optimizing.compile(functionIndex, { positions });
      return text?.finish() ?? generate(module.build(functionIndex), module, functionName, plain, positions);
    },
  };
}

/** Whether a function computes with 64-bit integers in loops, and calls nothing meanwhile. */
function isInt64Loop(text: TextFunction | undefined, module: ModuleContext, functionIndex: number): boolean {
  if (text === undefined || text.int64sInLoops < manyInt64s) return false;
  const body = bodyOf(module, functionIndex);
  return body !== undefined && !body.mayGrowMemories && body.end - body.start <= maxLoopLength;
}

function bodyOf({ structure }: ModuleContext, functionIndex: number): FunctionBody | undefined {
  return structure.bodies[functionIndex - structure.importedFunctionCount];
}

/** For IR as it is built: nothing is known of it. */
export const plain: LoweringOptions = { int64Slots: undefined, ranges: undefined };

/**
 * Bytes of a body. Passes over a longer one take hundreds of milliseconds in a program that has just started, and gain
 * little: what is inlined into it, or computed in BigInts, is a small part of it.
 */
const maxOptimizedLength = 8192;

/** With all passes: the least time per call. Long functions are only split. */
export function createOptimizingCompiler(module: ModuleContext): FunctionCompiler {
  const functionName = functionNames(module);
  return {
    compile: (functionIndex, { positions = false } = {}) => {
      const func = module.build(functionIndex);
      const body = bodyOf(module, functionIndex);
      if (body !== undefined && body.end - body.start > maxOptimizedLength)
        return generate(func, module, functionName, plain, positions);
      const optimized = optimize(func, module);
      const int64Slots = module.int64 === "pairs" ? undefined : chooseInt64Slots(optimized, module.int64);
      const ranges = rangesOf(optimized);
      return generate(optimized, module, functionName, { int64Slots, ranges }, positions);
    },
  };
}
