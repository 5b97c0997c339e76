// What the baseline compiler makes of each row of the instruction table, found once a row.
import { type HelperName, type Instruction, i64 } from "@anywasm/isa";
import { helperOf } from "../lower/formula.ts";
import { type TextTemplate, textTemplate } from "./text-template.ts";

export interface Recipe {
  /** A form of its own, for some operands at least. */
  readonly special: "select" | "is_null" | "eqz" | "divide" | "shift" | "add" | undefined;
  /** Of the result, or its low word; `undefined` calls the helper. */
  readonly low: TextTemplate | undefined;
  readonly high: TextTemplate | undefined;
  readonly quiet: TextTemplate | undefined;
  readonly helper: HelperName;
  readonly givesPair: boolean;
  /** `i32.and`, which with a constant that is not negative gives what is not. */
  readonly isMask: boolean;
  readonly repeats: boolean;
  /** Whether, by operand, the's low, or high, word is written more than once. */
  readonly repeatsLow: readonly boolean[];
  readonly repeatsHigh: readonly boolean[];
}

const recipes: (Recipe | undefined)[] = [];

export function recipeOf(row: Instruction): Recipe {
  return (recipes[row.opcode] ??= makeRecipe(row));
}

const operandIndices = [0, 1, 2];

function makeRecipe(row: Instruction): Recipe {
  const low = row.js === undefined ? undefined : textTemplate(typeof row.js === "string" ? row.js : row.js[0]);
  const high = row.js === undefined || typeof row.js === "string" ? undefined : textTemplate(row.js[1]);
  const quiet = row.jsIgnoringNaNBits === undefined ? undefined : textTemplate(row.jsIgnoringNaNBits);
  const times = (counts: "lowCounts" | "highCounts", operand: number): number =>
    Math.max((low?.[counts][operand] ?? 0) + (high?.[counts][operand] ?? 0), quiet?.[counts][operand] ?? 0);
  const repeatsLow = operandIndices.map((operand) => times("lowCounts", operand) > 1);
  const repeatsHigh = operandIndices.map((operand) => times("highCounts", operand) > 1);
  return {
    special: specialOf(row),
    low,
    high,
    quiet,
    helper: helperOf(row),
    givesPair: row.signature?.results[0] === i64,
    isMask: row.name === "i32.and",
    repeats: repeatsLow.includes(true) || repeatsHigh.includes(true),
    repeatsLow,
    repeatsHigh,
  };
}

function specialOf(row: Instruction): Recipe["special"] {
  if (row.shift !== undefined) return "shift";
  switch (row.name) {
    case "select":
    case "select t":
      return "select";
    case "ref.is_null":
      return "is_null";
    case "i32.eqz":
      return "eqz";
    case "i32.div_s":
    case "i32.div_u":
    case "i32.rem_s":
    case "i32.rem_u":
      return "divide";
    case "i64.add":
      return "add";
    default:
      return undefined;
  }
}
