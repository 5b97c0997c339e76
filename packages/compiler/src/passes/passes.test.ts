// Each pass on small functions: IR before, IR after.
import { type Func, parseFunc, printFunc, verifyFunc } from "@anywasm/ir";
import { type ConstExpression, f64, funcref, i32, type ModuleStructure } from "@anywasm/isa";
import { describe, expect, test } from "vitest";
import { func, moduleOf } from "../module-context.test-support.ts";
import { direct } from "./direct.ts";
import { fold } from "./fold.ts";
import { globals } from "./globals.ts";
import { optimize } from "./index.ts";
import { inline } from "./inline.ts";
import { narrow } from "./narrow.ts";
import type { Pass } from "./pass.ts";
import { propagate } from "./propagate.ts";
import { ranges } from "./ranges.ts";
import { chooseInt64Slots } from "./representation.ts";
import { resumeAt } from "./resume.ts";
import { split } from "./split.ts";

/** Body of a function, one statement a line, after the pass. */
function after(
  pass: Pass,
  text: string,
  others: readonly string[] = [],
  structure: Partial<ModuleStructure> = {},
): string {
  const before = parseFunc(text);
  const made = pass(before, moduleOf([before, ...others.map(parseFunc)], structure));
  expect(verifyFunc(made)).toEqual([]);
  return printFunc(made);
}

describe("fold", () => {
  test.each([
    ["constants", "(i32.add (i32.const 2) (i32.const 3))"],
    ["constants move to the right and meet", "(i32.add (i32.const 2) (i32.add (i32.const 3) (get 0 i32)))"],
    ["a difference with a constant is a sum", "(i32.add (i32.sub (get 0 i32) (i32.const 3)) (i32.const 1))"],
    [
      "what changes nothing goes",
      "(i32.xor (i32.shl (i32.mul (get 0 i32) (i32.const 1)) (i32.const 0)) (i32.const 0))",
    ],
    ["eqz of a comparison is the opposite", "(i32.eqz (i32.lt_u (get 0 i32) (i32.const 7)))"],
    ["eqz of a float comparison stays: NaN", "(i32.eqz (f64.lt (f64.const 1) (f64.const 2)))"],
    ["times zero is zero", "(i32.mul (get 0 i32) (i32.const 0))"],
    ["but not of what may trap", "(i32.mul (i32.load memory=0 offset=0 align=2 (get 0 i32)) (i32.const 0))"],
    ["64-bit carries", "(i32.wrap_i64 (i64.add (i64.const 4294967295) (i64.const 1)))"],
  ])("%s", (_, expression) => {
    expect(after(fold, func("(param i32) (result i32)", "1 i32", `(return ${expression})`))).toMatchSnapshot();
  });

  test("an if with a constant condition is one of its arms", () => {
    const text = func(
      "(param i32) (result)",
      "1 i32",
      "(if (i32.const 0) (then (unreachable)) (else (set 0 (i32.const 5))))",
    );
    expect(after(fold, text)).toMatchSnapshot();
  });
});

describe("globals", () => {
  const body = [
    "(evaluate (global.set 0 (i32.sub (global.get:i32 0) (i32.const 16))))",
    "(evaluate (i32.store memory=0 offset=0 align=2 (global.get:i32 0) (get 0 i32)))",
  ];

  test("are read from a local, and written at once", () => {
    expect(after(globals, func("(param i32) (result)", "1 i32", ...body))).toMatchSnapshot();
  });

  test("are left alone in functions that call", () => {
    const text = func("(param i32) (result)", "1 i32", ...body, "(evaluate (call 1 (type (param) (result))))");
    expect(after(globals, text)).toBe(printFunc(parseFunc(text)));
  });
});

describe("ranges", () => {
  test.each([
    [
      "numbers that are not negative compare as signed ones",
      "(i32.lt_u (i32.and (get 0 i32) (i32.const 255)) (i32.const 7))",
    ],
    ["others do not", "(i32.lt_u (get 0 i32) (i32.const 7))"],
    [
      "a number against a negative constant does not",
      "(i32.lt_u (i32.and (get 0 i32) (i32.const 255)) (i32.const -1))",
    ],
    [
      "a mask that takes nothing away goes",
      "(i32.and (i32.load8_u memory=0 offset=0 align=0 (get 0 i32)) (i32.const 255))",
    ],
    [
      "a sum that may wrap may be negative",
      "(i32.div_u (i32.add (i32.shr_u (get 0 i32) (i32.const 1)) (i32.const 1)) (i32.const 3))",
    ],
    [
      "one that cannot is not",
      "(i32.div_u (i32.add (i32.shr_u (get 0 i32) (i32.const 2)) (i32.const 1)) (i32.const 3))",
    ],
  ])("%s", (_, expression) => {
    expect(after(ranges, func("(param i32) (result i32)", "1 i32", `(return ${expression})`))).toMatchSnapshot();
  });

  test("a counter may be anything, what is always masked may not", () => {
    const text = func(
      "(param i32) (result i32)",
      "3 i32 i32 i32",
      "(loop 0 (set 1 (i32.add (get 1 i32) (i32.const 1)))",
      "(set 2 (i32.and (i32.add (get 2 i32) (get 1 i32)) (i32.const 1023)))",
      "(if (i32.lt_u (get 1 i32) (i32.const 9)) (then (br 0)) (else)))",
      "(return (i32.lt_u (get 2 i32) (i32.const 9)))",
    );
    expect(after(ranges, text)).toMatchSnapshot();
  });
});

describe("narrow", () => {
  test.each([
    ["the high word of a sum is not needed", "(i32.wrap_i64 (i64.add (get 1 i64) (i64.const 5)))"],
    ["a comparison of widened words", "(i64.lt_s (i64.extend_i32_u (get 0 i32)) (i64.const 7))"],
    ["signed ones", "(i64.lt_s (i64.extend_i32_s (get 0 i32)) (i64.const -7))"],
    ["not of different widening", "(i64.lt_s (i64.extend_i32_s (get 0 i32)) (i64.extend_i32_u (get 0 i32)))"],
    ["a mask below 2^32", "(i32.wrap_i64 (i64.and (get 1 i64) (i64.const 255)))"],
    ["an address of 64 bits whose high word is zero", "(i32.sat_i64_u (i64.extend_i32_u (get 0 i32)))"],
    ["one that is loaded", "(i32.sat_i64_u (i64.load32_u memory=0 offset=0 align=2 (get 0 i32)))"],
    [
      "one that is small, so that no sum leaves 32 bits",
      "(i32.sat_i64_u (i64.add (i64.shl (i64.and (get 1 i64) (i64.const 255)) (i64.const 2)) (i64.const 1024)))",
    ],
    [
      "not a sum that may leave them",
      "(i32.sat_i64_u (i64.add (i64.extend_i32_u (get 0 i32)) (i64.and (get 1 i64) (i64.const 255))))",
    ],
    [
      "nor a shift",
      "(i32.wrap_i64 (i64.shr_u (i64.shl (i64.and (get 1 i64) (i64.const 255)) (i64.const 34)) (i64.const 32)))",
    ],
    ["not one that may be negative", "(i32.sat_i64_u (i64.extend_i32_s (get 0 i32)))"],
    ["one that is known, and too large", "(i32.sat_i64_u (i64.const 4294967296))"],
    [
      "a 64-bit load stays: it may trap where a shorter one does not",
      "(i32.wrap_i64 (i64.load memory=0 offset=0 align=3 (get 0 i32)))",
    ],
  ])("%s", (_, expression) => {
    expect(
      after(narrow, func("(param i32 i64) (result i32)", "2 i32 i64", `(return ${expression})`)),
    ).toMatchSnapshot();
  });

  test("a variable that only holds widened words is a word", () => {
    const text = func(
      "(param i32) (result i64)",
      "2 i32 i64",
      "(set 1 (i64.extend_i32_u (get 0 i32)))",
      "(loop 0 (set 1 (i64.extend_i32_u (i32.shr_u (i32.wrap_i64 (get 1 i64)) (i32.const 1)))) (if (i32.wrap_i64 (get 1 i64)) (then (br 0)) (else)))",
      "(return (get 1 i64))",
    );
    expect(after(narrow, text)).toMatchSnapshot();
  });
});

describe("propagate", () => {
  test("copies go, and values used once move into their use", () => {
    const text = func(
      "(param i32) (result i32)",
      "1 i32 i32 i32 i32",
      "(set 1 (get 0 i32))",
      "(set 2 (i32.add (get 1 i32) (i32.const 1)))",
      "(set 3 (i32.mul (get 2 i32) (get 1 i32)))",
      "(return (get 3 i32))",
    );
    expect(after(propagate, text)).toMatchSnapshot();
  });

  test("a load does not move over a store", () => {
    const text = func(
      "(param i32) (result i32)",
      "1 i32 i32",
      "(set 1 (i32.load memory=0 offset=0 align=2 (get 0 i32)))",
      "(evaluate (i32.store memory=0 offset=0 align=2 (get 0 i32) (i32.const 1)))",
      "(return (get 1 i32))",
    );
    expect(after(propagate, text)).toMatchSnapshot();
  });

  test("what is read in several places is not moved, whatever it was copied from", () => {
    const text = func(
      "(param i32) (result i32)",
      "1 i32 i32 i32",
      "(set 1 (i32.load memory=0 offset=0 align=2 (get 0 i32)))",
      "(set 2 (get 1 i32))",
      "(return (i32.add (get 2 i32) (get 2 i32)))",
    );
    expect(after(propagate, text)).toMatchSnapshot();
  });
});

describe("split", () => {
  test("a local used for two things is two", () => {
    const text = func(
      "(param i32) (result i32)",
      "2 i32 i32",
      "(set 1 (i32.const 1))",
      "(evaluate (i32.store memory=0 offset=0 align=2 (get 0 i32) (get 1 i32)))",
      "(set 1 (i32.const 2))",
      "(return (get 1 i32))",
    );
    expect(after(split, text)).toMatchSnapshot();
  });

  test("lives that meet where somebody reads are one; a dead value at a loop's head joins nothing", () => {
    const text = func(
      "(param i32) (result i32)",
      "3 i32 i32 i32",
      "(loop 0",
      "(set 1 (i32.load memory=0 offset=0 align=2 (get 0 i32)))",
      "(set 2 (i32.add (get 2 i32) (get 1 i32)))",
      "(set 1 (i32.load memory=0 offset=4 align=2 (get 0 i32)))",
      "(if (get 1 i32) (then (br 0)) (else)))",
      "(return (get 2 i32))",
    );
    expect(after(split, text)).toMatchSnapshot();
  });
});

describe("inline", () => {
  const callee =
    "(func 1 (type (param i32) (result i32)) (variables 2 i32 i32) (labels 1) " +
    "(if (get 0 i32) (then (return (i32.const 7))) (else)) (return (i32.add (get 0 i32) (get 1 i32))))";

  test("a body stands for the call, return is a branch behind it, locals are zero again", () => {
    const text = func(
      "(param i32) (result i32)",
      "1 i32",
      "(return (i32.sub (i32.load memory=0 offset=0 align=2 (get 0 i32)) (call 1 (type (param i32) (result i32)) (get 0 i32))))",
    );
    expect(after(inline, text, [callee])).toMatchSnapshot();
  });

  test("calls in what a module says is unlikely stay", () => {
    const small =
      "(func 1 (type (param i32) (result i32)) (variables 1 i32) (labels 0) (return (i32.add (get 0 i32) (i32.const 1))))";
    const called = "(set 0 (call:i32 1 (type (param i32) (result i32)) (get 0 i32)))";
    const made = (...body: readonly string[]): string =>
      after(inline, func("(param i32) (result i32)", "1 i32", ...body, "(return (get 0 i32))"), [small]);
    const arms = (hint: string): string =>
      made(`(if${hint} (get 0 i32) (then ${called}) (else ${called} (set 0 (i32.const 2))))`);
    expect(arms("")).not.toContain("call");
    expect(arms(" likely")).toMatchSnapshot();
    expect(arms(" unlikely")).toMatchSnapshot();
    const skipped = made(`(block 0 (if likely (get 0 i32) (then (br 0)) (else)) ${called})`, called);
    expect(skipped).toMatchSnapshot();
  });
});

describe("direct", () => {
  const at = (offset: ConstExpression, ...functions: readonly number[]): ModuleStructure["elements"][number] => ({
    mode: { kind: "active", index: 0, offset },
    type: funcref,
    items: functions.map((index) => [{ kind: "ref.func", index }]),
  });
  const known = (lo: number): ConstExpression => [{ kind: "const", type: i32, lo, hi: 0 }];
  const through =
    "(call_indirect 0 0 (type (param i32) (result i32)) (i32.load memory=0 offset=0 align=2 (get 0 i32)) (get 0 i32))";
  const text = func("(param i32) (result i32)", "1 i32", `(return (i32.add (global.get:i32 0) ${through}))`);
  const types = [0, 0, 0, 1];

  test("a call is a choice between the elements of its type, as far as they are what they were", () => {
    const elements = [at(known(1), 1, 3, 2)];
    expect(after(direct, text, [], { functionTypeIndices: types, elements })).toMatchSnapshot();
  });

  test("later segments put others in their place", () => {
    const elements = [at(known(1), 1, 2), at(known(2), 3)];
    const made = after(direct, text, [], { functionTypeIndices: types, elements });
    expect(made.match(/element_is@0 [0-9 ]*/g)).toEqual(["element_is@0 0 1 1"]);
  });

  test.each([
    ["nothing of the type is known", [at(known(0), 3)]],
    ["the place is not known", [at([{ kind: "global.get", index: 0 }], 1)]],
    ["the segment is copied later, if ever", [{ ...at(known(0), 1), mode: { kind: "passive" as const } }]],
    ["there are many", [at(known(0), ...new Array(65).fill(1))]],
    ["it is far behind", [at(known(100_000), 1)]],
  ])("a call stays as it is where %s", (_, elements) => {
    expect(after(direct, text, [], { functionTypeIndices: types, elements })).toBe(printFunc(parseFunc(text)));
  });
});

describe("handlers", () => {
  const call = "(evaluate (call 1 (type (param) (result))))";
  const locals = ["(param i32) (result i32)", "2 i32 i32 exnref"] as const;

  test("read whichever value a local had when the exception was thrown", () => {
    const text = func(
      ...locals,
      "(set 0 (i32.const 1))",
      `(try 2 (do (set 0 (i32.const 2)) ${call} (set 0 (i32.const 3)) (set 1 (get 0 i32)) (set 1 (i32.const 4)) ${call})`,
      "(handler (return (get 0 i32))))",
      "(set 0 (i32.const 5))",
      "(return (get 0 i32))",
    );
    expect(after(split, text)).toMatchSnapshot();
  });

  test("keep assignments that only they read, and values that they read from before", () => {
    const text = func(
      ...locals,
      "(set 1 (i32.const 7))",
      `(try 2 (do (set 0 (i32.const 2)) ${call} (set 0 (i32.const 3)) ${call}) (handler (return (i32.add (get 0 i32) (get 1 i32)))))`,
      "(return (i32.const 0))",
    );
    expect(after(propagate, text)).toMatchSnapshot();
  });

  test("are not entered by a loop that goes on elsewhere", () => {
    const loop = "(loop 0 (if (get 0 i32) (then (br 0)) (else)))";
    const text = func(...locals, `(try 2 (do ${loop}) (handler))`, "(return (get 0 i32))");
    expect(resumeAt(parseFunc(text), 0)).toBeUndefined();
    const behind = func(...locals, `(try 2 (do ${call}) (handler))`, loop, "(throw_ref (get 2 exnref))");
    expect(resumeAt(parseFunc(behind), 0)).toBeUndefined();
  });

  test("keep a function on words", () => {
    const body = "(set 1 (i64.mul (get 1 i64) (i64.const 5)))";
    const text = (statement: string): Func =>
      parseFunc(func("(param i32) (result i64)", "2 i32 i64 exnref", statement, "(return (get 1 i64))"));
    expect(chooseInt64Slots(text(body), "bigint")).toEqual([1]);
    expect(chooseInt64Slots(text(`(try 2 (do ${body} (throw 0)) (handler))`), "bigint")).toBeUndefined();
  });

  test("what is thrown is evaluated in order, also where calls are inlined", () => {
    const callee =
      "(func 1 (type (param) (result i32)) (variables 0) (labels 1) (evaluate (global.set 0 (i32.const 3))) (return (i32.const 4)))";
    const text = func(...locals, "(throw 0 (global.get:i32 0) (call 1 (type (param) (result i32))))");
    expect(after(inline, text, [callee], { functionTypeIndices: [0, 0] })).toMatchSnapshot();
  });
});

describe("representation", () => {
  const body = Array.from(
    { length: 4 },
    () => "(set 1 (i64.mul (i64.rotl (get 1 i64) (i64.const 13)) (i64.const 5)))",
  ).join(" ");
  const mixing = (extra: string): Func =>
    parseFunc(
      func(
        "(param i32) (result i64)",
        "2 i32 i64",
        `(loop 0 ${body} ${extra} (if (get 0 i32) (then (br 0)) (else)))`,
        "(return (get 1 i64))",
      ),
    );

  test("64-bit arithmetic in a loop is worth BigInts", () => {
    expect(chooseInt64Slots(mixing(""), "auto")).toEqual([1]);
  });

  test("not in functions that may be entered again while they run", () => {
    expect(chooseInt64Slots(mixing("(evaluate (call 1 (type (param) (result))))"), "auto")).toBeUndefined();
  });

  test("not for addresses", () => {
    const bumped = "(set 1 (i64.add (get 1 i64) (i64.const 8)))";
    const text = (address: string): string =>
      func(
        "(param i32) (result i64)",
        "2 i32 i64",
        `(loop 0 ${bumped.repeat(5)} (evaluate (i32.load memory=0 offset=0 align=2 ${address}))`,
        "(if (get 0 i32) (then (br 0)) (else)))",
        "(return (get 1 i64))",
      );
    expect(chooseInt64Slots(parseFunc(text("(get 0 i32)")), "auto")).toEqual([1]);
    expect(chooseInt64Slots(parseFunc(text("(i32.sat_i64_u (get 1 i64))")), "auto")).toBeUndefined();
  });

  test("not for little", () => {
    const text = func("(param i64) (result i64)", "1 i64", "(return (i64.add (get 0 i64) (i64.const 1)))");
    expect(chooseInt64Slots(parseFunc(text), "auto")).toBeUndefined();
    expect(chooseInt64Slots(parseFunc(text), "bigint")).toEqual([]);
  });
});

test("all passes leave a function that verifies", () => {
  const text = func(
    "(param i32 f64) (result f64)",
    "3 i32 f64 i64",
    "(set 2 (i64.extend_i32_u (get 0 i32)))",
    "(return (f64.add (get 1 f64) (f64.convert_i64_u (get 2 i64))))",
  );
  const made = optimize(parseFunc(text), moduleOf([]));
  expect(verifyFunc(made)).toEqual([]);
  expect(made.variables.slice(0, 2)).toEqual([i32, f64]);
});
