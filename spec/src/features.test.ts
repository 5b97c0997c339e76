// Every feature can be switched off: a module that needs it is refused by its name then, and compiled and explained otherwise.
import { disassemble } from "@anywasm/decoder";
import { printFunc } from "@anywasm/ir";
import { type Feature, featureNames, features } from "@anywasm/isa";
import { CompileError, Engine, loadTextParser, Module } from "anywasm";
import { describe, expect, test } from "vitest";

const parse = await loadTextParser();

type Switched = Exclude<Feature, "mvp" | "stack-switching">;

/** Modules that need a feature, and no other beyond those that it builds on. */
const modules: Readonly<Record<Switched, readonly string[]>> = {
  "sign-extension": ["(func (param i32) (result i32) (i32.extend8_s (local.get 0)))"],
  "saturating-float-to-int": ["(func (param f32) (result i32) (i32.trunc_sat_f32_s (local.get 0)))"],
  "multi-value": [
    "(func (result i32 i32) (i32.const 1) (i32.const 2))",
    "(func (i32.const 1) (block (param i32) (drop)))",
  ],
  "mutable-globals": ['(global (export "g") (mut i32) (i32.const 0))', '(import "m" "g" (global (mut i32)))'],
  "bulk-memory": [
    "(memory 1) (func (memory.copy (i32.const 0) (i32.const 1) (i32.const 2)))",
    '(memory 1) (data "passive")',
    "(func) (elem func 0)",
    "(table 1 funcref) (func) (elem (table 0) (i32.const 0) func 0)",
  ],
  "reference-types": [
    "(func (param externref))",
    "(func (local funcref))",
    "(table 1 externref)",
    "(table 1 funcref) (table 1 funcref)",
  ],
  "tail-calls": [
    "(func return_call 0)",
    "(table 1 funcref) (type $t (func)) (func (return_call_indirect (type $t) (i32.const 0)))",
  ],
  "extended-const": ["(global i32 (i32.add (i32.const 1) (i32.const 2)))"],
  "multi-memory": ["(memory 1) (memory 1)"],
  simd: ["(func (param v128))", "(func (drop (i8x16.add (v128.const i64x2 0 0) (v128.const i64x2 0 0))))"],
  "relaxed-simd": [
    "(func (drop (i8x16.relaxed_swizzle (v128.const i64x2 0 0) (v128.const i64x2 0 0))))",
    "(func (param v128) (result v128) (f32x4.relaxed_madd (local.get 0) (local.get 0) (local.get 0)))",
  ],
  threads: ["(memory 1 2 shared)", "(memory 1) (func (result i32) (i32.atomic.load (i32.const 0)))"],
  exceptions: ["(tag)", "(func (block $h (result exnref) (try_table (catch_all_ref $h)) (return)) (throw_ref))"],
  "legacy-exceptions": ["(func try nop catch_all end)"],
  "function-references": ["(type $f (func)) (func (param (ref $f)) (call_ref $f (local.get 0)))"],
  gc: [
    "(type (struct (field i32)))",
    "(func (param i32) (result i32) (i31.get_s (ref.i31 (local.get 0))))",
    "(func (param anyref) (result i32) (ref.test (ref i31) (local.get 0)))",
  ],
  memory64: ["(memory i64 1)", "(table i64 1 funcref)"],
  "custom-page-sizes": ["(memory 1 (pagesize 1))"],
  "wide-arithmetic": ["(func (param i64) (result i64 i64) (i64.mul_wide_s (local.get 0) (local.get 0)))"],
  "custom-descriptors": [
    "(rec (type $a (descriptor $b) (struct)) (type $b (describes $a) (struct)))",
    "(type $s (struct)) (func (param (ref (exact $s))))",
  ],
};

const cases = Object.entries(modules).flatMap(([feature, texts]) =>
  texts.map((text) => [feature as Feature, text] as const),
);

test("there is a module for each feature", () => {
  const unknown = featureNames.filter((name) => name !== "mvp" && features[name].implemented && !(name in modules));
  expect(unknown).toEqual([]);
});

describe.each(cases)("%s: %s", (feature, text) => {
  const bytes = parse(`(module ${text})`);

  test("is refused by name where it is off", () => {
    const engine = new Engine({ features: { [feature]: false } });
    let error: unknown;
    try {
      new Module(engine, bytes);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(CompileError);
    const { code, feature: named, message, offset } = error as CompileError;
    expect([code, named]).toEqual(["feature_disabled", feature]);
    expect(message).toContain(`the feature "${feature}"`);
    expect(offset).toBeGreaterThan(8);
  });

  test.each(["baseline", "optimizing"] as const)("is shown as instructions, IR and JavaScript: %s", (strategy) => {
    const module = new Module(new Engine({ strategy }), bytes);
    const { importedFunctionCount, bodies } = module.structure;
    bodies.forEach((_, i) => {
      const index = importedFunctionCount + i;
      const lines = disassemble(module.bytes, module.structure, index, module.names).map((line) => line.text);
      for (const [name] of text.matchAll(/\b(?:[if]\d+(?:x\d+)?|memory|ref|i31)\.[a-z_0-9.]+/g))
        if (!name.startsWith("i32.const") && !text.includes(`(global i32 (${name}`))
          expect(lines.some((line) => line.startsWith(name))).toBe(true);
      expect(printFunc(module.buildFunction(index))).toContain(`(func ${index}`);
      expect(() => new Function(`return ${module.compileFunction(index).source}`)).not.toThrow();
    });
  });
});
