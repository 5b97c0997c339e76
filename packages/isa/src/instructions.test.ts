import { describe, expect, test } from "vitest";
import { featureOfUnknownOpcode } from "./features.ts";
import { allInstructions, instruction, instructionByOpcode } from "./instructions.ts";
import { denseOpcode, Effect, effectsConflict } from "./row.ts";
import {
  exactHeapType,
  externref,
  formatValType,
  funcref,
  type HeapType,
  i32,
  parseValType,
  refType,
} from "./types.ts";

describe("the instruction table", () => {
  test("gives every instruction an opcode of its own", () => {
    expect(new Set(allInstructions.map(({ opcode }) => opcode)).size).toBe(allInstructions.length);
    for (const row of allInstructions) expect(instructionByOpcode[row.opcode]).toBe(row);
  });

  test("covers WebAssembly 3.0, threads and the legacy form of exceptions", () => {
    // Counted from the index of instructions in the specification's appendix.
    const byFeature = new Map<string, number>();
    for (const { feature } of allInstructions) byFeature.set(feature, (byFeature.get(feature) ?? 0) + 1);
    expect(Object.fromEntries(byFeature)).toEqual({
      mvp: 172,
      "tail-calls": 2,
      "reference-types": 9,
      "bulk-memory": 7,
      "sign-extension": 5,
      "saturating-float-to-int": 8,
      "wide-arithmetic": 4,
      // Made by the builder of functions.
      memory64: 2,
      exceptions: 3,
      "legacy-exceptions": 5,
      threads: 67,
      simd: 236,
      "relaxed-simd": 20,
      "function-references": 5,
      gc: 32,
      // One of them made by the builder.
      "custom-descriptors": 8,
    });
  });

  test("has no row where an opcode is known to belong to a missing feature", () => {
    for (const { code } of allInstructions) {
      const [prefix, sub] = typeof code === "number" ? [0, code] : code;
      expect(featureOfUnknownOpcode(prefix, sub)).toBeUndefined();
    }
    expect(featureOfUnknownOpcode(0, 0xe0)).toBe("stack-switching");
    expect(denseOpcode(0xfc, 0x100)).toBe(-1);
  });
});

test("effects conflict exactly where order can be seen", () => {
  const load = instruction("i32.load").effects;
  const store = instruction("i32.store").effects;
  const cases: readonly (readonly [number, number, boolean])[] = [
    [Effect.readsMemory, Effect.readsMemory, false],
    [Effect.readsMemory, Effect.writesMemory, true],
    [Effect.readsGlobal, Effect.writesMemory, false],
    [Effect.writesTable, Effect.readsTable, true],
    [load, store, true],
    [Effect.traps, Effect.traps, true],
    [Effect.traps, Effect.readsMemory, false],
    [Effect.traps, Effect.writesGlobal, true],
    [Effect.calls, Effect.readsGlobal, true],
    [Effect.none, Effect.calls, false],
  ];
  for (const [a, b, expected] of cases) {
    expect(effectsConflict(a, b)).toBe(expected);
    expect(effectsConflict(b, a)).toBe(expected);
  }
});

test("types print and parse back", () => {
  const references = [7 as HeapType, exactHeapType(0), exactHeapType(1_000_000)].flatMap((heap) => [
    refType(heap, true),
    refType(heap, false),
  ]);
  for (const type of [i32, funcref, externref, ...references]) expect(parseValType(formatValType(type))).toBe(type);
  expect(parseValType("nullfuncref")).toBeDefined();
  expect(parseValType("nonsense")).toBeUndefined();
});
