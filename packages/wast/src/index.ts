// Runs scripts of the specification's test suite against an engine.
export { anywasmEmbedding } from "./anywasm.ts";
export {
  AssembleError,
  type Assembler,
  type Embedding,
  EmbeddingFailure,
  type FailureKind,
  type SharedExports,
} from "./embedding.ts";
export { type Outcome, runScript, runThread, type StartThread, type Thread, type ThreadTask } from "./runner.ts";
export { type Command, parseScript } from "./script.ts";
export { ScriptSyntaxError } from "./sexpr.ts";
export { type WasmTools, wasmToolsAssembler, wasmToolsExports, wasmToolsImports } from "./wasm-tools.ts";
