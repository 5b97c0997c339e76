// Vectors at the border: they do not cross it. Each scenario runs on the engine's own object too and must give the same.
import { WebAssembly as ours } from "anywasm/js-api";
import { expect, test } from "vitest";
import { type Any, attempt, instantiate, same } from "./scenario.test-support.ts";

same("functions that take or give vectors throw TypeError, and are not called", (W) => {
  const { take, give, giveTwo, calls, viaImport, table } = instantiate(
    W,
    `(module
      (import "m" "take" (func $importTake (param v128)))
      (import "m" "give" (func $importGive (result v128)))
      (global $calls (mut i32) (i32.const 0))
      (func $count (global.set $calls (i32.add (global.get $calls) (i32.const 1))))
      (table (export "table") funcref (elem $give))
      (func (export "take") (param v128) (call $count))
      (func $give (export "give") (result v128) (call $count) (v128.const i64x2 1 2))
      (func (export "giveTwo") (result i32 v128) (call $count) (i32.const 1) (v128.const i64x2 1 2))
      (func (export "viaImport") (param i32)
        (if (local.get 0) (then (call $importTake (v128.const i64x2 1 2))) (else (drop (call $importGive)))))
      (func (export "calls") (result i32) (global.get $calls)))`,
    { m: { take: () => calls(), give: () => 0 } },
  );
  const uses = [() => take(0), () => take(), () => give(), () => giveTwo(), () => viaImport(0), () => viaImport(1)];
  return [...uses.map(attempt), attempt(() => table.get(0)()), take.length, calls()];
});

same("globals of vectors: shared by modules, never read or written", (W) => {
  const first = instantiate(
    W,
    `(module (global (export "g") (mut v128) (v128.const i32x4 1 2 3 4)) (global (export "c") v128 (v128.const i32x4 5 6 7 8)))`,
  );
  const second = instantiate(
    W,
    `(module
      (import "m" "g" (global $g (mut v128))) (import "m" "c" (global $c v128)) (global $own (mut v128) (global.get $c))
      (func (export "sum") (result i32)
        (global.set $g (i32x4.add (global.get $g) (global.get $own)))
        (global.set $own (global.get $g))
        (i32.add (i32x4.extract_lane 3 (global.get $own)) (i32x4.extract_lane 3 (global.get $c)))))`,
    { m: first },
  );
  const { g } = first;
  const uses = [
    () => g.value,
    () => g.valueOf(),
    () => (g.value = 0),
    () => new W.Global({ value: "v128" }),
    () => instantiate(W, `(module (import "m" "g" (global v128)))`, { m: { g: 1 } }),
  ];
  return [...uses.map(attempt), second.sum(), second.sum()];
});

test("what an exception carries behind a vector can be read, the vector cannot", () => {
  const { fail, tag } = instantiate(
    ours,
    `(module (tag $tag (export "tag") (param i64 v128 i32 i64))
      (func (export "fail") (throw $tag (i64.const 1) (v128.const i64x2 2 3) (i32.const 4) (i64.const 5))))`,
  );
  let error: Any;
  try {
    fail();
  } catch (caught) {
    error = caught;
  }
  expect([0, 2, 3].map((position) => error.getArg(tag, position))).toEqual([1n, 4, 5n]);
  expect(() => error.getArg(tag, 1)).toThrow(TypeError);
});
