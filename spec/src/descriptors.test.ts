// Custom descriptors and exact types through the embedding API: every way of compiling, order, positions, reasons.
import { Engine, Instance, Linker, Module, Store } from "anywasm";
import { describe, expect, test } from "vitest";
import { call, configs, instantiate, parse, trapOf } from "./objects.test-support.ts";

const types = `(rec
  (type $s (sub (descriptor $d) (struct (field (mut i64)) (field (mut f32)) (field (mut i8)))))
  (type $d (sub (describes $s) (struct (field i32)))))`;

describe.each(configs.map((config) => [JSON.stringify(config), config] as const))("%s", (_, config) => {
  test("a structure has its fields and its descriptor", () => {
    const instance = instantiate(
      config,
      `(module ${types}
        (func $make (export "make") (param i64 i32) (result (ref (exact $s)))
          (struct.new_desc $s (local.get 0) (f32.const 0.5) (local.get 1) (struct.new $d (local.get 1))))
        (func $zero (export "zero") (param i32) (result (ref (exact $s)))
          (struct.new_default_desc $s (struct.new $d (local.get 0))))
        (func (export "i64") (param (ref $s)) (result i64) (struct.get $s 0 (local.get 0)))
        (func (export "f32") (param (ref $s)) (result f32) (struct.get $s 1 (local.get 0)))
        (func (export "i8") (param (ref $s)) (result i32) (struct.get_s $s 2 (local.get 0)))
        (func (export "d") (param (ref $s)) (result i32) (struct.get $d 0 (ref.get_desc $s (local.get 0)))))`,
    );
    const made = call(instance, "make", -5n << 40n, 0x1ff);
    expect(["i64", "f32", "i8", "d"].map((name) => call(instance, name, made))).toEqual([-5n << 40n, 0.5, -1, 0x1ff]);
    const zero = call(instance, "zero", 7);
    expect(["i64", "f32", "i8", "d"].map((name) => call(instance, name, zero))).toEqual([0n, 0, 0, 7]);
  });

  test("casts ask whose descriptor it is, of references of any kind", () => {
    const instance = instantiate(
      config,
      `(module ${types} (type $a (array i8))
        (global $d (ref (exact $d)) (struct.new $d (i32.const 1)))
        (global (export "mine") (ref $s) (struct.new_default_desc $s (global.get $d)))
        (global (export "other") (ref $s) (struct.new_default_desc $s (struct.new $d (i32.const 1))))
        (global (export "desc") (ref $d) (global.get $d))
        (global (export "array") (ref $a) (array.new_default $a (i32.const 1)))
        (func (export "br") (param anyref) (result i32)
          (block $is (result (ref null $s))
            (br_on_cast_desc_eq $is anyref (ref null $s) (local.get 0) (global.get $d))
            (return (i32.const 0)))
          (drop) (i32.const 1))
        (func (export "br_fail") (param anyref) (result i32)
          (block $not (result anyref)
            (br_on_cast_desc_eq_fail $not anyref (ref (exact $s)) (local.get 0) (global.get $d))
            (struct.get $s 0) (i64.const 1) (i64.add) (i32.wrap_i64) (return))
          (drop) (i32.const 0))
        (func (export "cast") (param anyref) (result i64)
          (struct.get $s 0 (ref.cast_desc_eq (ref $s) (local.get 0) (global.get $d)))))`,
    );
    const values = ["mine", "other", "desc", "array"].map((name) => instance.getGlobal(name)?.value);
    const all = [...values, null, 5, "text", { descriptor: values[2] }];
    expect(all.map((value) => call(instance, "br", value))).toEqual([1, 0, 0, 0, 1, 0, 0, 0]);
    expect(all.map((value) => call(instance, "br_fail", value))).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    expect(call(instance, "cast", all[0])).toBe(0n);
    for (const value of all.slice(1))
      expect(trapOf(() => call(instance, "cast", value)).code).toBe("descriptor_cast_failure");
  });

  test("operands are evaluated in order, and before what they are for", () => {
    const instance = instantiate(
      config,
      `(module ${types} (global $log (mut i32) (i32.const 0))
        (func $say (param i32) (result i32)
          (global.set $log (i32.add (i32.mul (global.get $log) (i32.const 10)) (local.get 0))) (local.get 0))
        (func $any (param i32) (result anyref) (ref.i31 (call $say (local.get 0))))
        (func $null (param i32) (result (ref null (exact $d))) (drop (call $say (local.get 0))) (ref.null none))
        (func $s (param i32) (result (ref null $s)) (drop (call $say (local.get 0))) (ref.null none))
        (func (export "log") (result i32) (global.get $log) (global.set $log (i32.const 0)))
        (func (export "new") (drop (struct.new_desc $s
          (i64.extend_i32_s (call $say (i32.const 1))) (f32.convert_i32_s (call $say (i32.const 2)))
          (call $say (i32.const 3)) (call $null (i32.const 4)))))
        (func (export "default") (drop (struct.new_default_desc $s (call $null (i32.const 1)))))
        (func (export "get") (drop (ref.get_desc $s (call $s (i32.const 1)))))
        (func (export "cast") (drop (ref.cast_desc_eq (ref null $s) (call $any (i32.const 1)) (call $null (i32.const 2)))))
        (func (export "br") (drop (block (result anyref)
          (drop (call $say (i32.const 3)))
          (br_on_cast_desc_eq 0 anyref (ref null $s) (call $any (i32.const 1)) (call $null (i32.const 2)))))))`,
    );
    const logs = ["new", "default", "get", "cast", "br"].map((name) => {
      const { code } = trapOf(() => instance.getFunc(name)?.call());
      return [name, code, instance.getFunc("log")?.call()];
    });
    expect(logs).toEqual([
      ["new", "null_descriptor_reference", 1234],
      ["default", "null_descriptor_reference", 1],
      ["get", "null_reference", 1],
      ["cast", "null_descriptor_reference", 12],
      ["br", "null_descriptor_reference", 312],
    ]);
  });

  test("traps know where they are", () => {
    const text = `(module ${types}
      (func $new (export "new") (nop) (drop (struct.new_default_desc $s (ref.null none))))
      (func $get (export "get") (nop) (nop) (drop (ref.get_desc $s (ref.null none))))
      (func $cast (export "cast") (drop (ref.cast_desc_eq (ref $s) (ref.null none) (struct.new $d (i32.const 1)))))
      (func $br (export "br") (drop (block (result anyref)
        (br_on_cast_desc_eq_fail 0 nullref (ref $s) (ref.null none) (ref.null none))))))`;
    const instance = instantiate(config, text);
    const bytes = parse(text);
    const places = ["new", "get", "cast", "br"].map((name) => {
      const { frames } = trapOf(() => instance.getFunc(name)?.call());
      const { functionName, moduleOffset = 0 } = frames[0] ?? {};
      return [functionName, [...bytes.subarray(moduleOffset, moduleOffset + 2)]];
    });
    expect(places).toEqual([
      ["new", [0xfb, 33]],
      ["get", [0xfb, 34]],
      ["cast", [0xfb, 35]],
      ["br", [0xfb, 38]],
    ]);
  });

  test("exact casts take no subtypes", () => {
    const instance = instantiate(
      config,
      `(module (type $top (sub (struct))) (type $below (sub $top (struct)))
        (func (export "top") (result i32) (ref.test (ref (exact $top)) (struct.new $top)))
        (func $is (param anyref) (result i32) (ref.test (ref (exact $top)) (local.get 0)))
        (func (export "below") (result i32) (call $is (struct.new $below)))
        (func (export "i31") (result i32) (call $is (ref.i31 (i32.const 1)))))`,
    );
    expect(["top", "below", "i31"].map((name) => call(instance, name))).toEqual([1, 0, 0]);
  });
});

test("what the host gives where an exact type is wanted must be of that type", () => {
  const instance = instantiate(
    {},
    `(module (type $top (sub (struct))) (type $below (sub $top (struct)))
      (global (export "top") anyref (struct.new $top)) (global (export "below") anyref (struct.new $below))
      (func (export "f") (param (ref (exact $top)))) (func (export "g") (param (ref $top))))`,
  );
  const [top, below] = ["top", "below"].map((name) => instance.getGlobal(name)?.value);
  for (const [name, value] of [
    ["f", top],
    ["g", top],
    ["g", below],
  ] as const)
    expect(instance.getFunc(name)?.call(value)).toBeUndefined();
  expect(() => instance.getFunc("f")?.call(below)).toThrow("a reference");
});

test("an exact import takes a function of its type, and none below", () => {
  const engine = new Engine();
  const store = new Store(engine, undefined);
  const pair = "(type $top (sub (func))) (type $below (sub $top (func)))";
  const link = (name: string, type: string): (() => Instance) => {
    const linker = new Linker<undefined>(engine);
    const text = `(module ${pair} (func (export "top") (type $top)) (func (export "below") (type $below)))`;
    linker.instance("m", Instance.create(store, new Module(engine, parse(text))));
    const module = new Module(engine, parse(`(module ${pair} (import "m" "${name}" (func ${type})))`));
    return () => linker.instantiate(store, module);
  };
  for (const [name, type] of [
    ["top", "(exact (type $top))"],
    ["below", "(exact (type $below))"],
    ["below", "(type $top)"],
  ] as const)
    expect(link(name, type)).not.toThrow();
  expect(link("below", "(exact (type $top))")).toThrow("incompatible import type");
});

const wrongModules = [
  ["descriptor type is outside rec group", "(type (descriptor 1) (struct))"],
  ["descriptor type is outside rec group", "(type (struct)) (type (descriptor 0) (struct))"],
  ["described type is outside rec group", "(type (describes 1) (struct))"],
  ["type is not described by its descriptor", "(rec (type (descriptor 1) (struct)) (type (struct)))"],
  ["described type is not described by descriptor", "(rec (type (struct)) (type (describes 0) (struct)))"],
  ["forward use of described type", "(rec (type (describes 1) (struct)) (type (descriptor 0) (struct)))"],
  ["forward use of described type", "(type (describes 0) (descriptor 0) (struct))"],
  ["descriptor type must be a struct", "(rec (type (descriptor 1) (func)) (type (describes 0) (func)))"],
  ["described type must be a struct", "(rec (type (descriptor 1) (struct)) (type (describes 0) (func)))"],
  ["sub type 3 does not match super type 0", `${types} (rec (type $o (struct)) (type (sub $s (struct))))`],
  [
    "descriptor type 3 does not match",
    `${types} (rec
      (type $t (sub $s (descriptor $e) (struct (field (mut i64)) (field (mut f32)) (field (mut i8)))))
      (type $e (describes $t) (struct)))`,
  ],
  [
    "described type 2 does not match",
    `${types} (rec (type $t (descriptor $e) (struct)) (type $e (sub $d (describes $t) (struct (field i32)))))`,
  ],
  ["type with descriptor requires descriptor allocation", `${types} (func (drop (struct.new_default $s)))`],
  ["type without descriptor requires non-descriptor allocation", `${types} (func (drop (struct.new_default_desc $d)))`],
  ["type with descriptor requires descriptor allocation", `${types} (global anyref (struct.new_default $s))`],
  ["type mismatch", `${types} (func (param (ref $d)) (drop (struct.new_default_desc $s (local.get 0))))`],
  ["type without descriptor", `${types} (func (drop (ref.get_desc $d (unreachable))))`],
  ["type mismatch", `${types} (func (param (ref $s)) (result (ref (exact $d))) (ref.get_desc $s (local.get 0)))`],
  ["type any does not have a descriptor", "(func (drop (ref.cast_desc_eq (ref any) (unreachable))))"],
  ["type 1 does not have a descriptor", `${types} (func (drop (ref.cast_desc_eq (ref $d) (unreachable))))`],
  ["constant expression required", `${types} (global (ref $d) (ref.get_desc $s (ref.null none)))`],
  ["type mismatch", `(type $f (func)) (import "" "" (func $f (type $f))) (global (ref (exact $f)) (ref.func $f))`],
  ["type mismatch", "(func (param (ref func)) (result anyref) (br_on_cast 0 (ref func) (ref any) (local.get 0)))"],
] as const;

test.each(wrongModules)("%s: %s", (message, text) => {
  expect(() => new Module(new Engine(), parse(`(module ${text})`))).toThrow(message);
});

test("the feature's switch says what needs it, and which casts a branch may ask for", () => {
  const without = new Engine({ features: { "custom-descriptors": false } });
  const relaxed = "(module (func (result anyref) (br_on_cast 0 eqref anyref (unreachable))))";
  expect(() => new Module(new Engine(), parse(relaxed))).not.toThrow();
  expect(() => new Module(without, parse(relaxed))).toThrow("type mismatch");
  for (const text of [
    `(module ${types})`,
    "(module (type $s (struct)) (func (param (ref (exact $s)))))",
    '(module (import "" "" (func (exact))))',
    "(module (type $s (struct)) (func (drop (ref.get_desc $s (unreachable)))))",
  ])
    expect(() => new Module(without, parse(text))).toThrow('the feature "custom-descriptors"');
});
