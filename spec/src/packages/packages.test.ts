// Real packages through their own unmodified glue, in processes without native WebAssembly: the same results as there.
import { beforeAll, expect, test } from "vitest";
import { classicScriptPreload } from "../js-api/classic-script.test-support.ts";
import { programNames, recordedResult, runProgram } from "./run.ts";

let preload: string;
beforeAll(async () => {
  preload = await classicScriptPreload();
});

test("there is a representative dozen", () => {
  expect(programNames.length).toBeGreaterThanOrEqual(12);
});

/** `(type (struct))`: what every program with a recorded result needs. */
const garbageCollection = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 3, 1, 0x5f, 0);
const runsNatively = (name: string) => recordedResult(name) === undefined || WebAssembly.validate(garbageCollection);

test.each(programNames)("%s", async (name) => {
  const [native, actual] = await Promise.all([
    runsNatively(name) ? runProgram(name) : undefined,
    runProgram(name, preload),
  ]);
  const recorded = recordedResult(name);
  const expected = recorded ?? native?.value;
  if (native !== undefined) expect([native.native, native.value]).toEqual([true, expected]);
  expect(actual.native).toBe(false);
  expect(expected).toBeTruthy();
  expect(actual.value).toEqual(expected);
});
