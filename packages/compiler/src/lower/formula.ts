// Turns a row of the instruction table into JavaScript: its template, or a call of the helper of its name.
import { type HelperName, type Instruction, i64 } from "@anywasm/isa";
import { call, mentions, name } from "../js/build.ts";
import type { JsExpression } from "../js/nodes.ts";
import { countName, instantiate, parseTemplate } from "../js/template.ts";
import { isPair, pairFromCall } from "./operands.ts";
import type { Lowered, Lowering } from "./state.ts";

export interface Formula {
  apply(state: Lowering, values: readonly Lowered[], offset: number): Lowered;
}

// Formulas by row; a row never changes, so neither does what is made of it.
const exact = new WeakMap<Instruction, Formula>();
const ignoringNaNBits = new WeakMap<Instruction, Formula>();

/** `observed`: the bits of a NaN result matter. */
export function formulaOf(row: Instruction, observed: boolean): Formula {
  const known = observed || row.jsIgnoringNaNBits === undefined ? exact : ignoringNaNBits;
  let formula = known.get(row);
  if (formula === undefined) {
    formula = known === ignoringNaNBits ? wordFormula(parseTemplate(row.jsIgnoringNaNBits ?? "")) : makeFormula(row);
    known.set(row, formula);
  }
  return formula;
}

function makeFormula(row: Instruction): Formula {
  if (row.js === undefined) return helperFormula(row);
  if (typeof row.js === "string") return wordFormula(parseTemplate(row.js));
  return pairFormula(parseTemplate(row.js[0]), parseTemplate(row.js[1]));
}

/** `i32.div_s` calls the helper `i32_div_s`. */
export function helperOf(row: Instruction): HelperName {
  return row.name.replace(".", "_") as HelperName;
}

function helperFormula(row: Instruction): Formula {
  const helper = helperOf(row);
  const traps = row.effects !== 0;
  const givesPair = row.signature?.results[0] === i64;
  return {
    apply: (state, values, offset) => {
      const args = values.flatMap((value) => (isPair(value) ? [value.lo, value.hi] : [value]));
      const result = call(state.helper(helper), args, traps ? offset : undefined);
      return givesPair ? pairFromCall(state, result) : result;
    },
  };
}

const low = ["a", "b", "c"] as const;
const high = ["A", "B", "C"] as const;

function wordFormula(template: JsExpression): Formula {
  return {
    apply: (state, values) => substitute(state, template, operandNames(state, values, [template])),
  };
}

function pairFormula(loTemplate: JsExpression, hiTemplate: JsExpression): Formula {
  const templates = [loTemplate, hiTemplate];
  const hiNeedsLo = mentions(hiTemplate, "lo");
  return {
    apply: (state, values) => {
      const names = operandNames(state, values, templates);
      const lo = substitute(state, loTemplate, names);
      if (!hiNeedsLo) return { lo, hi: substitute(state, hiTemplate, names) };
      const atom = state.atom(lo);
      return { lo: atom, hi: substitute(state, hiTemplate, new Map(names).set("lo", atom)) };
    },
  };
}

/**
 * Operands by their names in templates. One that occurs several times is evaluated once, before; so are those to its
 * left, which WebAssembly evaluates earlier.
 */
function operandNames(
  state: Lowering,
  values: readonly Lowered[],
  templates: readonly JsExpression[],
): Map<string, JsExpression> {
  const uses = (key: string): number => templates.reduce((sum, template) => sum + countName(template, key), 0);
  let lastRepeated = -1;
  values.forEach((value, i) => {
    if (!isPair(value) && uses(low[i] as string) > 1) lastRepeated = i;
  });
  const names = new Map<string, JsExpression>();
  values.forEach((value, i) => {
    if (isPair(value)) {
      names.set(low[i] as string, uses(low[i] as string) > 1 ? state.atom(value.lo) : value.lo);
      names.set(high[i] as string, uses(high[i] as string) > 1 ? state.atom(value.hi) : value.hi);
    } else names.set(low[i] as string, i <= lastRepeated ? state.atom(value) : value);
  });
  return names;
}

function substitute(state: Lowering, template: JsExpression, names: ReadonlyMap<string, JsExpression>): JsExpression {
  return instantiate(
    template,
    (key) => names.get(key) ?? name(key),
    (helper) => state.helper(helper as HelperName).name,
  );
}
