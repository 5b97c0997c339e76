import { parseFunc } from "@anywasm/ir";
import { allInstructions, i32, i64 } from "@anywasm/isa";
import { describe, expect, test } from "vitest";
import { plain } from "./compile.ts";
import { generate } from "./generate.ts";
import { binary, call, conditional, name, not, number, unsigned } from "./js/build.ts";
import { NameScope, sanitize } from "./js/names.ts";
import type { JsExpression } from "./js/nodes.ts";
import { printFunction } from "./js/print.ts";
import { parseTemplate } from "./js/template.ts";
import { func, moduleOf } from "./module-context.test-support.ts";
import { functionNames } from "./module-context.ts";

function compile(text: string): string {
  const module = moduleOf([]);
  return generate(parseFunc(text), module, functionNames(module), plain, false).source;
}

describe("control", () => {
  test("a loop left by its first condition is a while", () => {
    expect(
      compile(
        func(
          "(param i32) (result)",
          "1 i32",
          "(block 0 (loop 1 (if (i32.eqz (get 0 i32)) (then (br 0)) (else))",
          "(set 0 (i32.sub (get 0 i32) (i32.const 1))) (br 1)))",
        ),
      ),
    ).toMatchInlineSnapshot(`
      "function f(p0) {
        while (p0 !== 0) {
          p0 = p0 - 1 | 0;
        }
      }"
    `);
  });

  test("a loop repeated by its last condition is a do-while", () => {
    expect(
      compile(
        func(
          "(param i32) (result)",
          "1 i32",
          "(loop 1 (set 0 (i32.sub (get 0 i32) (i32.const 1))) (if (get 0 i32) (then (br 1)) (else)))",
        ),
      ),
    ).toMatchInlineSnapshot(`
      "function f(p0) {
        do {
          p0 = p0 - 1 | 0;
        } while (p0);
      }"
    `);
  });

  test("a try is JavaScript's, whose handler is told what it may see", () => {
    const module = moduleOf([], { tags: [{ kind: "func", params: [i64, i32], results: [] }] });
    const text = func(
      "(param i32) (result i32)",
      "1 i32 exnref",
      "(try 1 (do (throw 0 (i64.const 5) (get 0 i32)))",
      "(handler (if (exception_is 0 (get 1 exnref)) (then (return (exception_value 0 1 i32 (get 1 exnref)))) (else))",
      "(throw_ref (get 1 exnref))))",
    );
    expect(generate(parseFunc(text), module, functionNames(module), plain, false).source).toMatchInlineSnapshot(`
      "function f(p0) {
        try {
          throw exception(tag0, [null, 5, 0, p0]);
        } catch (error) {
          const t0 = caught(error);
          if (t0.tag === tag0) return t0.words[3];
          throw throw_ref(t0);
        }
      }"
    `);
  });

  test("a tower of blocks around a table is a switch whose cases fall through", () => {
    expect(
      compile(
        func(
          "(param i32) (result i32)",
          "1 i32",
          "(block 0 (block 1 (block 2 (br_table (1 2) 0 (get 0 i32))) (set 0 (i32.const 10))) (set 0 (i32.const 20)) (br 0))",
          "(return (get 0 i32))",
        ),
      ),
    ).toMatchInlineSnapshot(`
      "function f(p0) {
        switch (p0) {
          default: break;
          case 1: {
            p0 = 10;
          }
          case 0: {
            p0 = 20;
            break;
          }
        }
        return p0;
      }"
    `);
  });
});

describe("64-bit integers are pairs", () => {
  test("addition carries without a branch", () => {
    expect(
      compile(func("(param i64 i64) (result i64)", "2 i64 i64", "(return (i64.add (get 0 i64) (get 1 i64)))")),
    ).toMatchInlineSnapshot(`
      "function f(p0, p0$hi, p1, p1$hi) {
        const t = p0 + p1 | 0;
        high[0] = p0$hi + p1$hi + ((p0 & p1 | (p0 | p1) & ~t) >>> 31) | 0;
        return t;
      }"
    `);
  });

  test("an assignment never mixes new and old words", () => {
    expect(
      compile(func("(param i64) (result)", "1 i64", "(set 0 (i64.extend_i32_s (i32.wrap_i64 (get 0 i64))))")),
    ).toMatchInlineSnapshot(`
      "function f(p0, p0$hi) {
        p0$hi = p0 >> 31;
      }"
    `);
  });

  test("a store writes the higher half first, so that a trap leaves memory as it was", () => {
    expect(
      compile(
        func(
          "(param i32 i64) (result)",
          "2 i32 i64",
          "(evaluate (i64.store memory=0 offset=8 align=3 (get 0 i32) (get 1 i64)))",
        ),
      ),
    ).toMatchInlineSnapshot(`
      "function f(p0, p1, p1$hi) {
        const view = memory.view;
        view.setInt32((p0 >>> 0) + 12, p1$hi, true);
        view.setInt32((p0 >>> 0) + 8, p1, true);
      }"
    `);
  });

  test("two results of an instruction come in the register of high words", () => {
    expect(
      compile(
        func(
          "(param i64 i64) (result i64 i64)",
          "2 i64 i64 i64 i64",
          "(set_many (2 3) (i64.mul_wide_u (get 0 i64) (get 1 i64))) (return (get 3 i64) (get 2 i64))",
        ),
      ),
    ).toMatchInlineSnapshot(`
      "function f(p0, p0$hi, p1, p1$hi) {
        const t = i64_mul_wide_u(p0, p0$hi, p1, p1$hi);
        const t0 = t, t0$hi = high[0];
        const t1 = high[1], t1$hi = high[2];
        return [null, t1, t1$hi, t0, t0$hi];
      }"
    `);
  });
});

describe("order of evaluation", () => {
  test("an argument that may grow the memory is evaluated before its view is read", () => {
    expect(
      compile(
        func(
          "(param i32) (result)",
          "1 i32",
          "(evaluate (i32.store memory=0 offset=0 align=2 (get 0 i32) (memory.grow:i32 0 (i32.const 1))))",
        ),
      ),
    ).toMatchInlineSnapshot(`
      "function f(p0) {
        const t = memory_grow(memory, 1);
        memory.view.setInt32(p0 >>> 0, t, true);
      }"
    `);
  });

  test("what a 64-bit operand has to emit does not overtake the operand before it", () => {
    expect(
      compile(
        func(
          "(param i32) (result i32)",
          "1 i32",
          "(return (i32.add (i32.load memory=0 offset=0 align=2 (get 0 i32)) (i32.wrap_i64 (i64.load memory=0 offset=0 align=3 (get 0 i32)))))",
        ),
      ),
    ).toMatchInlineSnapshot(`
      "function f(p0) {
        const view = memory.view;
        const t_2 = view.getInt32(p0 >>> 0, true);
        const t = view.getInt32(p0 >>> 0, true);
        const t_1 = view.getInt32((p0 >>> 0) + 4, true);
        return t_2 + t | 0;
      }"
    `);
  });

  test("a word that may trap is evaluated where it is widened, also if nobody wants the wider number", () => {
    const widened = "(i64.extend_i32_u (i32.load memory=0 offset=0 align=2 (get 0 i32)))";
    expect(compile(func("(param i32) (result)", "1 i32", `(evaluate ${widened})`))).toMatchInlineSnapshot(`
      "function f(p0) {
        const view = memory.view;
        const t = view.getInt32(p0 >>> 0, true);
      }"
    `);
  });
});

describe("printing", () => {
  const [a, b, c] = [name("a"), name("b"), name("c")];
  const cases: readonly (readonly [JsExpression, string])[] = [
    [binary("-", a, binary("-", b, c)), "a - (b - c)"],
    [binary("-", binary("-", a, b), c), "a - b - c"],
    [binary("*", binary("+", a, b), c), "(a + b) * c"],
    [binary("|", binary("&", a, b), c), "a & b | c"],
    [{ kind: "unary", operator: "-", operand: number(-1) }, "- -1"],
    [{ kind: "unary", operator: "-", operand: { kind: "unary", operator: "-", operand: a } }, "- -a"],
    [number(-0), "-0"],
    [binary("-", a, number(-1)), "a - -1"],
    [conditional(conditional(a, b, c), b, c), "(a ? b : c) ? b : c"],
    [call({ kind: "member", object: a, property: "code" }, [binary("<", a, b)]), "a.code(a < b)"],
    [not(binary("===", a, b)), "a !== b"],
    [not(binary("<", a, b)), "!(a < b)"],
    [unsigned(binary("|", binary("+", a, b), number(0))), "a + b >>> 0"],
    [unsigned(number(-1)), "4294967295"],
  ];
  test.each(cases)("%# %j", (value, text) => {
    const printed = printFunction({ name: "f", parameters: [], body: [{ kind: "return", value }] }, false).text;
    expect(printed).toBe(`function f() {\n  return ${text};\n}`);
  });
});

describe("names", () => {
  test("whatever a module calls things, identifiers come out", () => {
    const hostile = [
      "a b",
      "</script>",
      "__proto__",
      "eval",
      "arguments",
      "constructor",
      "1x",
      "\u2028",
      "*/",
      "`${x}`",
      "",
    ];
    const scope = new NameScope();
    for (const text of [...hostile, ...hostile])
      expect(scope.unique(sanitize(text, "f"))).toMatch(/^[A-Za-z_$][\w$]*$/);
    expect(sanitize("eval", "f")).toBe("eval_");
    expect(sanitize("std::vector<int>", "f")).toBe("std_vector_int_");
  });
});

test("every template of the instruction table can be read", () => {
  for (const { js, jsIgnoringNaNBits } of allInstructions) {
    const templates = [js, jsIgnoringNaNBits].flat().filter((text): text is string => text !== undefined);
    for (const text of templates) expect(() => parseTemplate(text)).not.toThrow();
  }
  expect(() => parseTemplate("a +")).toThrow(SyntaxError);
});
