// Where the engine's own object, at least of Node.js 20, does not do what the specification says.
import { WebAssembly as ours } from "anywasm/js-api";
import { expect, test } from "vitest";
import { type Any, assemble, instantiate } from "./scenario.test-support.ts";

test("DataViews, buffers that are shared, MIME types with spaces, iterables, the default of externref", async () => {
  const W = ours as Any;
  const bytes = assemble(`(module (func (export "f") (result i32) i32.const 3))`);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  expect(new W.Instance(new W.Module(shared)).exports.f()).toBe(3);
  expect(W.validate(new DataView(bytes.buffer, bytes.byteOffset, bytes.length))).toBe(true);
  const headers = { "Content-Type": " Application/WASM\t" };
  expect(await W.compileStreaming(new Response(bytes as BufferSource, { headers }))).toBeInstanceOf(W.Module);
  const tag = new W.Tag({ parameters: new Set(["i32"]) });
  expect(new W.Exception(tag, new Set([5])).getArg(tag, 0)).toBe(5);
  expect(new W.Global({ value: "externref" }).value).toBe(undefined);
});

test("resizable buffers", () => {
  const W = ours as Any;
  const memory = new W.Memory({ initial: 1, maximum: 3 });
  const { size, grow, load } = instantiate(
    W,
    `(module (import "m" "memory" (memory 1 3)) (func (export "size") (result i32) memory.size)
      (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
      (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0))))`,
    { m: { memory } },
  );
  const fixed = memory.buffer;
  new Uint8Array(fixed)[3] = 7;
  expect(memory.toFixedLengthBuffer()).toBe(fixed);
  const resizable = memory.toResizableBuffer();
  expect([fixed.byteLength, resizable.resizable, resizable.maxByteLength]).toEqual([0, true, 3 * 65536]);
  expect([memory.buffer, memory.toResizableBuffer()]).toEqual([resizable, resizable]);
  resizable.resize(2 * 65536);
  new Uint8Array(resizable)[65536] = 9;
  expect([size(), load(3), load(65536), memory.grow(0)]).toEqual([2, 7, 9, 2]);
  expect([grow(1), resizable.byteLength, grow(1)]).toEqual([2, 3 * 65536, -1]);
  const again = memory.toFixedLengthBuffer();
  expect([resizable.byteLength, again.resizable, memory.buffer === again, load(65536)]).toEqual([0, false, true, 9]);
  expect(() => new W.Memory({ initial: 1 }).toResizableBuffer()).toThrow(TypeError);
});

test("compile options: string constants and built-in functions", async () => {
  const W = ours as Any;
  const bytes = assemble(`(module
    (import "'" "grüße \\u{1f600}" (global $text externref)) (import "'" "" (global externref))
    (import "wasm:js-string" "length" (func $length (param externref) (result i32)))
    (import "wasm:js-string" "charCodeAt" (func $at (param externref i32) (result i32)))
    (import "wasm:js-string" "codePointAt" (func $point (param externref i32) (result i32)))
    (import "wasm:js-string" "test" (func $test (param externref) (result i32)))
    (import "wasm:js-string" "equals" (func $equals (param externref externref) (result i32)))
    (import "wasm:js-string" "compare" (func $compare (param externref externref) (result i32)))
    (import "m" "f" (func (result externref)))
    (export "text" (global $text)) (export "length" (func $length)) (export "at" (func $at)) (export "point" (func $point))
    (export "test" (func $test)) (export "equals" (func $equals)) (export "compare" (func $compare)))`);
  const options = { builtins: ["js-string", "unknown"], importedStringConstants: "'" };
  const imports = { m: { f: () => null } };
  const module = new W.Module(bytes, options);
  expect(W.Module.imports(module)).toEqual([{ module: "m", name: "f", kind: "function" }]);
  const instances = [
    new W.Instance(module, imports),
    new W.Instance(structuredClone(module), imports),
    (await W.instantiate(bytes, imports, options)).instance,
    await W.instantiate(await W.compile(bytes, options), imports),
  ];
  for (const { exports } of instances) {
    const { text, length, at, point, test: isString, equals, compare } = exports;
    expect([text.value, length(text.value), at("a\u{1f600}", 2), point("a\u{1f600}", 1)]).toEqual([
      "grüße \u{1f600}",
      8,
      0xde00,
      0x1f600,
    ]);
    expect([isString(""), isString(null), equals("a", "a"), equals(null, null), equals("a", null)]).toEqual([
      1, 0, 1, 1, 0,
    ]);
    expect([compare("a", "b"), compare("b", "a"), compare("a", "a")]).toEqual([-1, 1, 0]);
    for (const wrong of [
      () => length(5),
      () => at("a", 1),
      () => at("a", -1),
      () => compare("a", null),
      () => equals("a", 5),
    ])
      expect(wrong).toThrow(W.RuntimeError);
  }
  expect(W.validate(bytes, options)).toBe(true);
  expect(W.validate(bytes, { builtins: ["js-string", "js-string"] })).toBe(false);
  const wrongType = assemble(`(module (import "wasm:js-string" "length" (func (param i32) (result i32))))`);
  expect([W.validate(wrongType), W.validate(wrongType, options)]).toEqual([true, false]);
  expect(() => new W.Module(wrongType, options)).toThrow(W.CompileError);
  const mutable = assemble(`(module (import "'" "x" (global (mut externref))))`);
  expect([W.validate(mutable), W.validate(mutable, options)]).toEqual([true, false]);
  expect(() => W.validate(bytes, 5)).toThrow(TypeError);
});
