// The package people install: the embedding API with everything in it.

export {
  type BufferSource,
  CodeGenerationError,
  type Config,
  ConfigError,
  type ExportType,
  type ImportType,
  type Int64Representation,
  Module,
  type Strategy,
  strategies,
} from "@anywasm/engine";
export { CompileError, type CompileErrorCode, type Feature, WasmError } from "@anywasm/isa";
export * from "@anywasm/runtime";
export { WatError } from "@anywasm/wat";
export { Engine } from "./engine.ts";
export { loadTextParser } from "./text.ts";
export { version } from "./version.ts";
