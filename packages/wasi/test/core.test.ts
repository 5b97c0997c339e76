// The core must load in engines that have neither Node nor the Web's objects.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import vm from "node:vm";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { decodeUtf8, encodeUtf8 } from "../src/utf8.ts";

const source = join(import.meta.dirname, "..", "src");

test("only the files in node/ know Node", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !/^node[\\/]/.test(name),
  );
  expect(files.length).toBeGreaterThan(15);
  for (const file of files) {
    const code = readFileSync(join(source, file), "utf8").replaceAll(/\/\/.*|\/\*[^]*?\*\//g, "");
    expect(code, file).not.toMatch(
      /["']node:|(?<!["'/])\b(process|Buffer|require|setTimeout|TextEncoder|TextDecoder)\b\s*[.(]|from "\.\.?\/node\//,
    );
  }
});

test("the whole system runs with nothing but the language", async () => {
  const entry = `
    import { Wasi } from ${JSON.stringify(join(source, "wasi.ts"))};
    import { memoryDirectory } from ${JSON.stringify(join(source, "fs", "memory.ts"))};
    const wasi = new Wasi({ args: ["a"], preopens: { "/": memoryDirectory({ f: "żółw" }) } });
    const memory = { bytes: new Uint8Array(65536) };
    memory.bytes.set([102], 100);
    const f = wasi.functions;
    result = [f.path_open.call(memory, 3, 0, 100, 1, 0, 2n, 0n, 0, 104), f.clock_time_get.call(memory, 1, 0n, 200), f.random_get.call(memory, 0, 1)];`;
  const bundle = await build({
    stdin: { contents: entry, resolveDir: source },
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    conditions: ["anywasm-source"],
  });
  const context = vm.createContext({ result: undefined });
  vm.runInContext(bundle.outputFiles[0]?.text ?? "", context);
  // No random source is there, and none is made up.
  expect([...context["result"]]).toEqual([0, 0, 58]);
});

test("UTF-8 is that of TextEncoder and a strict TextDecoder", () => {
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  for (const text of ["", "abc", "żółw", "\u07ff\u0800\uffff", "🦀\u{10ffff}", "a\ud800b", "\udc00", "\ufeffx"]) {
    expect([...encodeUtf8(text)]).toEqual([...new TextEncoder().encode(text)]);
  }
  const bytes = [
    0x00, 0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff, 0x90, 0x9f, 0xa0,
  ];
  const check = (sample: Uint8Array) => {
    let expected: string | undefined;
    try {
      expected = strict.decode(sample);
    } catch {
      expected = undefined;
    }
    expect(decodeUtf8(sample), [...sample].join()).toBe(expected);
  };
  for (const a of bytes)
    for (const b of bytes)
      for (const c of bytes) {
        check(Uint8Array.of(a, b, c));
        for (const d of [0x41, 0x80, 0xbf]) check(Uint8Array.of(a, b, c, d));
      }
});
