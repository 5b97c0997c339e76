// The text format, on demand: wasm-tools' parser, itself a WebAssembly module, running on Anywasm.

export { loadWasmTools, WatError } from "./load.ts";
export { createTextParser } from "./parser.ts";
