// The baseline compiler: one function's IR in, JavaScript source out, without passes.

import type { Func } from "@anywasm/ir";
import { i64, isRefType, type ValType } from "@anywasm/isa";
import type { CompiledFunction } from "./compiled.ts";
import { declare, number } from "./js/build.ts";
import { sanitize } from "./js/names.ts";
import type { JsDeclarator, JsExpression, JsStatement } from "./js/nodes.ts";
import { printFunction } from "./js/print.ts";
import { analyse } from "./lower/analysis.ts";
import { lowerBody } from "./lower/control.ts";
import { lower } from "./lower/expression.ts";
import { Lowering } from "./lower/state.ts";
import { functionNames, type ModuleContext } from "./module-context.ts";

export interface CompileOptions {
  /** Record where each instruction lies in the source. */
  readonly positions?: boolean;
}

/** Compiles functions of one module. */
export interface FunctionCompiler {
  /** @throws CompileError when the function is past an implementation limit. */
  compile(func: Func, options?: CompileOptions): CompiledFunction;
}

export function createBaselineCompiler(module: ModuleContext): FunctionCompiler {
  const functionName = functionNames(module);
  return {
    compile: (func, options = {}) => {
      const state = new Lowering(func, module, analyse(func), functionName, { expression: lower, body: lowerBody });
      const name = state.unique(sanitize(functionName(func.index), `func${func.index}`));
      const parameters = func.type.params.flatMap((type, index) => wordNames(state, type, index));
      lowerBody(state, func.body);
      const body = [...declarationsOf(state), ...state.out];
      const printed = printFunction({ name, parameters, body }, options.positions ?? false);
      return {
        functionIndex: func.index,
        source: printed.text,
        bindings: [...state.bindings.values()],
        tailCalls: state.tailCalls,
        positions: printed.positions,
      };
    },
  };
}

function wordNames(state: Lowering, type: ValType, index: number): string[] {
  const low = state.variable(index).name;
  return type === i64 ? [low, state.highVariable(index).name] : [low];
}

/** Declared locals start as zero or null (core spec, §4.4 "Function Calls"); those never used are left out. */
function declarationsOf(state: Lowering): readonly JsStatement[] {
  const { func, analysis } = state;
  const declarators: JsDeclarator[] = [];
  for (let index = func.type.params.length; index < func.localCount; index++) {
    if (analysis.used[index] === 0) continue;
    const type = state.typeOf(index);
    const value: JsExpression = isRefType(type) ? { kind: "null" } : number(0);
    for (const name of wordNames(state, type, index)) declarators.push({ name, value });
  }
  const temporaries = state.pooledNames.map((name) => ({ name, value: undefined }));
  return [declarators, temporaries].filter((list) => list.length > 0).map((list) => declare("let", list));
}
