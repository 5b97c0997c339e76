import { parseFunc, printFunc } from "@anywasm/ir";
import { describe, expect, test } from "vitest";
import { buildFunction, checkCustomSections, decodeModule, readBranchHints } from "../index.ts";

const name = "metadata.code.branch_hint";

/** Two functions of type (i32) -> (); the second is `local.get 0 if end end`, whose `if` is 3 bytes from its locals on. */
function moduleWith(hints: readonly number[]): Uint8Array {
  const body = [0, 0x20, 0, 0x04, 0x40, 0x0b, 0x0b];
  const section = (id: number, ...contents: readonly number[]): number[] => [id, contents.length, ...contents];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, 0x60, 1, 0x7f, 0),
    ...section(3, 2, 0, 0),
    ...section(0, name.length, ...Buffer.from(name), ...hints),
    ...section(10, 2, 2, 0, 0x0b, body.length, ...body),
  ]);
}

function problems(hints: readonly number[]): string[] {
  const bytes = moduleWith(hints);
  return checkCustomSections(bytes, decodeModule(bytes)).map(({ reason }) => reason);
}

test("hints are found by function and place", () => {
  const bytes = moduleWith([1, 1, 1, 3, 1, 1]);
  const module = decodeModule(bytes);
  const start = module.bodies[1]?.start ?? Number.NaN;
  expect(bytes[start + 3]).toBe(0x04);
  expect(readBranchHints(bytes, module)).toEqual(new Map([[1, new Map([[start + 3, true]])]]));
  expect(checkCustomSections(bytes, module)).toEqual([]);
});

test("functions are built with them", () => {
  const text = (hints: readonly number[]): string =>
    printFunc(buildFunction(decodeModule(moduleWith(hints)), 1), { offsets: false }).replace(/\s+/g, " ");
  expect(text([1, 1, 1, 3, 1, 1])).toContain("(if likely (get 0 i32) (then ) (else ))");
  expect(text([1, 1, 1, 3, 1, 0])).toContain("(if unlikely (get 0 i32) (then ) (else ))");
  expect(text([0])).toContain("(if (get 0 i32) (then ) (else ))");
  const printed = printFunc(buildFunction(decodeModule(moduleWith([1, 1, 1, 3, 1, 0])), 1));
  expect(printFunc(parseFunc(printed))).toBe(printed);
});

describe("what is wrong is told, and makes no module invalid", () => {
  test.each([
    ["no hints", [0], []],
    ["not at a branch", [1, 1, 1, 1, 1, 0], ["invalid target"]],
    ["not at an instruction", [1, 1, 1, 2, 1, 0], ["invalid target"]],
    ["outside of the function", [1, 1, 1, 7, 1, 0], ["hints out of order"]],
    ["twice", [1, 1, 2, 3, 1, 0, 3, 1, 0], ["duplicate annotation"]],
    ["functions out of order", [2, 1, 0, 0, 0], ["functions out of order"]],
    ["no such function", [1, 2, 0], ["not in a function"]],
    ["a wrong value", [1, 1, 1, 3, 1, 2], ["invalid value"]],
    ["of two bytes", [1, 1, 1, 3, 2, 0, 0], ["invalid value"]],
    ["something behind them", [0, 0], ["unexpected content"]],
  ])("%s", (_, hints, expected) => {
    expect(problems(hints)).toEqual(expected.map((reason) => `@metadata.code.branch_hint annotation: ${reason}`));
  });

  test("a section that ends early", () => {
    expect(problems([1, 1, 1])).toEqual(["unexpected end"]);
    const bytes = moduleWith([2, 1, 1, 3, 1, 0]);
    expect([...readBranchHints(bytes, decodeModule(bytes)).keys()]).toEqual([1]);
  });
});
