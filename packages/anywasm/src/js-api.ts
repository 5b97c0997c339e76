// The WebAssembly object: what engines have built in, on top of Anywasm. Without the text format.
import { Engine } from "@anywasm/engine";
import type * as types from "@anywasm/js-api";
import { createWebAssembly, type WebAssemblyNamespace } from "@anywasm/js-api";
import { binaryToolchain } from "./compilation.ts";

export type * from "@anywasm/js-api";
export { createWebAssembly };

/** An Engine for `createWebAssembly` that knows the binary format only. @throws ConfigError */
export function createEngine(config: ConstructorParameters<typeof Engine>[0] = {}): Engine {
  return new Engine(config, binaryToolchain);
}

/**
 * The WebAssembly JavaScript Interface.
 * @example
 * const { instance } = await WebAssembly.instantiate(bytes, { env: { log: console.log } });
 */
export const WebAssembly: WebAssemblyNamespace = /* @__PURE__ */ createWebAssembly(/* @__PURE__ */ createEngine());

/** The types of its objects, under the names that TypeScript's own library has for them. */
// biome-ignore lint/style/noNamespace: what is written `WebAssembly.Memory` is a type in a namespace
export declare namespace WebAssembly {
  type Exception = types.Exception;
  type Exports = types.Exports;
  type Global = types.Global;
  type GlobalDescriptor = types.GlobalDescriptor;
  type Imports = types.Imports;
  type Instance = types.Instance;
  type Memory = types.Memory;
  type MemoryDescriptor = types.MemoryDescriptor;
  type Module = types.Module;
  type Table = types.Table;
  type TableDescriptor = types.TableDescriptor;
  type Tag = types.Tag;
}
