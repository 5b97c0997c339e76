// `pnpm demo`: Ruby, compiled to WebAssembly by the Ruby project, runs as JavaScript in a process without WebAssembly.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ruby } from "./ruby.ts";

if (!Reflect.deleteProperty(globalThis, "WebAssembly") || "WebAssembly" in globalThis)
  throw new Error("the native WebAssembly object is still there");

const here = dirname(fileURLToPath(import.meta.url));
const started = performance.now();
const ruby = new Ruby({ args: ["ruby"], preopens: { "/demo": here } });
const ready = performance.now();
ruby.eval(readFileSync(join(here, "demo.rb"), "utf8"));
process.stdout.write(
  `\nRuby was ready after ${(ready - started).toFixed(0)} ms and ran the script in ${(performance.now() - ready).toFixed(0)} ms; ` +
    `globalThis.WebAssembly is ${typeof Reflect.get(globalThis, "WebAssembly")}.\n`,
);
