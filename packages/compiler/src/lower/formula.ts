// Turns a row of the instruction table into JavaScript: its template, or a call of the helper of its name.
import { type Effects, type HelperName, type Instruction, i64 } from "@anywasm/isa";
import { call } from "../js/build.ts";
import type { JsExpression } from "../js/nodes.ts";
import { parseTemplate, type TemplateOperands, templateBuilder, templateOperands } from "../js/template.ts";
import { mentions, namesRead } from "../js/walk.ts";
import { flatten, isPair, pairFromCall } from "./operands.ts";
import type { Lowered, Lowering } from "./state.ts";

export interface Formula {
  /** @param effects of the whole tree: what has some must be evaluated where it stands, even if nobody wants the words. */
  apply(state: Lowering, values: readonly Lowered[], offset: number, effects: Effects): Lowered;
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

/** Whether an instruction has one result, of 64 bits. */
export function givesPair({ signature }: Instruction): boolean {
  return signature?.results.length === 1 && signature.results[0] === i64;
}

function helperFormula(row: Instruction): Formula {
  const helper = helperOf(row);
  const traps = row.effects !== 0;
  const makesPair = givesPair(row);
  return {
    apply: (state, values, offset) => {
      const result = call(state.helper(helper), flatten(values), traps ? offset : undefined);
      return makesPair ? pairFromCall(state, result) : result;
    },
  };
}

const low = ["a", "b", "c"] as const;
const high = ["A", "B", "C"] as const;

function wordFormula(template: JsExpression): Formula {
  const build = templateBuilder(template);
  const isRepeated = repeatedIn([template]);
  return {
    apply: (state, values) => build(operandsOf(state, values, isRepeated), state),
  };
}

function pairFormula(loTemplate: JsExpression, hiTemplate: JsExpression): Formula {
  const buildLo = templateBuilder(loTemplate);
  const buildHi = templateBuilder(hiTemplate);
  const isRepeated = repeatedIn([loTemplate, hiTemplate]);
  const hiNeedsLo = mentions(hiTemplate, "lo");
  return {
    apply: (state, values, _, effects) => {
      const operands = operandsOf(state, values, isRepeated);
      const lo = buildLo(operands, state);
      // Pairs are free of effects, so a single word made into one must be evaluated if it has any.
      const mustEvaluate = hiNeedsLo || (effects !== 0 && values.some((value) => !isPair(value)));
      if (!mustEvaluate) return { lo, hi: buildHi(operands, state) };
      operands.lo = state.atom(lo);
      return { lo: operands.lo, hi: buildHi(operands, state) };
    },
  };
}

function namesIn(template: JsExpression): readonly string[] {
  const names: string[] = [];
  namesRead(template, (name) => names.push(name));
  return names;
}

type Repeated = Readonly<Record<(typeof low)[number] | (typeof high)[number], boolean>>;

/** Which operands occur several times. */
function repeatedIn(templates: readonly JsExpression[]): Repeated {
  const isRepeated = (key: string): boolean => templates.flatMap(namesIn).filter((name) => name === key).length > 1;
  return {
    ...{ a: isRepeated("a"), b: isRepeated("b"), c: isRepeated("c") },
    ...{ A: isRepeated("A"), B: isRepeated("B"), C: isRepeated("C") },
  };
}

/**
 * Operands by their names in templates. One that occurs several times is evaluated once, before; so are those to its
 * left, which WebAssembly evaluates earlier.
 */
function operandsOf(state: Lowering, values: readonly Lowered[], isRepeated: Repeated): TemplateOperands {
  let lastRepeated = -1;
  for (let i = 0; i < values.length; i++)
    if (!isPair(values[i] as Lowered) && isRepeated[low[i] as "a"]) lastRepeated = i;
  const operands = templateOperands();
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as Lowered;
    const lowKey = low[i] as "a";
    if (isPair(value)) {
      const highKey = high[i] as "A";
      operands[lowKey] = isRepeated[lowKey] ? state.atom(value.lo) : value.lo;
      operands[highKey] = isRepeated[highKey] ? state.atom(value.hi) : value.hi;
    } else operands[lowKey] = i <= lastRepeated ? state.atom(value) : value;
  }
  return operands;
}
