// Runs scripts of the specification's test suite against an engine.
export { anywasmEmbedding } from "./anywasm.ts";
export { AssembleError, type Assembler, type Embedding, EmbeddingFailure, type FailureKind } from "./embedding.ts";
export { type Outcome, runScript } from "./runner.ts";
export { type Command, parseScript } from "./script.ts";
export { ScriptSyntaxError } from "./sexpr.ts";
export { type WasmTools, wasmToolsAssembler, wasmToolsExports, wasmToolsImports } from "./wasm-tools.ts";
