// Bundled and given to Node's `--require`: the WebAssembly object of Anywasm, which notes what its own work takes.

import { Module } from "@anywasm/engine";
import type { ProgramParts } from "@anywasm/spec/packages";
import { createEngine, createWebAssembly } from "anywasm/js-api";

const parts: Record<keyof ProgramParts, number> = { validation: 0, text: 0, evaluation: 0 };

function timed<This, Args extends unknown[], Result>(
  part: keyof ProgramParts,
  call: (this: This, ...args: Args) => Result,
): (this: This, ...args: Args) => Result {
  return function (...args) {
    const start = performance.now();
    try {
      return call.apply(this, args);
    } finally {
      parts[part] += performance.now() - start;
    }
  };
}

const engine = createEngine();
const { toolchain } = engine;
const { frontend } = toolchain;
Object.assign(engine, {
  toolchain: { ...toolchain, frontend: { ...frontend, decode: timed("validation", frontend.decode) } },
});
Module.prototype.compileFunction = timed("text", Module.prototype.compileFunction);
Module.prototype.compileFrom = timed("text", Module.prototype.compileFrom);
Object.assign(globalThis, { Function: new Proxy(Function, { construct: timed("evaluation", Reflect.construct) }) });

Object.assign(globalThis, { WebAssembly: createWebAssembly(engine), Anywasm: { parts } });
