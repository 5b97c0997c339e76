// What an engine is given to work with. The engine imports no decoder and no compiler: they are handed in, so an
// embedding that only loads compiled code carries neither.

import type { FunctionCompiler, ModuleContext, OptimizingCompiler } from "@anywasm/compiler";
import type { DecodedModule } from "@anywasm/decoder";
import type { Func, OpenFunction } from "@anywasm/ir";
import type { FeatureSet, FuncType, ModuleNames } from "@anywasm/isa";

/** The front end: bytes in, validated module and IR out. */
export interface Frontend {
  decode(bytes: Uint8Array, options: { readonly features: FeatureSet }): DecodedModule;
  build(module: DecodedModule, functionIndex: number): Func;
  read(module: DecodedModule, functionIndex: number, open: OpenFunction): void;
  names(module: DecodedModule): ModuleNames;
}

/** A tier: what makes JavaScript of functions. */
export interface Compiler<T extends FunctionCompiler = FunctionCompiler> {
  readonly name: string;
  forModule(module: ModuleContext): T;
}

interface EntryCompiler {
  /** Whether a function of this type has an entry of its own. */
  isDirect(type: FuncType): boolean;
  /** A function expression that makes the entries of functions of these types. */
  source(types: readonly FuncType[]): string;
}

/** Text in, bytes out. @throws for text that is not a module. */
export type TextParser = (text: string) => Uint8Array;

/** A whole module in, a better one that does the same out. */
export type ModuleOptimizer = (bytes: Uint8Array, features: FeatureSet) => Uint8Array;

/** The compilers of a toolchain, from the fastest to the one whose code is fastest. */
export type Tier = "baseline" | "optimizing";

export interface Toolchain {
  readonly version: string;
  readonly frontend: Frontend;
  readonly baseline: Compiler;
  readonly optimizing: Compiler<OptimizingCompiler>;
  /** How hosts enter functions: see the compiler's `entriesSource`. */
  readonly entries: EntryCompiler;
  /** The text parser if it is loaded already. */
  readonly textParser: () => TextParser | undefined;
  /** Loads the text parser. */
  readonly loadTextParser: () => Promise<TextParser>;
  /** The optimizer of the "binaryen" strategy if it is loaded already. */
  readonly moduleOptimizer: () => ModuleOptimizer | undefined;
  /** Loads it. @throws ConfigError where it is not installed. */
  readonly loadModuleOptimizer: () => Promise<ModuleOptimizer>;
}
