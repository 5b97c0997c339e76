// The engine's public face.
export {
  type Config,
  compatibilityHash,
  type Int64Representation,
  type ResolvedConfig,
  type Strategy,
  strategies,
} from "./config.ts";
export { Engine } from "./engine.ts";
export { CodeGenerationError, ConfigError } from "./errors.ts";
export type { FunctionFactory } from "./evaluate.ts";
export { parseStack, type SourcePlace } from "./evaluate.ts";
export {
  type Binding,
  type EvaluatedFunction,
  type ExportType,
  type ImportType,
  Module,
} from "./module.ts";
export type {
  BufferSource,
  Compiler,
  Frontend,
  ModuleOptimizer,
  Source,
  StreamSource,
  TextParser,
  Tier,
  Toolchain,
} from "./toolchain.ts";
export { isBufferSource } from "./toolchain.ts";
