// The WebAssembly object: what engines have built in, on top of Anywasm. Without the text format.
import { Engine } from "@anywasm/engine";
import { createWebAssembly, type WebAssemblyNamespace } from "@anywasm/js-api";
import { compilation } from "./compilation.ts";

export type * from "@anywasm/js-api";
export { createWebAssembly };

/** An Engine for `createWebAssembly` that knows the binary format only. @throws ConfigError */
export function createEngine(config: ConstructorParameters<typeof Engine>[0] = {}): Engine {
  return new Engine(config, {
    ...compilation,
    textParser: () => undefined,
    loadTextParser: () => Promise.reject(new Error("the WebAssembly object takes the binary format only")),
  });
}

/**
 * The WebAssembly JavaScript Interface.
 * @example
 * const { instance } = await WebAssembly.instantiate(bytes, { env: { log: console.log } });
 */
export const WebAssembly: WebAssemblyNamespace = /* @__PURE__ */ createWebAssembly(/* @__PURE__ */ createEngine());
