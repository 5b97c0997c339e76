// What an engine is given to work with. The engine imports no decoder and no compiler: they are handed in, so an
// embedding that only loads compiled code carries neither.

import type {
  FunctionCompiler,
  ModuleContext,
  OptimizingCompiler,
  StructureClass,
  StructureType,
} from "@anywasm/compiler";
import type { DecodedModule } from "@anywasm/decoder";
import type { Func, OpenFunction } from "@anywasm/ir";
import type { FeatureSet, FuncType, ModuleNames } from "@anywasm/isa";
import type { Strategy } from "./config.ts";

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
  /** A function expression that makes the entries of functions of these types, for embeddings that coerce or not. */
  source(types: readonly FuncType[], coerces: boolean): string;
  /** A function expression that makes code for host functions of this type. */
  hostCall(type: FuncType): string;
  /** The classes of structures, of types that are all of one hierarchy. */
  structures<T extends StructureType>(types: readonly T[]): readonly StructureClass<T>[];
}

/** Bytes of a module; a view is read as its own part of the buffer. */
export type BufferSource = ArrayBuffer | ArrayBufferView;

export function isBufferSource(source: unknown): source is BufferSource {
  return source instanceof ArrayBuffer || ArrayBuffer.isView(source);
}

/** What `Module.compile` reads from, besides bytes and text: a stream of chunks, or anything with such a `body`. */
export type StreamSource =
  | AsyncIterable<Uint8Array>
  | { getReader(): { read(): Promise<{ done: boolean; value?: Uint8Array | undefined }> } };

/** What a module is compiled from: the binary format, or text; at once, or arriving over time. */
export type Source = BufferSource | string | StreamSource | { readonly body: unknown };

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
  /** @throws ConfigError where there is none, or it has not been loaded. */
  readonly parseText: TextParser;
  /** Of the strategy "binaryen". @throws ConfigError where there is none, or it has not been loaded. */
  readonly optimizeModule: ModuleOptimizer;
  /**
   * Loads what compiling a module from this source takes, and the source: bytes are given back as they are.
   * @throws ConfigError where something is not installed.
   */
  readonly load: (source: Source, strategy: Strategy) => Promise<BufferSource>;
}
