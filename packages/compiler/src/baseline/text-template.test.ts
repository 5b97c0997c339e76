import { allInstructions, i32, i64 } from "@anywasm/isa";
import { expect, test } from "vitest";
import { precedence } from "../js/precedence.ts";
import { fill, textTemplate } from "./text-template.ts";
import { TextValue } from "./text-value.ts";

const helperNames = ["imul", "clz32", "abs", "ceil", "floor", "trunc", "fround", "sqrt", "min", "max"] as const;
const words = ["p", "q", "r"] as const;

/** A value whose text binds less tightly than most operators, so that forgotten parentheses show. */
function operand(low: string, high: string): TextValue {
  const value = new TextValue(high === "" ? i32 : i64, 0, 0, 1, low, precedence["|"]);
  value.high = high;
  value.highLevel = precedence["|"];
  return value;
}

function evaluate(text: string, values: readonly number[]): unknown {
  const names = [...words, "lo", ...helperNames];
  return new Function(...names, `return ${text};`)(...values, ...helperNames.map((name) => Math[name]));
}

const templates = allInstructions.flatMap(({ js, jsIgnoringNaNBits, access }) =>
  [js, jsIgnoringNaNBits, access?.hi].flat().filter((text): text is string => text !== undefined),
);

test.each([...new Set(templates)])("%s with operands in its places", (template) => {
  const operands = [operand("p | q", "q | r"), operand("q | p", "r | p"), operand("r | q", "p | 1")];
  const made = fill(textTemplate(template), operands, "lo", false, { helperName: (helper) => helper });
  // Parentheses everywhere give the meaning.
  const meant = template.replace(/\b[abcABC]\b/g, (name) => {
    const value = operands["abc".indexOf(name.toLowerCase())] as TextValue;
    return `(${name === name.toLowerCase() ? value.text : value.high})`;
  });
  for (const values of [
    [1, 2, 4, 8],
    [-1, 7, -2147483648, -5],
    [0x7fffffff, -3, 12345, 1],
  ])
    expect(evaluate(made, values)).toEqual(evaluate(meant, values));
});

test("what makes no difference is left out", () => {
  const sum = operand("x + y | 0", "");
  sum.trimmedLevel = precedence["+"];
  const helpers = { helperName: (helper: string) => helper };
  expect(fill(textTemplate("a >>> 0 < b >>> 0"), [sum, sum], "", false, helpers)).toBe("x + y >>> 0 < x + y >>> 0");
});
