import { describe, expect, test } from "vitest";
import { type Assembler, type Embedding, EmbeddingFailure } from "./embedding.ts";
import { binary32, binary64, parseFloatBits, parseInteger } from "./numbers.ts";
import { runScript, runThread, type StartThread } from "./runner.ts";
import { parseScript } from "./script.ts";
import { readExpressions, ScriptSyntaxError } from "./sexpr.ts";
import { matches, type Value } from "./values.ts";

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

describe("numbers are rounded once", () => {
  const cases: readonly (readonly [string, bigint, bigint])[] = [
    ["0", 0n, 0n],
    ["-0.0", 0x80000000n, 0x8000000000000000n],
    ["1", 0x3f800000n, 0x3ff0000000000000n],
    ["0x1.fffffep+127", 0x7f7fffffn, 0x47efffffe0000000n],
    ["0x1p-149", 1n, 0x36a0000000000000n],
    ["0x1p-150", 0n, 0x3690000000000000n],
    ["0x1.00000100000000001p-50", 0x26800001n, 0x3cd0000010000000n],
    ["1e10_0", 0x7f800000n, 0x54b249ad2594c37dn],
    ["0.1", 0x3dcccccdn, 0x3fb999999999999an],
    ["inf", 0x7f800000n, 0x7ff0000000000000n],
    ["-nan", 0xffc00000n, 0xfff8000000000000n],
    ["nan:0x1", 0x7f800001n, 0x7ff0000000000001n],
    // A tie for single precision that double precision would round up first.
    ["1.00000017881393432617187499", 0x3f800001n, 0x3ff0000030000000n],
  ];
  test.each(cases)("%s", (literal, single, double) => {
    expect(parseFloatBits(literal, binary32)).toBe(single);
    expect(parseFloatBits(literal, binary64)).toBe(double);
  });

  test("doubles agree with the engine's own reading", () => {
    const view = new DataView(new ArrayBuffer(8));
    for (const literal of [
      "5e-324",
      "2.2250738585072011e-308",
      "123456789.123456789",
      "1.7976931348623157e308",
      "9007199254740993",
    ]) {
      view.setFloat64(0, Number(literal));
      expect(parseFloatBits(literal, binary64)).toBe(view.getBigUint64(0));
    }
  });

  test("integers", () => {
    expect(parseInteger("-1", 32)).toBe(0xffffffffn);
    expect(parseInteger("0xffff_ffff_ffff_ffff", 64)).toBe(0xffffffffffffffffn);
    expect(() => parseInteger("1.5", 32)).toThrow(SyntaxError);
  });
});

describe("reading", () => {
  test("comments nest, strings hold bytes, annotations mean nothing", () => {
    const [list] = readExpressions('(a (; (; ;) ;) "\\00\\ff\\t\\u{e9}" ;; x\n (@note ; "x") b)');
    expect(list?.kind === "list" && list.items.map((item) => (item.kind === "list" ? "" : item.text))).toEqual([
      "a",
      "\x00\xff\t\xc3\xa9",
      "b",
    ]);
  });

  test("bad form is reported with its line", () => {
    for (const text of ["(a\n(b", "a)", '(a\n"\\q")', "(; x"])
      expect(() => readExpressions(text)).toThrow(ScriptSyntaxError);
  });

  test("commands", () => {
    const script = `(module $m binary "\\00asm") (module quote "(func)") (register "x" $m)
      (assert_trap (module (func)) "unreachable") (assert_return (invoke $m "f" (f32.const nan:0x1)) (f32.const nan:canonical))`;
    const commands = parseScript(bytes(script));
    expect(commands.map(({ kind, line }) => [kind, line])).toEqual([
      ["module", 1],
      ["module", 1],
      ["register", 1],
      ["assert_uninstantiable", 2],
      ["assert_return", 2],
    ]);
  });
});

describe("running", () => {
  const assembler: Assembler = { assemble: (text) => text };
  /** An engine whose modules are their own text: it gives the argument back, or fails as the text says. */
  const echo: Embedding<string, string> = {
    define: (module) => {
      const text = String.fromCharCode(...module);
      if (text.includes("future")) throw new EmbeddingFailure("unsupported", "no", "future");
      if (text.includes("bad")) throw new EmbeddingFailure("invalid", "bad");
      return text;
    },
    instantiate: (definition) => definition,
    register: () => undefined,
    share: (instance) => ({ instance }),
    receive: ({ instance }) => String(instance),
    invoke: (instance, _name, args): readonly Value[] => {
      if (instance.includes("trap")) throw new EmbeddingFailure("trap", "unreachable");
      return args;
    },
    get: () => ({ type: "i32", bits: 1 }),
  };
  const results = (script: string): string[] => runScript(bytes(script), echo, assembler).map(({ result }) => result);

  test("passes and failures", () => {
    expect(results('(module) (assert_return (invoke "f" (i32.const 1)) (i32.const 1))')).toEqual(["passed", "passed"]);
    expect(results('(module) (assert_return (invoke "f" (i32.const 1)) (i32.const 2))')).toEqual(["passed", "failed"]);
    expect(results('(module $trap) (assert_trap (invoke "f") "unreachable executed")')).toEqual(["passed", "passed"]);
    expect(results('(module $trap) (assert_trap (invoke "f") "integer overflow")')).toEqual(["passed", "failed"]);
    expect(results('(module) (assert_trap (invoke "f") "unreachable")')).toEqual(["passed", "failed"]);
    expect(results('(assert_invalid (module $bad) "x") (assert_invalid (module) "x")')).toEqual(["passed", "failed"]);
  });

  test("threads have their own instances, and their outcomes stand where they are waited for", () => {
    const script = `(module $m) (module $n)
      (thread $t (shared (module $m))
        (assert_return (invoke $m "f" (i32.const 1)) (i32.const 2))
        (register "x" $m)
        (register "x" $n))
      (invoke "f")
      (wait $t) (wait $t)
      (thread $u (invoke $m "f"))`;
    const startThread: StartThread = (task) => ({ join: () => runThread(structuredClone(task), echo) });
    const outcomes = runScript(bytes(script), echo, assembler, startThread);
    expect(outcomes.map(({ command, result, line }) => [line, command, result])).toEqual([
      [1, "module", "passed"],
      [1, "module", "passed"],
      [2, "thread", "passed"],
      [6, "action", "passed"],
      [7, "wait", "passed"],
      [3, "assert_return", "failed"],
      [4, "register", "passed"],
      [5, "register", "failed"],
      [7, "wait", "failed"],
      [8, "thread", "passed"],
      [8, "action", "failed"],
    ]);
    expect(results(script).filter((result) => result === "unsupported").length).toBe(4);
  });

  test("what is wrong in custom sections is asked for", () => {
    const script = '(assert_invalid_custom (module $odd) "odd") (assert_malformed_custom (module $fine) "odd")';
    expect(results(script)).toEqual(["unsupported", "unsupported"]);
    const checkCustomSections = (definition: string): void => {
      if (definition.includes("odd")) throw new EmbeddingFailure("invalid", "odd section");
    };
    const outcomes = runScript(bytes(script), { ...echo, checkCustomSections }, assembler);
    expect(outcomes.map(({ result }) => result)).toEqual(["passed", "failed"]);
  });

  test("what depends on a missing feature is unsupported, never passed or skipped", () => {
    expect(results('(module $future) (invoke "f") (register "x") (assert_invalid (module $future) "x")')).toEqual(
      Array(4).fill("unsupported"),
    );
  });
});

test("NaN patterns", () => {
  const nan = (bits: number): Value => ({ type: "f32", bits });
  const canonical = { type: "nan", float: "f32", nan: "canonical" } as const;
  const arithmetic = { type: "nan", float: "f32", nan: "arithmetic" } as const;
  expect([0x7fc00000, 0xffc00000, 0x7fc00001, 0x7fa00000].map((bits) => matches(nan(bits), canonical))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect([0x7fc00000, 0x7fc00001, 0x7fa00000, 0x3f800000].map((bits) => matches(nan(bits), arithmetic))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
