import { parseFunc } from "@anywasm/ir";
import { expect, test } from "vitest";
import { plain } from "../compile.ts";
import { generate } from "../generate.ts";
import { func, moduleOf } from "../module-context.test-support.ts";
import { functionNames } from "../module-context.ts";
import { rangesOf } from "../passes/ranges.ts";

const a = "(get 0 i32)";
const b = "(get 1 i32)";
const less = `(i32.lt_s ${a} ${b})`;

/** The values and the condition of a `select` of two parameters, and its JavaScript with and without branches. */
const cases: readonly (readonly [values: string, branchless: string, plain: string])[] = [
  [`${a} ${b} ${less}`, "min(p0, p1)", "p0 < p1 ? p0 : p1"],
  [`${b} ${a} ${less}`, "max(p1, p0)", "p0 < p1 ? p1 : p0"],
  [`${a} ${b} (i32.ge_s ${b} ${a})`, "min(p0, p1)", "p1 >= p0 ? p0 : p1"],
  [`${a} ${b} (i32.lt_u ${a} ${b})`, "p1 ^ (p0 ^ p1) & -(p0 >>> 0 < p1 >>> 0)", "p0 >>> 0 < p1 >>> 0 ? p0 : p1"],
  [`${a} (i32.const 0) ${less}`, "p0 & -(p0 < p1)", "p0 < p1 ? p0 : 0"],
  [`(i32.add ${a} (i32.const 5)) ${a} ${less}`, "p0 + (5 & -(p0 < p1)) | 0", "p0 < p1 ? p0 + 5 | 0 : p0"],
  [`${a} ${b} (i32.and ${a} (i32.const 1))`, "p1 ^ (p0 ^ p1) & -(p0 & 1)", "p0 & 1 ? p0 : p1"],
  // A branch that is predicted, a condition that is not 0 or 1, values that are dear.
  [`${a} ${b} (i32.eq ${a} (i32.const 7))`, "p0 === 7 ? p0 : p1", "p0 === 7 ? p0 : p1"],
  [`${a} ${b} ${b}`, "p1 ? p0 : p1", "p1 ? p0 : p1"],
  [
    `(i32.load memory=0 offset=0 align=2 ${a}) ${b} ${less}`,
    "p0 < p1 ? view.getInt32(p0 >>> 0, true) : p1",
    "p0 < p1 ? view.getInt32(p0 >>> 0, true) : p1",
  ],
];

test.each(cases)("select %s", (operands, branchless, branching) => {
  const module = moduleOf([]);
  const parsed = parseFunc(func("(param i32 i32) (result i32)", "2 i32 i32", `(return (select:i32 ${operands}))`));
  const returned = (isBranchless: boolean): string | undefined => {
    const options = { ...plain, isBranchless, ranges: rangesOf(parsed) };
    return /return (.*);/.exec(generate(parsed, module, functionNames(module), options, false).source)?.[1];
  };
  expect([returned(true), returned(false)]).toEqual([branchless, branching]);
});

test("the smaller of two, where engines branch for that", () => {
  const module = { ...moduleOf([]), int64: "pairs" as const };
  const parsed = parseFunc(
    func("(param i32 i32) (result i32)", "2 i32 i32", `(return (select:i32 ${a} ${b} ${less}))`),
  );
  const { source } = generate(parsed, module, functionNames(module), { ...plain, isBranchless: true }, false);
  expect(source).toContain("return p1 ^ (p0 ^ p1) & -(p0 < p1);");
});
