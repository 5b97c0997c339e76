import { externref, type FuncType, f32, f64, funcref, i32, i64, type ValType } from "@anywasm/isa";
import { expect, test } from "vitest";
import { entriesSource, hasDirectEntry, hostCallSource } from "./entries.ts";

function type(params: readonly ValType[], results: readonly ValType[]): FuncType {
  return { kind: "func", params, results };
}

test("each function is entered by code of its own", () => {
  expect(
    entriesSource([type([i32, f64], [f64]), type([i64, externref], [i64]), type([f32], [])], false),
  ).toMatchInlineSnapshot(`
    "function entries(records, { toInt64, toFloat32, toFloat64, fromInt64, early }, high, fail) {
      const record0 = records[0];
      const record1 = records[1];
      const record2 = records[2];
      return [
        (a0, a1) => {
          const x0 = +a0 | 0;
          const x1 = typeof a1 === "number" ? a1 : +toFloat64(a1);
          try {
            if (record0.isFinal) return record0.code(x0, x1);
            else return early(record0, x0, x1);
          } catch (error) {
            throw fail(error);
          }
        },
        (a0, a1) => {
          const x0 = toInt64(a0);
          const h0 = high[0];
          const x1 = a1;
          try {
            if (record1.isFinal) return fromInt64(record1.code(x0, h0, x1), high[0]);
            else return fromInt64(early(record1, x0, h0, x1), high[0]);
          } catch (error) {
            throw fail(error);
          }
        },
        (a0) => {
          const x0 = toFloat32(a0);
          try {
            if (record2.isFinal) record2.code(x0);
            else early(record2, x0);
          } catch (error) {
            throw fail(error);
          }
        }
      ];
    }"
  `);
});

test("numbers are made of other values by operators, where the embedding does that", () => {
  expect(entriesSource([type([i32, f64], [])], true)).toMatchInlineSnapshot(`
    "function entries(records, { toInt64, toFloat32, toFloat64, fromInt64, early }, high, fail) {
      const record0 = records[0];
      return [
        (a0, a1) => {
          const x0 = +a0 | 0;
          const x1 = +a1;
          try {
            if (record0.isFinal) record0.code(x0, x1);
            else early(record0, x0, x1);
          } catch (error) {
            throw fail(error);
          }
        }
      ];
    }"
  `);
});

test("functions of references and of several results are not", () => {
  expect(hasDirectEntry(type([i32, i64, f32, f64, externref], [i64]))).toBe(true);
  expect(hasDirectEntry(type([funcref], []))).toBe(false);
  expect(hasDirectEntry(type([], [i32, i32]))).toBe(false);
});

test("functions of the host are called with their own values", () => {
  expect(hostCallSource(type([i32, i64, funcref, f32], [i64]))).toMatchInlineSnapshot(`
    "function host(f, back, { fromInt64, fromReference }, fail) {
      return (a0, a1, h1, a2, a3) => {
        try {
          return back(f(a0, fromInt64(a1, h1), fromReference(a2), a3));
        } catch (error) {
          throw fail(error);
        }
      };
    }"
  `);
});
