// Structures, arrays, i31 and typed functions across the border of the WebAssembly object. Expectations are the same on the
// engine's own object, where that knows garbage collection.
import { WebAssembly as ours } from "anywasm/js-api";
import { describe, expect, test } from "vitest";
import { type Any, assemble, instantiate } from "./scenario.test-support.ts";

const text = `(module
  (type $p (struct (field $x (mut i32)) (field (mut f64))))
  (type $a (array (mut i32)))
  (type $f (func (param i32) (result i32)))
  (func (export "p") (result (ref $p)) (struct.new $p (i32.const 1) (f64.const 2)))
  (func (export "a") (result (ref $a)) (array.new $a (i32.const 7) (i32.const 3)))
  (func (export "any") (param anyref) (result anyref) local.get 0)
  (func (export "eq") (param eqref) (result eqref) local.get 0)
  (func (export "i31") (param i31ref) (result i31ref) local.get 0)
  (func (export "struct") (param structref) (result structref) local.get 0)
  (func (export "array") (param arrayref) (result arrayref) local.get 0)
  (func (export "none") (param nullref) (result nullref) local.get 0)
  (func (export "nofunc") (param nullfuncref) (result nullfuncref) local.get 0)
  (func (export "extern") (param (ref extern)) (result (ref extern)) local.get 0)
  (func (export "point") (param (ref null $p)) (result (ref null $p)) local.get 0)
  (func (export "x") (param (ref null $p)) (result i32) (struct.get $p $x (local.get 0)))
  (func (export "at") (param (ref null $a) i32) (result i32) (array.get $a (local.get 0) (local.get 1)))
  (func (export "out") (param anyref) (result externref) (extern.convert_any (local.get 0)))
  (func (export "in") (param externref) (result anyref) (any.convert_extern (local.get 0)))
  (func (export "isI31") (param externref) (result i32) (ref.test (ref i31) (any.convert_extern (local.get 0))))
  (func (export "cast") (param anyref) (result (ref $p)) (ref.cast (ref $p) (local.get 0)))
  (func (export "same") (param eqref eqref) (result i32) (ref.eq (local.get 0) (local.get 1)))
  (func (export "inc") (type $f) (i32.add (local.get 0) (i32.const 1)))
  (func (export "apply") (param (ref null $f) i32) (result i32) (call_ref $f (local.get 1) (local.get 0)))
  (global (export "g") (mut (ref null $p)) (ref.null none))
  (global (export "any g") (mut anyref) (ref.null none))
  (table (export "t") 1 (ref null $p)))`;

const native: Any = globalThis.WebAssembly;
const objects: readonly (readonly [string, Any])[] = [
  ["ours", ours],
  ...(native?.validate(assemble(text)) === true ? [["the engine's", native] as const] : []),
];

describe.each(objects)("%s", (_, W) => {
  const e = instantiate(W, text);
  const p = e.p();
  const a = e.a();
  const plain = {};
  const values = [null, undefined, 0, -1, -0, 1.5, 2 ** 30 - 1, 2 ** 30, -(2 ** 30), -(2 ** 30) - 1, NaN, "s", 10n];
  const all: readonly unknown[] = [...values, plain, e.inc, p, a];

  test("structures and arrays are opaque objects", () => {
    for (const object of [p, a]) {
      expect([typeof object, Object.getPrototypeOf(object), Reflect.ownKeys(object)]).toEqual(["object", null, []]);
      expect([object.x, object[0], object.type, object.f0, "f0" in object]).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
        false,
      ]);
      const changes = [
        () => Reflect.set(object, "x", 1),
        () => Reflect.deleteProperty(object, "x"),
        () => Reflect.defineProperty(object, "x", { value: 1 }),
        () => Object.setPrototypeOf(object, plain),
        () => Reflect.preventExtensions(object),
      ];
      for (const change of changes) expect(change).toThrow(TypeError);
      expect(Reflect.setPrototypeOf(object, plain)).toBe(false);
    }
    expect(e.p()).not.toBe(p);
  });

  test.each([
    ["any", all],
    ["eq", [null, 0, -1, 2 ** 30 - 1, -(2 ** 30), p, a]],
    ["i31", [null, 0, -1, 2 ** 30 - 1, -(2 ** 30)]],
    ["struct", [null, p]],
    ["array", [null, a]],
    ["point", [null, p]],
    ["none", [null]],
    ["nofunc", [null]],
    ["extern", all.slice(1)],
    ["out", all],
    ["in", all],
    ["cast", [p]],
  ] as const)("what passes as %s", (name, accepted) => {
    for (const value of all) {
      if (accepted.some((each) => Object.is(each, value))) expect(Object.is(e[name](value), value)).toBe(true);
      else expect(() => e[name](value)).toThrow(name === "cast" ? W.RuntimeError : TypeError);
    }
  });

  test("numbers of 31 bits are i31, wherever they come from", () => {
    const answers = all.map((value) => e.isI31(value));
    expect(answers).toEqual([0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect([e.same(5, 5), e.same(5, 6), e.same(p, p), e.same(p, e.p()), e.same(null, null)]).toEqual([1, 0, 1, 0, 1]);
  });

  test("functions of a type", () => {
    expect(e.apply(e.inc, 4)).toBe(5);
    expect(() => e.apply(null, 4)).toThrow(W.RuntimeError);
    for (const wrong of [e.p, () => 1, 1, undefined]) expect(() => e.apply(wrong, 4)).toThrow(TypeError);
  });

  test("traps", () => {
    expect([e.x(p), e.at(a, 2)]).toEqual([1, 7]);
    for (const trap of [() => e.x(null), () => e.at(null, 0), () => e.at(a, 3), () => e.at(a, -1)])
      expect(trap).toThrow(W.RuntimeError);
  });

  test("globals and tables", () => {
    e.g.value = p;
    expect(e.g.value).toBe(p);
    expect(() => {
      e.g.value = a;
    }).toThrow(TypeError);
    e["any g"].value = "text";
    expect(e["any g"].value).toBe("text");
    e.t.set(0, p);
    expect([e.t.get(0), e.t.grow(1, p), e.t.get(1)]).toEqual([p, 1, p]);
    expect(() => e.t.set(0, a)).toThrow(TypeError);
  });

  test("types are the same in another module if their groups are", () => {
    const other = instantiate(
      W,
      `(module
        (rec (type $p (struct (field (mut i32)) (field (mut f64)))) (type (func)))
        (type $same (struct (field (mut i32)) (field (mut f64))))
        (func (export "rec") (param anyref) (result i32) (ref.test (ref $p) (local.get 0)))
        (func (export "same") (param anyref) (result i32) (ref.test (ref $same) (local.get 0))))`,
    );
    expect([other.rec(p), other.same(p), other.same(a)]).toEqual([0, 1, 0]);
  });

  test("built-in functions on strings, with arrays of their units", () => {
    const string = "(ref extern)";
    const builtins = [
      ["cast", "externref", string],
      ["fromCharCode", "i32", string],
      ["fromCodePoint", "i32", string],
      ["concat", "externref externref", string],
      ["substring", "externref i32 i32", string],
      ["fromCharCodeArray", "(ref null $chars) i32 i32", string],
      ["intoCharCodeArray", "externref (ref null $chars) i32", "i32"],
    ] as const;
    const imports = builtins.map(
      ([name, params, result]) =>
        `(import "wasm:js-string" "${name}" (func $${name} (param ${params}) (result ${result}))) (export "${name}" (func $${name}))`,
    );
    const bytes = assemble(`(module (type $chars (array (mut i16))) ${imports.join("")}
      (import "'" "constant" (global $constant (ref extern))) (export "constant" (global $constant))
      (func (export "chars") (param i32) (result (ref $chars)) (array.new_default $chars (local.get 0)))
      (func (export "unit") (param (ref $chars) i32) (result i32) (array.get_u $chars (local.get 0) (local.get 1))))`);
    const options = { builtins: ["js-string"], importedStringConstants: "'" };
    const s = new W.Instance(new W.Module(bytes, options), {}).exports;
    const chars = s.chars(4);
    expect([
      s.constant.value,
      s.cast("a"),
      s.concat("a", "b"),
      s.substring("abcd", 1, 3),
      s.substring("abc", 2, 1),
    ]).toEqual(["constant", "a", "ab", "bc", ""]);
    expect([s.fromCharCode(0x1f600), s.fromCodePoint(0x1f600), s.substring("abc", 1, -1)]).toEqual([
      "\uf600",
      "\u{1f600}",
      "bc",
    ]);
    expect([s.intoCharCodeArray("a\uffff", chars, 1), s.unit(chars, 2), s.fromCharCodeArray(chars, 1, 3)]).toEqual([
      2,
      0xffff,
      "a\uffff",
    ]);
    for (const trap of [
      () => s.cast(1),
      () => s.concat("a", null),
      () => s.fromCodePoint(0x110000),
      () => s.intoCharCodeArray("abc", chars, 2),
      () => s.intoCharCodeArray("", null, 0),
      () => s.fromCharCodeArray(chars, 2, 1),
      () => s.fromCharCodeArray(chars, 0, 5),
    ])
      expect(trap).toThrow(W.RuntimeError);
  });
});
