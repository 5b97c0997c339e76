// Real programs, written and compiled by others, from npm.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildFunction, decodeModule } from "@anywasm/decoder";
import { parseFunc, printFunc, verifyFunc } from "@anywasm/ir";
import { describe, expect, test } from "vitest";
import { Ruby } from "./demo/ruby.ts";
import { compilersOf, freeNames } from "./support.ts";

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const programs = {
  quickjs: require.resolve("quickjs-wasi/quickjs.wasm"),
  esbuild: require.resolve("esbuild-wasm/esbuild.wasm"),
};

/** Every `step`th function of a program: all of QuickJS, a sample of the large one. */
const samples = [
  ["quickjs", 1],
  ["esbuild", 40],
] as const;

describe.each(samples)("%s, every %ith function", (name, step) => {
  const bytes = new Uint8Array(readFileSync(programs[name]));
  const module = decodeModule(bytes);
  const indices = module.bodies
    .map((_body, i) => module.importedFunctionCount + i)
    .filter((_index, i) => i % step === 0);

  test("its IR is well formed, and prints and parses back", () => {
    for (const index of indices) {
      const func = buildFunction(module, index);
      expect(verifyFunc(func)).toEqual([]);
      expect(parseFunc(printFunc(func))).toEqual(func);
    }
  });

  test("its JavaScript parses, and names nothing but what it is handed", () => {
    for (const compiler of compilersOf(bytes, module))
      for (const index of indices) {
        const { source, parts, bindings } = compiler.compile(index);
        const allowed = new Set([...bindings.map(({ name: bound }) => bound), "Infinity", "NaN"]);
        for (const text of [source, ...parts.map((part) => part.source)])
          for (const used of freeNames(text)) if (!allowed.has(used)) expect(used).toBe("a name that was handed in");
      }
  });
});

test("the check of free names finds them", () => {
  expect([...freeNames("function f(a) { const b = a; return globalThis.x[c] + b; }")]).toEqual(["globalThis", "c"]);
});

test("CRuby computes, reads a file of its directory, and raises and rescues", () => {
  const output: Uint8Array[] = [];
  const ruby = new Ruby({
    args: ["ruby"],
    preopens: { "/demo": join(here, "demo") },
    stdout: (bytes) => void output.push(bytes.slice()),
  });
  ruby.eval(`
    puts (1..30).inject(:*)
    puts File.read("/demo/demo.rb").lines.first
    puts (begin; Integer("zz"); rescue ArgumentError => error; error.message; end)
    fiber = Fiber.new { 3.times { |i| Fiber.yield i * i }; :done }
    p 4.times.map { fiber.resume }
  `);
  expect(Buffer.concat(output).toString().split("\n")).toEqual([
    "265252859812191058636308480000000",
    "# Runs inside WebAssembly. /demo is a directory of the host that it may read.",
    'invalid value for Integer(): "zz"',
    "[0, 1, 4, :done]",
    "",
  ]);
});

test("esbuild's Go program starts through its own glue, without native WebAssembly", () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      "--import",
      import.meta.resolve("tsx"),
      "--conditions=anywasm-source",
      join(here, "demo/esbuild.ts"),
      "--loader=ts",
      "--minify",
    ],
    { input: "const answer: number = 6 * 7; console.log(answer as any)", encoding: "utf8", cwd: here },
  );
  expect([stdout, stderr, status]).toEqual(["const answer=42;console.log(42);\n", "", 0]);
});
