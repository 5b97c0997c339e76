// A bundler in Go, whose program runs on Go's own JavaScript glue: the build for browsers, which runs in this process.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = dirname(createRequire(import.meta.url).resolve("esbuild-wasm/package.json"));

export default async function () {
  // Browsers' name of the global object.
  globalThis.self ??= globalThis;
  const { initialize, transform, version } = await import(pathToFileURL(join(folder, "esm/browser.js")).href);
  const wasmModule = new WebAssembly.Module(readFileSync(join(folder, "esbuild.wasm")));
  await initialize({ wasmModule, worker: false });
  const { code, map } = await transform("enum E { A = 1, B } export const x = <T,>(y?: T): number => y ?? E.B;", {
    loader: "ts",
    target: "es2019",
    sourcemap: true,
  });
  const error = await transform("let x = ;").catch((caught) => caught.message);
  return { version, code, map, error };
}
