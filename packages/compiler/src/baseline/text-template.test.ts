import { allInstructions, i32, i64 } from "@anywasm/isa";
import { expect, test } from "vitest";
import { ANY, precedence } from "../js/precedence.ts";
import { fill, textTemplate } from "./text-template.ts";
import { ATOM, TextValue } from "./text-value.ts";

const helperNames = ["imul", "clz32", "abs", "ceil", "floor", "trunc", "fround", "sqrt", "min", "max"] as const;
const helpers = { helperName: (helper: string) => helper };

function operand(low: string, high: string, level: number): TextValue {
  const value = new TextValue(high === "" ? i32 : i64, 0, 0, 1, low, level);
  value.high = high;
  value.highLevel = level;
  return value;
}

/** Operands that bind less tightly than most operators, so that forgotten parentheses show; and names. */
const operandSets = [
  [
    operand("p | q", "q | r", precedence["|"]),
    operand("q | p", "r | p", precedence["|"]),
    operand("r | q", "p | 1", precedence["|"]),
  ],
  [operand("p", "q", ATOM), operand("q", "r", ATOM), operand("r", "p", ATOM)],
];

function evaluate(text: string, values: readonly number[]): unknown {
  const names = ["p", "q", "r", "lo", ...helperNames];
  return new Function(...names, `return ${text};`)(...values, ...helperNames.map((name) => Math[name]));
}

const templates = allInstructions.flatMap(({ js, jsIgnoringNaNBits, access }) =>
  [js, jsIgnoringNaNBits, access?.hi].flat().filter((text): text is string => text !== undefined),
);

test.each([...new Set(templates)])("%s with operands in its places", (text) => {
  const template = textTemplate(text);
  for (const operands of operandSets) {
    const made = fill(template, operands, "lo", false, helpers);
    // Parentheses everywhere give the meaning.
    const meant = text.replace(/\b[abcABC]\b/g, (name) => {
      const value = operands["abc".indexOf(name.toLowerCase())] as TextValue;
      return `(${name === name.toLowerCase() ? value.text : value.high})`;
    });
    // What is made binds as tightly as it says.
    const level = template.level === ANY ? (operands[0] as TextValue).level : template.level;
    const product = level < precedence["*"] ? `(${made}) * 3` : `${made} * 3`;
    for (const values of [
      [1, 2, 4, 8],
      [-1, 7, -2147483648, -5],
      [0x7fffffff, -3, 12345, 1],
    ]) {
      expect(evaluate(made, values)).toEqual(evaluate(meant, values));
      expect(evaluate(product, values)).toEqual(evaluate(`(${meant}) * 3`, values));
    }
  }
});

test("what makes no difference is left out", () => {
  const sum = operand("x + y | 0", "", precedence["|"]);
  sum.trimmedLevel = precedence["+"];
  expect(fill(textTemplate("a >>> 0 < b >>> 0"), [sum, sum], "", false, helpers)).toBe("x + y >>> 0 < x + y >>> 0");
});
