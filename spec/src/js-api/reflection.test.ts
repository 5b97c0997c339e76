// Type reflection (proposal js-types). What is expected is what V8 gives with its flag for this.
import { createEngine, createWebAssembly, WebAssembly as plain } from "anywasm/js-api";
import { expect, test } from "vitest";
import { type Any, assemble, instantiate } from "./scenario.test-support.ts";

const W: Any = createWebAssembly(createEngine(), { typeReflection: true });

test("memories, tables, globals and tags tell their types", () => {
  expect(new W.Memory({ initial: 1, maximum: 3 }).type()).toEqual({
    minimum: 1,
    maximum: 3,
    shared: false,
    address: "i32",
  });
  const memory = new W.Memory({ initial: 1n, address: "i64" });
  memory.grow(2n);
  expect(memory.type()).toEqual({ minimum: 3, shared: false, address: "i64" });
  expect(new W.Memory({ initial: 1, maximum: 2, shared: true }).type()).toMatchObject({ shared: true });
  expect(new W.Table({ initial: 1, element: "anyfunc" }).type()).toEqual({
    element: "funcref",
    minimum: 1,
    address: "i32",
  });
  expect(new W.Global({ value: "anyfunc", mutable: true }).type()).toEqual({ mutable: true, value: "funcref" });
  expect(new W.Tag({ parameters: ["i32", "externref"] }).type()).toEqual({ parameters: ["i32", "externref"] });
});

const text = `(module (import "m" "f" (func (param i32) (result i32))) (import "m" "g" (global (mut i64)))
  (import "m" "t" (table 1 2 funcref)) (import "m" "e" (tag (param i32)))
  (func (export "h") (param i32 i64) (result f64 f32) f64.const 1 f32.const 2)
  (memory (export "mem") 1 5) (export "f" (func 0)))`;

test("descriptors of imports and exports have types", () => {
  const exports = instantiate(W, text, {
    m: {
      f: (x: unknown) => x,
      g: new W.Global({ value: "i64", mutable: true }, 1n),
      t: new W.Table({ initial: 1, maximum: 2, element: "anyfunc" }),
      e: new W.Tag({ parameters: ["i32"] }),
    },
  });
  const module = new W.Module(assemble(text));
  expect(W.Module.imports(module).map(({ type }: Any) => type)).toEqual([
    { parameters: ["i32"], results: ["i32"] },
    { mutable: true, value: "i64" },
    { element: "funcref", minimum: 1, maximum: 2, address: "i32" },
    { parameters: ["i32"] },
  ]);
  expect(W.Module.exports(module)[1]).toEqual({
    name: "mem",
    kind: "memory",
    type: { minimum: 1, maximum: 5, shared: false, address: "i32" },
  });
  expect(exports.h.type()).toEqual({ parameters: ["i32", "i64"], results: ["f64", "f32"] });
  expect(exports.h).toBeInstanceOf(W.Function);
  expect(Object.prototype.toString.call(exports.h)).toBe("[object Function]");
});

test("a function made for a type is an exported function", () => {
  const f = new W.Function(
    { parameters: ["i32", "i64"], results: ["f64"] },
    (a: number, b: bigint) => a + Number(b) + 0.5,
  );
  expect(f(1, 2n)).toBe(3.5);
  expect(f.type()).toEqual({ parameters: ["i32", "i64"], results: ["f64"] });
  expect(() => f(1, 2)).toThrow(TypeError);
  const table = new W.Table({ initial: 1, element: "anyfunc" });
  table.set(0, f);
  expect(table.get(0)).toBe(f);
  const { call } = instantiate(
    W,
    `(module (import "m" "t" (table 1 funcref)) (type $t (func (param i32 i64) (result f64)))
      (func (export "call") (result f64) (call_indirect (type $t) (i32.const 4) (i64.const 5) (i32.const 0))))`,
    { m: { t: table } },
  );
  expect(call()).toBe(9.5);
});

test.each<readonly [string, () => unknown]>([
  ["without new", () => W.Function({ parameters: [], results: [] }, () => 1)],
  ["of nothing", () => new W.Function({ parameters: [], results: [] })],
  ["of an unknown type", () => new W.Function({ parameters: ["x"], results: [] }, () => 1)],
  ["the type of a function of JavaScript", () => W.Function.prototype.type.call(() => 1)],
])("%s is a TypeError", (_, action) => {
  expect(action).toThrow(TypeError);
});

test("nothing of it is there otherwise", () => {
  expect(plain).not.toHaveProperty("Function");
  expect(plain.Memory.prototype).not.toHaveProperty("type");
  expect(plain.Module.imports(new plain.Module(assemble(text)))[0]).toEqual({
    module: "m",
    name: "f",
    kind: "function",
  });
});
