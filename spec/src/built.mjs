// What people import, from what was built: tests run from sources. In the standalone files properties have other names.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";

const native = WebAssembly;

/** `sum(n)`: 1 + 2 + ... + n as an i64; `divide(a, b)`: through a table. */
const bytes = Uint8Array.from(
  Buffer.from(
    "AGFzbQEAAAABDAJgAn9/AX9gAX8BfgMEAwEAAAQEAXAAAQcQAgNzdW0AAAZkaXZpZGUAAgkHAQBBAAsBAQowAxoBAX4DQCABIACsfCEBIABBAWsiAA0ACyABCwcAIAAgAW0LCwAgACABQQARAAALABEEbmFtZQEEAQEBZAQEAQABdA==",
    "base64",
  ),
);

function check(what, condition) {
  if (!condition) throw new Error(`built files: ${what}`);
}

async function works(name, wasm) {
  check(`${name} is not the engine's own`, wasm !== native);
  check(`${name} validates`, wasm.validate(bytes) && !wasm.validate(bytes.subarray(0, 20)));
  const { instance } = await wasm.instantiate(bytes);
  const { sum, divide } = instance.exports;
  for (let i = 0; i < 3; i++) check(`${name} adds`, sum(3_000_000) === 4_500_001_500_000n);
  check(`${name} divides`, divide(84, 2) === 42);
  let error;
  try {
    divide(1, 0);
  } catch (caught) {
    error = caught;
  }
  check(`${name} traps`, error instanceof wasm.RuntimeError && /divi/.test(error.message));
}

const { WebAssembly: own } = await import("anywasm/js-api");
await works("js-api", own);
await import("anywasm/polyfill");
check("the polyfill leaves a WebAssembly object alone", globalThis.WebAssembly === native);
await import("anywasm/polyfill/force");
await works("polyfill/force", globalThis.WebAssembly);
delete globalThis.WebAssembly;
const { resolve } = createRequire(import.meta.url);
await import(`${resolve("anywasm/polyfill")}?again`);
await works("polyfill", globalThis.WebAssembly);
delete globalThis.WebAssembly;
const path = resolve("anywasm/script");
runInThisContext(readFileSync(path, "utf8"), path);
await works("script", globalThis.WebAssembly);
await import("anywasm/wasi/node");
// Threads of scripts are workers, which run what was built.
const cli = new URL("../../packages/cli/dist/main.js", import.meta.url);
const script = new URL("../threads/message_passing.wast", import.meta.url);
const told = execFileSync(process.execPath, [fileURLToPath(cli), "wast", fileURLToPath(script)], { encoding: "utf8" });
check("the command runs threads", told.endsWith(": 14 passed, 0 failed, 0 unsupported\n"));
const exported = Object.keys(await import("anywasm")).length;
process.stdout.write(`${exported} exports; ${Object.keys(globalThis.Anywasm).join(", ")}\n`);
