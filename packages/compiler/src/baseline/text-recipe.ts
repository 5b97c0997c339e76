// What the baseline compiler makes of each row of the instruction table, found once a row.
import type { HelperName, Instruction } from "@anywasm/isa";
import { givesPair, helperOf } from "../lower/formula.ts";
import { type TextTemplate, textTemplate } from "./text-template.ts";

export interface Recipe {
  /** A form of its own, for some operands at least. */
  readonly special: "select" | "is_null" | "eqz" | "divide" | "shift" | "add" | "saturate" | undefined;
  /** Of the result, or its low word; `undefined` calls the helper. */
  readonly low: TextTemplate | undefined;
  /** Of the result's high word, also where a narrow load is widened. */
  readonly high: TextTemplate | undefined;
  /** The high word is made of the low one. */
  readonly highNamesLow: boolean;
  /** Writes each operand once. */
  readonly quiet: TextTemplate | undefined;
  readonly helper: HelperName;
  readonly givesPair: boolean;
  /** `i32.and`, which with a constant that is not negative gives what is not. */
  readonly isMask: boolean;
  /** Words that are written more than once: bit `i` for the low word of operand `i`, bit `i + 3` for its high word. */
  readonly repeated: number;
}

const recipes: (Recipe | undefined)[] = [];

export function recipeOf(row: Instruction): Recipe {
  return (recipes[row.opcode] ??= makeRecipe(row));
}

function templateOf(source: string | undefined): TextTemplate | undefined {
  return source === undefined ? undefined : textTemplate(source);
}

function makeRecipe(row: Instruction): Recipe {
  const [lowSource, highSource] = typeof row.js === "string" ? [row.js] : (row.js ?? [undefined, row.access?.hi]);
  const low = templateOf(lowSource);
  const high = templateOf(highSource);
  return {
    special: specialOf(row),
    low,
    high,
    highNamesLow: high?.pieces.some(({ kind }) => kind === "lo") ?? false,
    quiet: templateOf(row.jsIgnoringNaNBits),
    helper: helperOf(row),
    givesPair: givesPair(row),
    isMask: row.name === "i32.and",
    repeated: repeatedWords([low, high]),
  };
}

function repeatedWords(templates: readonly (TextTemplate | undefined)[]): number {
  let once = 0;
  let again = 0;
  for (const template of templates)
    for (const piece of template?.pieces ?? []) {
      if (!("operand" in piece)) continue;
      const bit = 1 << (piece.kind === "high" ? piece.operand + 3 : piece.operand);
      again |= once & bit;
      once |= bit;
    }
  return again;
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
    case "i32.sat_i64_u":
      return "saturate";
    default:
      return undefined;
  }
}
