// Garbage-collected objects through the embedding API: every way of compiling, bits, order, positions and limits.
import {
  anyref,
  arrayref,
  Engine,
  f32FromBits,
  f32ToBits,
  f64FromBits,
  f64ToBits,
  Instance,
  i31ref,
  i32,
  Linker,
  Module,
  Store,
  structref,
} from "anywasm";
import { describe, expect, test } from "vitest";
import { call, configs, instantiate, parse, trapOf } from "./objects.test-support.ts";

describe.each(configs.map((config) => [JSON.stringify(config), config] as const))("%s", (_, config) => {
  test("fields and elements of every type keep what is put there", () => {
    const types = { i32: 0x12345678, i64: -0x123456789abcdefn, f64: Math.PI, f32: 1.5 } as const;
    for (const [type, value] of Object.entries(types)) {
      const instance = instantiate(
        config,
        `(module (type $s (struct (field (mut ${type})))) (type $a (array (mut ${type})))
          (func (export "field") (param ${type}) (result ${type}) (local $s (ref null $s))
            (local.set $s (struct.new_default $s))
            (struct.set $s 0 (local.get $s) (local.get 0)) (struct.get $s 0 (local.get $s)))
          (func (export "element") (param ${type}) (result ${type}) (local $a (ref null $a))
            (local.set $a (array.new_default $a (i32.const 3)))
            (array.set $a (local.get $a) (i32.const 1) (local.get 0))
            (array.fill $a (local.get $a) (i32.const 2) (array.get $a (local.get $a) (i32.const 1)) (i32.const 1))
            (array.get $a (local.get $a) (i32.const 2)))
          (func (export "fixed") (param ${type}) (result ${type})
            (array.get $a (array.new_fixed $a 2 (struct.get $s 0 (struct.new $s (local.get 0))) (local.get 0)) (i32.const 0))))`,
      );
      for (const name of ["field", "element", "fixed"]) expect(call(instance, name, value)).toBe(value);
    }
  });

  test("packed fields keep the low bits of what they are made with", () => {
    const instance = instantiate(
      config,
      `(module (type $s (struct (field i8) (field i16)))
        (func $make (param i32) (result (ref $s)) (struct.new $s (local.get 0) (local.get 0)))
        (func (export "i8_s") (param i32) (result i32) (struct.get_s $s 0 (call $make (local.get 0))))
        (func (export "i8_u") (param i32) (result i32) (struct.get_u $s 0 (call $make (local.get 0))))
        (func (export "i16_s") (param i32) (result i32) (struct.get_s $s 1 (call $make (local.get 0))))
        (func (export "i16_u") (param i32) (result i32) (struct.get_u $s 1 (call $make (local.get 0))))
        (func (export "constant") (result i32)
          (struct.get_s $s 0 (struct.new $s (i32.const 0x1ff) (i32.const 0)))))`,
    );
    const got = ["i8_s", "i8_u", "i16_s", "i16_u"].map((name) => call(instance, name, 0x5fffe));
    expect(got).toEqual([-2, 0xfe, -2, 0xfffe]);
    expect(call(instance, "constant")).toBe(-1);
  });

  test("vectors in fields and elements", () => {
    const instance = instantiate(
      config,
      `(module (type $s (struct (field (mut v128)) (field (mut i32)) (field (mut v128)))) (type $a (array (mut v128)))
        (type $e (array (mut v128)))
        (global $s (ref $s) (struct.new $s (v128.const i32x4 1 2 3 4) (i32.const 5) (v128.const i32x4 6 7 8 9)))
        (global $a (ref $a) (array.new $a (v128.const i32x4 -1 -2 -3 -4) (i32.const 2)))
        (global $zero (ref $s) (struct.new_default $s))
        (global $fixed (ref $a) (array.new_fixed $a 2 (v128.const i64x2 1 2) (v128.const i64x2 3 4)))
        (data $d "abcdefghijklmnopqrstuvwxyz0123456789")
        (func $sum (param v128) (result i32)
          (i32.add (i32.add (i32.mul (i32x4.extract_lane 0 (local.get 0)) (i32.const 1000)) (i32.mul (i32x4.extract_lane 1 (local.get 0)) (i32.const 100)))
            (i32.add (i32.mul (i32x4.extract_lane 2 (local.get 0)) (i32.const 10)) (i32x4.extract_lane 3 (local.get 0)))))
        (func (export "constant") (result i32 i32 i32 i32 i32)
          (call $sum (struct.get $s 0 (global.get $s))) (call $sum (struct.get $s 2 (global.get $s)))
          (call $sum (array.get $a (global.get $a) (i32.const 1))) (call $sum (struct.get $s 2 (global.get $zero)))
          (call $sum (array.get $a (global.get $fixed) (i32.const 1))))
        (func (export "field") (param i32) (result i32 i32 i32) (local $s (ref null $s))
          (local.set $s (struct.new $s (i32x4.splat (local.get 0)) (i32.const 7) (v128.const i32x4 1 2 3 4)))
          (drop (struct.get $s 0 (local.get $s)))
          (struct.set $s 0 (local.get $s) (i32x4.add (struct.get $s 2 (local.get $s)) (struct.get $s 0 (local.get $s))))
          (struct.set $s 2 (local.get $s)
            (i8x16.shuffle 12 13 14 15 8 9 10 11 4 5 6 7 0 1 2 3 (struct.get $s 2 (local.get $s)) (struct.get $s 2 (local.get $s))))
          (call $sum (struct.get $s 0 (local.get $s))) (call $sum (struct.get $s 2 (local.get $s))) (struct.get $s 1 (local.get $s)))
        (func (export "float") (param f32) (result f32) (local $s (ref null $s))
          (local.set $s (struct.new_default $s))
          (struct.set $s 0 (local.get $s) (f32x4.mul (f32x4.splat (local.get 0)) (v128.const f32x4 1 2 3 4)))
          (f32x4.extract_lane 3 (f32x4.add (struct.get $s 0 (local.get $s)) (struct.get $s 0 (local.get $s)))))
        (func (export "element") (param i32) (result i32 i32 i32 i32 i32) (local $a (ref null $a)) (local $e (ref null $e))
          (local.set $a (array.new_default $a (i32.const 6)))
          (array.set $a (local.get $a) (local.get 0) (v128.const i32x4 1 2 3 4))
          (array.fill $a (local.get $a) (i32.const 2) (array.get $a (local.get $a) (local.get 0)) (i32.const 2))
          (array.init_data $a $d (local.get $a) (i32.const 4) (i32.const 1) (i32.const 1))
          (local.set $e (array.new_data $e $d (i32.const 0) (i32.const 2)))
          (array.copy $a $e (local.get $a) (i32.const 5) (local.get $e) (i32.const 1) (i32.const 1))
          (array.copy $a $a (local.get $a) (i32.const 1) (local.get $a) (i32.const 0) (i32.const 2))
          (call $sum (array.get $a (local.get $a) (i32.const 1))) (call $sum (array.get $a (local.get $a) (i32.const 3)))
          (i32x4.extract_lane 0 (array.get $a (local.get $a) (i32.const 4)))
          (i32x4.extract_lane 3 (array.get $a (local.get $a) (i32.const 5)))
          (array.len (local.get $a)))
        (func (export "fixed") (param i32) (result i32)
          (call $sum (array.get $a (array.new_fixed $a 2 (v128.const i32x4 1 2 3 4) (i32x4.splat (local.get 0))) (local.get 0))))
        (func (export "null_field") (result i32) (call $sum (struct.get $s 2 (ref.null $s))))
        (func (export "null_set") (struct.set $s 2 (ref.null $s) (v128.const i32x4 1 2 3 4)))
        (func (export "outside") (param i32) (result i32) (call $sum (array.get $a (global.get $a) (local.get 0))))
        (func (export "outside_set") (param i32) (array.set $a (global.get $a) (local.get 0) (v128.const i32x4 1 2 3 4)))
        (func (export "empty") (result i32)
          (array.copy $a $a (array.new_default $a (i32.const 0)) (i32.const 0) (global.get $a) (i32.const 0) (i32.const 0))
          (array.len (array.new_default $a (i32.const 0)))))`,
    );
    expect(call(instance, "constant")).toEqual([1234, 6789, -1234, 0, 3040]);
    expect(call(instance, "field", 1)).toEqual([2345, 4321, 7]);
    expect(call(instance, "float", 1.5)).toBe(12);
    const letters = (from: number) => Buffer.from("abcdefghijklmnopqrstuvwxyz0123456789").readInt32LE(from);
    expect(call(instance, "element", 0)).toEqual([1234, 1234, letters(1), letters(28), 6]);
    expect(call(instance, "fixed", 1)).toBe(1111);
    expect(call(instance, "empty")).toBe(0);
    for (const name of ["null_field", "null_set"])
      expect(trapOf(() => call(instance, name)).code).toBe("null_structure_reference");
    for (const index of [2, -1]) {
      expect(trapOf(() => call(instance, "outside", index)).code).toBe("array_out_of_bounds");
      expect(trapOf(() => call(instance, "outside_set", index)).code).toBe("array_out_of_bounds");
    }
  });

  test("NaNs keep their bits in fields and elements", () => {
    const instance = instantiate(
      config,
      `(module (type $s (struct (field (mut f32)) (field (mut f64))))
        (type $f (array (mut f32))) (type $d (array (mut f64)))
        (func (export "f") (param f32) (result f32) (local $f (ref null $f))
          (local.set $f (array.new $f (struct.get $s 0 (struct.new $s (local.get 0) (f64.const 0))) (i32.const 2)))
          (array.set $f (local.get $f) (i32.const 0) (array.get $f (local.get $f) (i32.const 1)))
          (array.get $f (local.get $f) (i32.const 0)))
        (func (export "d") (param f64) (result f64) (local $d (ref null $d))
          (local.set $d (array.new $d (struct.get $s 1 (struct.new $s (f32.const 0) (local.get 0))) (i32.const 2)))
          (array.set $d (local.get $d) (i32.const 0) (array.get $d (local.get $d) (i32.const 1)))
          (array.get $d (local.get $d) (i32.const 0))))`,
    );
    expect(f32ToBits(call(instance, "f", f32FromBits(0x7fa12345)) as number)).toBe(0x7fa12345);
    expect(f64ToBits(call(instance, "d", f64FromBits(0xfff4123456789abcn)) as number)).toBe(0xfff4123456789abcn);
  });

  test("operands are evaluated in order, and before what they are for", () => {
    const instance = instantiate(
      config,
      `(module (type $a (array (mut i32))) (type $f (func (param i32) (result i32)))
        (global $log (mut i32) (i32.const 0))
        (func $say (param i32) (result i32)
          (global.set $log (i32.add (i32.mul (global.get $log) (i32.const 10)) (local.get 0))) (local.get 0))
        (func $array (param i32) (result (ref null $a)) (drop (call $say (local.get 0))) (ref.null $a))
        (func $function (param i32) (result (ref null $f)) (drop (call $say (local.get 0))) (ref.null $f))
        (func (export "log") (result i32) (global.get $log) (global.set $log (i32.const 0)))
        (func (export "set") (array.set $a (call $array (i32.const 1)) (call $say (i32.const 2)) (call $say (i32.const 3))))
        (func (export "get") (result i32) (array.get $a (call $array (i32.const 1)) (call $say (i32.const 2))))
        (func (export "call") (result i32) (call_ref $f (call $say (i32.const 1)) (call $function (i32.const 2))))
        (func (export "tail") (result i32) (return_call_ref $f (call $say (i32.const 1)) (call $function (i32.const 2)))))`,
    );
    const logs = ["set", "get", "call", "tail"].map((name) => {
      const { code } = trapOf(() => instance.getFunc(name)?.call());
      return [name, code, instance.getFunc("log")?.call()];
    });
    expect(logs).toEqual([
      ["set", "null_array_reference", 123],
      ["get", "null_array_reference", 12],
      ["call", "null_function_reference", 12],
      ["tail", "null_function_reference", 12],
    ]);
  });

  test("reads of fields do not pass writes", () => {
    const instance = instantiate(
      config,
      `(module (type $s (struct (field $x (mut i32))))
        (func $change (param (ref $s)) (result i32) (struct.set $s $x (local.get 0) (i32.const 9)) (i32.const 0))
        (func (export "f") (result i32) (local $s (ref $s))
          (local.set $s (struct.new $s (i32.const 1)))
          (struct.get $s $x (local.get $s))
          (struct.set $s $x (local.get $s) (i32.const 5))
          (struct.get $s $x (local.get $s))
          (i32.add (i32.mul (i32.const 10)))
          (i32.add (struct.get $s $x (local.get $s)) (i32.mul (i32.const 100) (call $change (local.get $s))))
          (i32.add)))`,
    );
    expect(call(instance, "f")).toBe(1 + 50 + 5);
  });

  test("traps know where they are", () => {
    const text = `(module (type $s (struct (field (mut i32)))) (type $a (array (mut i32)))
      (func $get (export "get") (param (ref null $s)) (result i32) (nop) (struct.get $s 0 (local.get 0)))
      (func $at (export "at") (param i32) (result i32) (nop) (nop)
        (array.get $a (array.new_default $a (i32.const 2)) (local.get 0)))
      (func $cast (export "cast") (param anyref) (result i32) (struct.get $s 0 (ref.cast (ref $s) (local.get 0)))))`;
    const instance = instantiate(config, text);
    const bytes = parse(text);
    const places = (
      [
        ["get", null],
        ["at", 2],
        ["cast", 1],
      ] as const
    ).map(([name, value]) => {
      const { code, frames } = trapOf(() => instance.getFunc(name)?.call(value));
      const { functionName, moduleOffset = 0 } = frames[0] ?? {};
      return [code, functionName, [...bytes.subarray(moduleOffset, moduleOffset + 2)]];
    });
    expect(places).toEqual([
      ["null_structure_reference", "get", [0xfb, 2]],
      ["array_out_of_bounds", "at", [0xfb, 11]],
      ["cast_failure", "cast", [0xfb, 22]],
    ]);
  });

  test("loops read an array's parts before it is known that they need them", () => {
    for (const type of ["i8", "i32", "i64", "f32", "f64", "externref"]) {
      const value = type === "i8" ? "i32" : type;
      const get = type === "i8" ? "array.get_u" : "array.get";
      const zero = type === "externref" ? "(ref.null extern)" : `(${value}.const 0)`;
      const loop = (name: string, body: string): string =>
        `(func (export "${name}") (param i32) (result i32) (local $a (ref null $a)) (local $i i32)
          (if (i32.gt_s (local.get 0) (i32.const 0)) (then
            (local.set $a (array.new_default $a (local.get 0)))))
          (block $end (loop $next
            (br_if $end (i32.lt_s (local.get 0) (i32.const 0)))
            ${body}
            (br_if $next (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 5)))))
          (local.get $i))`;
      const instance = instantiate(
        config,
        `(module (type $a (array (mut ${type})))
          ${loop("get", `(drop (${get} $a (local.get $a) (local.get $i)))`)}
          ${loop("set", `(array.set $a (local.get $a) (local.get $i) ${zero})`)}
          ${loop("len", "(drop (array.len (local.get $a)))")})`,
      );
      for (const name of ["get", "set", "len"]) {
        // Nothing is read of null where the loop is left at once.
        expect(call(instance, name, -1)).toBe(0);
        expect(call(instance, name, 5)).toBe(5);
        expect(trapOf(() => call(instance, name, 0)).code).toBe("null_array_reference");
        if (name !== "len") expect(trapOf(() => call(instance, name, 4)).code).toBe("array_out_of_bounds");
      }
    }
  });

  test("casts are left out only of what has not been assigned since", () => {
    const instance = instantiate(
      config,
      `(module (type $a (sub (struct (field i32)))) (type $b (sub $a (struct (field i32) (field i32)))) (type $c (sub $b (struct (field i32) (field i32))))
        (func $make (param i32) (result anyref)
          (if (i32.eqz (local.get 0)) (then (return (struct.new $a (i32.const 1)))))
          (if (i32.eq (local.get 0) (i32.const 1)) (then (return (struct.new $b (i32.const 2) (i32.const 20)))))
          (if (i32.eq (local.get 0) (i32.const 2)) (then (return (struct.new $c (i32.const 3) (i32.const 30)))))
          (if (i32.eq (local.get 0) (i32.const 3)) (then (return (ref.i31 (i32.const 4)))))
          (ref.null any))
        (func (export "tests") (param i32) (result i32) (local $x anyref)
          (local.set $x (call $make (local.get 0)))
          (i32.or (ref.test (ref $a) (local.get $x)) (i32.or (i32.shl (ref.test (ref $b) (local.get $x)) (i32.const 1))
            (i32.or (i32.shl (ref.test (ref $c) (local.get $x)) (i32.const 2))
              (i32.or (i32.shl (ref.test (ref null $b) (local.get $x)) (i32.const 3))
                (i32.shl (ref.test (ref i31) (local.get $x)) (i32.const 4)))))))
        (func (export "loop") (param i32) (result i32) (local $x anyref) (local $sum i32)
          (local.set $x (call $make (i32.const 2)))
          (drop (ref.cast (ref $b) (local.get $x)))
          (loop $next
            (local.set $sum (i32.add (local.get $sum) (struct.get $b 1 (ref.cast (ref $b) (local.get $x)))))
            (local.set $x (call $make (local.get 0)))
            (br_if $next (i32.lt_s (local.get $sum) (i32.const 100))))
          (local.get $sum))
        (func (export "arms") (param i32) (result i32) (local $x anyref)
          (local.set $x (call $make (local.get 0)))
          (if (ref.test (ref $b) (local.get $x))
            (then (local.set $x (call $make (i32.sub (local.get 0) (i32.const 1)))))
            (else (local.set $x (call $make (i32.add (local.get 0) (i32.const 1))))))
          (struct.get $b 1 (ref.cast (ref $b) (local.get $x)))))`,
    );
    expect([0, 1, 2, 3, 4].map((kind) => call(instance, "tests", kind))).toEqual([1, 11, 15, 16, 8]);
    expect(call(instance, "loop", 1)).toBe(110);
    for (const kind of [0, 3, 4]) expect(trapOf(() => call(instance, "loop", kind)).code).toBe("cast_failure");
    expect([0, 2].map((kind) => call(instance, "arms", kind))).toEqual([20, 20]);
    for (const kind of [1, 3, 4]) expect(trapOf(() => call(instance, "arms", kind)).code).toBe("cast_failure");
  });

  test("a called reference is one of the module's functions, another one, or null", () => {
    const text = `(module (type $f (func (param i32) (result i32)))
      (import "m" "give" (func $give (result (ref null $f))))
      (elem declare func $one $two)
      (func $one (type $f) (i32.add (local.get 0) (i32.const 1)))
      (func $two (type $f) (i32.mul (local.get 0) (i32.const 2)))
      (func (export "call") (param i32) (result i32) (local $f (ref null $f))
        (if (i32.eqz (local.get 0)) (then (local.set $f (ref.func $one))))
        (if (i32.eq (local.get 0) (i32.const 1)) (then (local.set $f (ref.func $two))))
        (if (i32.eq (local.get 0) (i32.const 2)) (then (local.set $f (call $give))))
        (call_ref $f (i32.const 10) (local.get $f))))`;
    const engine = new Engine(config);
    const store = new Store(engine, undefined);
    const other = Instance.create(
      store,
      new Module(
        engine,
        parse(`(module (type $f (func (param i32) (result i32))) (elem declare func $three)
          (func $three (type $f) (i32.sub (local.get 0) (i32.const 3)))
          (func (export "give") (result (ref null $f)) (ref.func $three)))`),
      ),
    );
    const linker = new Linker(engine).instance("m", other);
    const instance = linker.instantiate(store, new Module(engine, parse(text)));
    expect([0, 1, 2].map((which) => call(instance, "call", which))).toEqual([11, 20, 7]);
    expect(trapOf(() => call(instance, "call", 3)).code).toBe("null_function_reference");
  });

  test("what is too large is refused", () => {
    const instance = instantiate(
      config,
      `(module (type $b (array (mut i8))) (type $l (array (mut i64))) (type $r (array (mut anyref)))
        (func (export "b") (param i32) (result i32) (array.len (array.new_default $b (local.get 0))))
        (func (export "l") (param i32) (result i32) (array.len (array.new $l (i64.const 1) (local.get 0))))
        (func (export "r") (param i32) (result i32) (array.len (array.new_default $r (local.get 0)))))`,
    );
    for (const name of ["b", "l", "r"]) {
      expect(call(instance, name, 5)).toBe(5);
      for (const length of [-1, 0x7fffffff]) {
        const { code } = trapOf(() => instance.getFunc(name)?.call(length));
        expect(code).toBe("array_too_large");
      }
    }
  });

  test("functions are called through tables by their supertypes", () => {
    const instance = instantiate(
      config,
      `(module (type $top (sub (func (result anyref)))) (type $below (sub $top (func (result i31ref))))
        (type $other (sub (func (result i31ref))))
        (table funcref (elem $f))
        (func $f (type $below) (ref.i31 (i32.const 3)))
        (func (export "top") (result anyref) (call_indirect (type $top) (i32.const 0)))
        (func (export "tail") (result anyref) (return_call_indirect (type $top) (i32.const 0)))
        (func (export "other") (result anyref) (call_indirect (type $other) (i32.const 0))))`,
    );
    expect([call(instance, "top"), call(instance, "tail")]).toEqual([3, 3]);
    expect(trapOf(() => call(instance, "other")).code).toBe("indirect_call_type_mismatch");
  });
});

test("values of the embedding API", () => {
  const instance = instantiate(
    {},
    `(module (type $s (struct (field i32))) (type $a (array i8))
      (func (export "s") (result structref) (struct.new $s (i32.const 4)))
      (func (export "a") (result arrayref) (array.new_default $a (i32.const 1)))
      (func (export "i") (param i32) (result i31ref) (ref.i31 (local.get 0)))
      (func (export "any") (param anyref) (result anyref) (local.get 0))
      (func (export "field") (param (ref null $s)) (result i32) (struct.get $s 0 (local.get 0))))`,
  );
  const s = instance.getTypedFunc("s", [], [structref])();
  const a = instance.getTypedFunc("a", [], [arrayref])();
  expect(instance.getTypedFunc("i", [i32], [i31ref])(-5)).toBe(-5);
  const any = instance.getTypedFunc("any", [anyref], [anyref]);
  for (const value of [null, undefined, s, a, 7, 1e10, "text", {}]) expect(any(value)).toBe(value);
  expect(instance.getFunc("field")?.call(s)).toBe(4);
  for (const wrong of [a, 1, undefined]) expect(() => instance.getFunc("field")?.call(wrong)).toThrow("a reference");
});

test("a module that uses what is switched off is refused by the name of that", () => {
  const cases = [
    ["gc", "(module (type (struct)))"],
    ["gc", "(module (func (param i31ref)))"],
    ["gc", "(module (rec (type (func))))"],
    ["function-references", "(module (type $f (func)) (func (param (ref $f))))"],
    ["function-references", "(module (func (param funcref) (drop (ref.as_non_null (local.get 0)))))"],
  ] as const;
  for (const [feature, text] of cases) {
    const engine = new Engine({ features: { gc: false, "function-references": feature === "gc" } });
    expect(() => new Module(engine, parse(text))).toThrow(feature);
  }
});
