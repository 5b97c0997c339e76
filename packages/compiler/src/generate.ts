// One function's IR in, JavaScript source out: what all tiers have in common.
import type { Func } from "@anywasm/ir";
import { i64, isRefType, type ValType } from "@anywasm/isa";
import type { CompiledFunction, Source } from "./compiled.ts";
import { declare, number } from "./js/build.ts";
import { sanitize } from "./js/names.ts";
import type { JsDeclarator, JsExpression, JsFunction, JsStatement } from "./js/nodes.ts";
import { outline } from "./js/outline.ts";
import { printFunction } from "./js/print.ts";
import { analyse } from "./lower/analysis.ts";
import { nameTypes } from "./lower/casts.ts";
import { lowerBody, starting } from "./lower/control.ts";
import { lower } from "./lower/expression.ts";
import { int64SlotCount, PartSlots } from "./lower/parts.ts";
import { Lowering, type LoweringOptions, wholeFunction } from "./lower/state.ts";
import { fixViews } from "./lower/views.ts";
import { lowerWide, wideParameters } from "./lower/wide.ts";
import type { ModuleContext } from "./module-context.ts";

const lowerings = { expression: lower, wide: lowerWide, body: lowerBody };

export function generate(
  func: Func,
  module: ModuleContext,
  functionName: (index: number) => string | undefined,
  options: LoweringOptions,
  withPositions: boolean,
): CompiledFunction {
  const state = new Lowering(func, module, analyse(func), functionName, lowerings, options);
  const name = state.unique(sanitize(functionName(func.index), `func${func.index}`));
  const parameters = func.type.params.flatMap((type, index) => wordNames(state, type, index));
  const types = options.readsAhead ? nameTypes(state) : [];
  const views = state.analysis.mayGrow ? [] : fixViews(state);
  lowerBody(state, func.body);
  const body = [
    ...declarationsOf(state, types),
    ...int64Start(state),
    ...starting(state, parameters),
    ...views,
    ...state.out,
  ];
  const whole: JsFunction = { name, parameters, body: state.weigh(body, wholeFunction) };
  const text = printed(whole, withPositions);
  if (text.source.length <= charactersPerNode * module.splitAbove)
    return compiled(state, text, [], int64SlotCount(state));
  const slots = new PartSlots(state);
  const { main, parts } = outline(whole, slots);
  parts.forEach((part, number) => state.bindPart(part.name, number));
  return compiled(
    state,
    printed(main, withPositions),
    parts.map((part) => printed(part, withPositions)),
    slots.count,
  );
}

/** At least, in printed source: text that is shorter needs no counting. */
const charactersPerNode = 3;

function compiled(state: Lowering, main: Source, parts: readonly Source[], slotCount: number): CompiledFunction {
  return {
    functionIndex: state.func.index,
    ...main,
    parts,
    bindings: [...state.bindings.values()],
    slotCount,
    tailCalls: state.tailCalls,
  };
}

function printed(func: JsFunction, withPositions: boolean): Source {
  const { text, positions } = printFunction(func, withPositions);
  return { source: text, positions };
}

function wordNames(state: Lowering, type: ValType, index: number): string[] {
  const low = state.variable(index).name;
  return type === i64 ? [low, state.highVariable(index).name] : [low];
}

/** Declared locals start as zero or null (core spec, §4.4 "Function Calls"); those never used are left out. */
function declarationsOf(state: Lowering, types: readonly JsDeclarator[]): readonly JsStatement[] {
  const { func, analysis } = state;
  const declarators: JsDeclarator[] = [];
  for (let index = func.type.params.length; index < func.localCount; index++) {
    if (analysis.used[index] === 0) continue;
    const type = state.typeOf(index);
    // Slots have their own beginning.
    if (type === i64 && state.computesWithBigInts) continue;
    const value: JsExpression = isRefType(type) ? { kind: "null" } : number(0);
    for (const name of wordNames(state, type, index)) declarators.push({ name, value });
  }
  const temporaries = state.pooledNames.map((name) => ({ name, value: undefined }));
  return [declarators, types, temporaries].filter((list) => list.length > 0).map((list) => declare("let", list));
}

function int64Start(state: Lowering): readonly JsStatement[] {
  if (!state.computesWithBigInts) return [];
  return [...state.int64Slots.initial(state), ...wideParameters(state)];
}
