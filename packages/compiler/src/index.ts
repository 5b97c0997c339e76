// The compiler's public face: IR in, JavaScript source out.
export {
  type CompileOptions,
  createBaselineCompiler,
  createOptimizingCompiler,
  type FunctionCompiler,
  type OptimizingCompiler,
} from "./compile.ts";
export type { Binding, CompiledFunction, Profile } from "./compiled.ts";
export { entriesSource, hasDirectEntry, hostCallSource } from "./entries.ts";
export type { Position } from "./js/print.ts";
export type { ModuleContext } from "./module-context.ts";
export { type StructureClass, type StructureType, structureClasses } from "./structures.ts";
