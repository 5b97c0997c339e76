import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const cli = fileURLToPath(new URL("../../packages/cli/src/main.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "anywasm-cli-"));

function run(...args: readonly string[]): { stdout: string; stderr: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), "--conditions=anywasm-source", cli, ...args],
    { encoding: "utf8", cwd: folder },
  );
  return { stdout, stderr, status };
}

function file(name: string, contents: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

const good = file(
  "good.wat",
  `(module (func $add (export "add") (param $a i32) (param $b i32) (result i32) (i32.add (local.get $a) (local.get $b)))
    (func (export "trap") unreachable))`,
);
const binary = readFileSync(createRequire(import.meta.url).resolve("quickjs-wasi/quickjs.wasm"));

describe("failures are one clear line and an exit code", () => {
  const cases: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ["no such file", ["run", "nothing.wasm"], 1, /^error: cannot read nothing\.wasm: no such file\n$/],
    ["a folder", ["run", "."], 1, /^error: cannot read \.: is a directory\n$/],
    ["not Wasm", ["run", file("text.txt", "hello")], 1, /is not a WebAssembly module: it starts with 68 65 6c 6c/],
    [
      "truncated",
      ["validate", file("cut.wasm", binary.subarray(0, 5000))],
      1,
      /not a valid module: .*\(offset 0x[0-9a-f]+\)\n$/,
    ],
    ["malformed text", ["validate", file("bad.wat", "(module (func")], 1, /malformed text/],
    [
      "missing import",
      ["run", file("import.wat", '(module (import "a" "b" (func)))')],
      1,
      /^error: cannot link: unknown import: "a" "b"/,
    ],
    [
      "a trap",
      ["run", "--invoke", "trap", good],
      134,
      /^error: trap: unreachable\nwasm backtrace:\n {2}0: 0x[0-9a-f]+ - <module>!trap\n$/,
    ],
    [
      "no such function",
      ["run", "--invoke", "sub", good],
      1,
      /^error: no exported function sub; there are: add, trap\n$/,
    ],
    ["a wrong argument", ["run", "--invoke", "add", good, "1", "x"], 1, /^error: x is no integer \(i32\)\n$/],
    ["no command", ["run", good], 1, /^error: the module exports no _start: it is not a WASI command\n$/],
    ["a wrong option", ["run", "--dir", "nowhere", good], 2, /nowhere is not a directory/],
    ["an unknown command", ["fly"], 2, /unknown command 'fly'/],
  ];
  test.each(cases)("%s", (_name, args, status, message) => {
    const result = run(...args);
    expect([result.status, result.stdout]).toEqual([status, ""]);
    expect(result.stderr).toMatch(message);
  });
});

test("where code generation is forbidden the error names the way out", () => {
  // (func (export "f")): the text format's parser would need code generation itself.
  const module = [
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 0x66, 0, 0, 10, 4, 1, 2, 0, 0x0b,
  ];
  const { stderr, status } = spawnSync(
    process.execPath,
    [
      "--disallow-code-generation-from-strings",
      "--import",
      import.meta.resolve("tsx"),
      "--conditions=anywasm-source",
      cli,
      "run",
      "--invoke",
      "f",
      file("f.wasm", Uint8Array.from(module)),
    ],
    { encoding: "utf8", cwd: folder },
  );
  expect(status).toBe(1);
  expect(stderr).toMatch(/^error: this host forbids code generation from strings .* compile ahead of time instead/);
});

test("run --invoke prints results", () => {
  expect(run("run", "--invoke", "add", good, "0x10", "-6")).toEqual({ stdout: "10\n", stderr: "", status: 0 });
});

test("explain shows instructions, IR and JavaScript", () => {
  const { stdout, status } = run("explain", "--func", "add", good);
  expect(status).toBe(0);
  for (const part of ["local.get $a", "(i32.add (get 0 i32) (get 1 i32))", "return a + b | 0;"])
    expect(stdout).toContain(part);
});

test("wast runs a script and reports what fails", () => {
  const script = file(
    "s.wast",
    '(module (func (export "one") (result i32) (i32.const 1)))\n(assert_return (invoke "one") (i32.const 1))\n(assert_return (invoke "one") (i32.const 2))',
  );
  const { stdout, status } = run("wast", script);
  expect(status).toBe(1);
  expect(stdout).toContain(":3: assert_return failed: expected (i32.const 0x2), got (i32.const 0x1)");
  expect(stdout).toContain("2 passed, 1 failed, 0 unsupported");
});

test("every command has help", () => {
  for (const command of ["run", "validate", "explain", "wast"]) {
    const { stdout, status } = run(command, "--help");
    expect(status).toBe(0);
    expect(stdout).toContain(`Usage: anywasm ${command}`);
  }
});
