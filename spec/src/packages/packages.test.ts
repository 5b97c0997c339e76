// Real packages through their own unmodified glue, in processes without native WebAssembly: the same results as there.
import { beforeAll, expect, test } from "vitest";
import { classicScriptPreload } from "../js-api/classic-script.test-support.ts";
import { programNames, runProgram } from "./run.ts";

let preload: string;
beforeAll(async () => {
  preload = await classicScriptPreload();
});

test("there is a representative dozen", () => {
  expect(programNames.length).toBeGreaterThanOrEqual(12);
});

test.each(programNames)("%s", async (name) => {
  const [expected, actual] = await Promise.all([runProgram(name), runProgram(name, preload)]);
  expect([expected.native, actual.native]).toEqual([true, false]);
  expect(expected.value).toBeTruthy();
  expect(actual.value).toEqual(expected.value);
});
