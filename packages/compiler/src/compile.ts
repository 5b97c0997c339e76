// The compilers: what turns the functions of one module into JavaScript, one at a time.

import type { Func } from "@anywasm/ir";
import type { FunctionBody } from "@anywasm/isa";
import { TextFunction } from "./baseline/text-function.ts";
import type { CompiledFunction } from "./compiled.ts";
import { generate } from "./generate.ts";
import type { LoweringOptions } from "./lower/state.ts";
import { functionNames, type ModuleContext } from "./module-context.ts";
import { optimize } from "./passes/index.ts";
import { rangesOf } from "./passes/ranges.ts";
import { chooseInt64Slots } from "./passes/representation.ts";
import { resumeAt } from "./passes/resume.ts";

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

/** The least time until the first call: text straight from the instructions, or where that cannot be, from plain IR. */
export function createBaselineCompiler(module: ModuleContext): FunctionCompiler {
  const functionName = functionNames(module);
  return {
    compile: (functionIndex, { positions = false } = {}) => {
      let text: TextFunction | undefined;
      module.read(functionIndex, (type, locals) => {
        text = new TextFunction(functionIndex, type, locals, module, functionName, positions);
        return text.events;
      });
      return text?.finish() ?? generate(module.build(functionIndex), module, functionName, plain, positions);
    },
  };
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

export interface OptimizingCompiler extends FunctionCompiler {
  /**
   * Compiles what is left of a function from the start of a loop on, as a function of all its locals; `undefined` where more
   * than locals is alive there. The label is the one that the builder gives the loop.
   */
  compileFrom(functionIndex: number, label: number, options?: CompileOptions): CompiledFunction | undefined;
}

/** With all passes: the least time per call. Long functions are only split. */
export function createOptimizingCompiler(module: ModuleContext): OptimizingCompiler {
  const functionName = functionNames(module);
  const compile = (func: Func, { positions = false }: CompileOptions): CompiledFunction => {
    const body = bodyOf(module, func.index);
    if (body !== undefined && body.end - body.start > maxOptimizedLength)
      return generate(func, module, functionName, plain, positions);
    const optimized = optimize(func, module);
    const int64Slots = module.int64 === "pairs" ? undefined : chooseInt64Slots(optimized, module.int64);
    const ranges = rangesOf(optimized);
    return generate(optimized, module, functionName, { int64Slots, ranges }, positions);
  };
  return {
    compile: (functionIndex, options = {}) => compile(module.build(functionIndex), options),
    compileFrom: (functionIndex, label, options = {}) => {
      const rest = resumeAt(module.build(functionIndex), label);
      return rest === undefined ? undefined : compile(rest, options);
    },
  };
}
