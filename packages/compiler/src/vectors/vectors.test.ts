// Functions of vectors: IR in, JavaScript out. What instructions compute is held against the native engine in spec/.
import { type Func, parseFunc, verifyFunc } from "@anywasm/ir";
import { describe, expect, test } from "vitest";
import { plain } from "../compile.ts";
import { generate } from "../generate.ts";
import { func, moduleOf } from "../module-context.test-support.ts";
import { functionNames } from "../module-context.ts";
import { optimize } from "../passes/index.ts";
import { withoutVectors } from "./index.ts";

function compile(text: string, change: (func: Func) => Func = (made) => made): string {
  const module = withoutVectors(moduleOf([parseFunc(text)]));
  const made = module.build(0);
  expect(verifyFunc(made)).toEqual([]);
  return generate(change(made), module, functionNames(module), plain, false).source;
}

const store = (address: string, value: string): string =>
  `(evaluate (v128.store memory=0 offset=0 align=4 ${address} ${value}))`;
const load = (address: string): string => `(v128.load memory=0 offset=0 align=4 ${address})`;

describe("vectors", () => {
  test("are four words, as parameters and results too", () => {
    expect(
      compile(func("(param v128 v128) (result v128)", "2 v128 v128", "(return (i32x4.add (get 0 v128) (get 1 v128)))")),
    ).toMatchInlineSnapshot(`
      "function f(p0, p1, p2, p3, p4, p5, p6, p7) {
        high[3] = p1 + p5 | 0;
        high[4] = p2 + p6 | 0;
        high[5] = p3 + p7 | 0;
        return p0 + p4 | 0;
      }"
    `);
  });

  test("the words of a result are taken out of the register at once", () => {
    expect(
      compile(
        func(
          "(param v128) (result i32)",
          "1 v128",
          "(return (i32x4.extract_lane 2 (v128.xor (call 0 (type (param v128) (result v128)) (get 0 v128)) (get 0 v128))))",
        ),
        (made) => optimize(made, moduleOf([made])),
      ),
    ).toMatchInlineSnapshot(`
      "function f(p0, p1, p2, p3) {
        f_1.code(p0, p1, p2, p3);
        return high[4] ^ p2;
      }"
    `);
  });

  test("all words of an assignment are computed from old ones", () => {
    expect(
      compile(
        func(
          "(param v128) (result v128)",
          "1 v128",
          "(set 0 (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (get 0 v128) (get 0 v128))) (return (get 0 v128))",
        ),
      ),
    ).toMatchInlineSnapshot(`
      "function f(p0, p1, p2, p3) {
        const t0 = p1;
        const t1 = p0;
        const t2 = p3;
        const t3 = p2;
        p0 = t0;
        p1 = t1;
        p2 = t2;
        p3 = t3;
        high[3] = p1;
        high[4] = p2;
        high[5] = p3;
        return p0;
      }"
    `);
  });

  test("of floats are kept as lanes where they are used as such", () => {
    expect(
      compile(
        func(
          "(param i32 f64) (result)",
          "3 i32 f64 v128",
          "(set 2 (f64x2.splat (get 1 f64))) (loop 0",
          `(set 2 (f64x2.add (get 2 v128) (f64x2.mul (get 2 v128) ${load("(get 0 i32)")})))`,
          store("(get 0 i32)", "(get 2 v128)"),
          "(br 0))",
        ),
      ),
    ).toMatchInlineSnapshot(`
      "function f(p0, p1) {
        let l2 = 0, l3 = 0;
        const view = memory.view;
        l2 = p1;
        l3 = p1;
        for (;;) {
          const t0 = view.getFloat64(p0 >>> 0, true);
          const t1 = view.getFloat64((p0 >>> 0) + 8, true);
          l2 = l2 + l2 * t0;
          l3 = l3 + l3 * t1;
          view.setFloat64((p0 >>> 0) + 8, l3, true);
          view.setFloat64(p0 >>> 0, l2, true);
        }
      }"
    `);
  });

  test("are stored from the end, so that a trap leaves memory as it was", () => {
    expect(
      compile(func("(param i32 i32) (result)", "2 i32 i32", store("(get 0 i32)", load("(get 1 i32)")))),
    ).toMatchInlineSnapshot(`
      "function f(p0, p1) {
        const view = memory.view;
        const t0 = view.getInt32(p1 >>> 0, true);
        const t1 = view.getInt32((p1 >>> 0) + 4, true);
        const t2 = view.getInt32((p1 >>> 0) + 8, true);
        const t3 = view.getInt32((p1 >>> 0) + 12, true);
        view.setInt32((p0 >>> 0) + 12, t3, true);
        view.setInt32((p0 >>> 0) + 8, t2, true);
        view.setInt32((p0 >>> 0) + 4, t1, true);
        view.setInt32(p0 >>> 0, t0, true);
      }"
    `);
  });
});
