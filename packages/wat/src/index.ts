// The text format, on demand: wasm-tools' parser, itself a WebAssembly module, running on Anywasm.
export { createTextParser } from "./parser.ts";
export { loadWasmTools, WatError } from "./load.ts";
