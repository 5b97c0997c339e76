// A compiled module: immutable, shared by stores. Functions are compiled one at a time, when first needed.
import type {
  Binding,
  CompiledFunction,
  FunctionCompiler,
  ModuleContext,
  OptimizingCompiler,
  Position,
  Profile,
} from "@anywasm/compiler";
import type { DecodedModule } from "@anywasm/decoder";
import type { Func } from "@anywasm/ir";
import type {
  DefinedType,
  DefinedTypes,
  Export,
  ExternType,
  FeatureSet,
  FuncType,
  Import,
  ModuleNames,
  ModuleStructure,
  ValType,
} from "@anywasm/isa";
import { functionType, mapConcrete } from "@anywasm/isa";
import type { Engine } from "./engine.ts";
import { ConfigError } from "./errors.ts";
import { evaluate, type FunctionFactory } from "./evaluate.ts";
import { type BufferSource, isBufferSource, type Source, type Tier } from "./toolchain.ts";

export interface ImportType {
  readonly module: string;
  readonly name: string;
  readonly type: ExternType;
}

export interface ExportType {
  readonly name: string;
  readonly type: ExternType;
}

/** A function ready to be closed over an instance's entities. */
export interface EvaluatedFunction {
  readonly factory: FunctionFactory;
  /** Of parts of the function, whose free names are the first of `bindings`; they are the values of the last. */
  readonly parts: readonly FunctionFactory[];
  readonly bindings: CompiledFunction["bindings"];
  readonly slotCount: number;
  readonly tailCalls: boolean;
}

export class Module {
  readonly engine: Engine;
  private readonly decoded: DecodedModule;
  /** Given when stack traces can first name the module. */
  private number: number | undefined;
  private readonly evaluated: Readonly<Record<Tier, Map<number, EvaluatedFunction>>> = {
    baseline: new Map(),
    optimizing: new Map(),
  };
  /** What was known of functions when they were optimized. */
  private readonly profiles = new Map<number, Profile>();
  private entries: FunctionFactory | undefined;
  private coercingEntries: FunctionFactory | undefined;
  private knownDirectExports: readonly number[] | undefined;
  private knownTypes: DefinedTypes | undefined;
  private knownNames: ModuleNames | undefined;
  private baseline: FunctionCompiler | undefined;
  private knownOptimizing: OptimizingCompiler | undefined;

  /**
   * Decodes and validates; compiles nothing yet.
   * @param source the binary format, or the text format if its parser has been loaded. Bytes are copied.
   * @throws CompileError for a module that is malformed, invalid, over a limit, or needs a disabled feature.
   */
  constructor(engine: Engine, source: BufferSource | string, /** @internal Not copied then. */ isOwned = false) {
    this.engine = engine;
    const decoded = decode(engine, bytesOf(engine, source, isOwned));
    const { config, toolchain } = engine;
    // Optimizers want a module that has been found valid.
    this.decoded =
      config.strategy === "binaryen"
        ? decode(engine, toolchain.optimizeModule(decoded.bytes, featuresFor(decoded, config.features)))
        : decoded;
  }

  /**
   * As the constructor, for sources that arrive over time; loads the text parser when given text, and the optimizer of the
   * strategy "binaryen".
   * @throws CompileError, or whatever the stream rejects with.
   */
  static async compile(engine: Engine, source: Source): Promise<Module> {
    const loaded = await engine.toolchain.load(source, engine.config.strategy);
    return new Module(engine, loaded, loaded !== source);
  }

  /** @throws CompileError if `bytes` is not a valid module. */
  static validate(engine: Engine, bytes: BufferSource): void {
    if (!isBufferSource(bytes)) throw notBytes();
    decode(engine, viewOf(bytes));
  }

  get imports(): readonly ImportType[] {
    return this.structure.imports.map(({ module, name, type }: Import) => ({ module, name, type }));
  }

  get exports(): readonly ExportType[] {
    return this.structure.exports.map((item) => ({ name: item.name, type: exportType(this.structure, item) }));
  }

  /** The module's name from its name section. */
  get name(): string | undefined {
    return this.names.module;
  }

  /** Copies of the contents of all custom sections called `name`, in order. */
  customSections(name: string): Uint8Array[] {
    return this.structure.customSections
      .filter((section) => section.name === name)
      .map(({ start, end }) => this.decoded.bytes.slice(start, end));
  }

  /** @internal */
  get structure(): ModuleStructure {
    return this.decoded;
  }

  /** @internal The engine's definitions by type index: equal types of different modules are the same. */
  get types(): DefinedTypes {
    if (this.knownTypes === undefined) {
      const types: DefinedType[] = [];
      for (const group of this.structure.recGroups) this.engine.types.addGroup(group, types);
      this.knownTypes = types;
    }
    return this.knownTypes;
  }

  /** @internal The type of a function. */
  functionTypeOf(index: number): DefinedType<FuncType> {
    return this.types[this.structure.functionTypeIndices[index] ?? -1] as DefinedType<FuncType>;
  }

  /** @internal The type, naming the engine's definitions instead of the module's. */
  canonical(type: ValType): ValType {
    return mapConcrete(type, (index) => (this.types[index] as DefinedType).id);
  }

  /** @internal The binary; not to be written to. */
  get bytes(): Uint8Array {
    return this.decoded.bytes;
  }

  get names(): ModuleNames {
    this.knownNames ??= this.engine.toolchain.frontend.names(this.decoded);
    return this.knownNames;
  }

  /** @internal The IR of a defined function. */
  buildFunction(index: number): Func {
    return this.engine.toolchain.frontend.build(this.decoded, index);
  }

  /** @internal The JavaScript of a defined function. */
  compileFunction(index: number, tier: Tier = this.firstTier, positions = false): CompiledFunction {
    if (tier === "optimizing") return this.optimizing.compile(index, { positions, profile: this.profiles.get(index) });
    this.baseline ??= this.engine.toolchain.baseline.forModule(this.contextOf(tier));
    return this.baseline.compile(index, { positions });
  }

  /** @internal The optimized JavaScript of what is left of a function from a loop on, if that can be had. */
  compileFrom(index: number, label: number, positions = false): CompiledFunction | undefined {
    return this.optimizing.compileFrom(index, label, { positions, profile: this.profiles.get(index) });
  }

  private get optimizing(): OptimizingCompiler {
    this.knownOptimizing ??= this.engine.toolchain.optimizing.forModule(this.contextOf("optimizing"));
    return this.knownOptimizing;
  }

  private contextOf(tier: Tier): ModuleContext {
    const { engine } = this;
    return {
      structure: this.structure,
      names: this.names,
      build: (each) => this.buildFunction(each),
      read: (each, open) => engine.toolchain.frontend.read(this.decoded, each, open),
      int64: engine.int64,
      splitAbove: engine.config.splitAbove,
      countsCalls: engine.config.strategy === "auto" && tier === "baseline",
    };
  }

  /** @internal The tier by which functions are compiled when they are first called. */
  get firstTier(): Tier {
    const { strategy } = this.engine.config;
    return strategy === "auto" || strategy === "baseline" ? "baseline" : "optimizing";
  }

  /** @internal Has a function optimized for what is known of earlier runs: before it is optimized, and once. Copies it. */
  useProfile(index: number, profile: Profile): void {
    if (this.profiles.has(index)) return;
    this.profiles.set(
      index,
      profile.map((counts) => Int32Array.from(counts ?? [])),
    );
  }

  /** @internal A defined function, compiled and evaluated once for all instances. */
  evaluateFunction(index: number, tier: Tier): EvaluatedFunction {
    const known = this.evaluated[tier].get(index);
    if (known !== undefined) return known;
    const evaluated = evaluateCompiled(this.compileFunction(index, tier), this.sourceUrl(index, tier));
    this.evaluated[tier].set(index, evaluated);
    return evaluated;
  }

  /**
   * @internal What is left of a function from a loop on, as a function of all locals; `undefined` if it cannot be had. Not kept: a
   * loop asks once.
   */
  evaluateFrom(index: number, label: number): EvaluatedFunction | undefined {
    const compiled = this.compileFrom(index, label);
    if (compiled === undefined) return undefined;
    return evaluateCompiled(compiled, this.sourceUrl(index, "optimizing", label));
  }

  /** @internal Indices of exported functions that have entries of their own, in the order of `evaluateEntries`. */
  get directExports(): readonly number[] {
    if (this.knownDirectExports === undefined) {
      const { structure, engine } = this;
      const indices = new Set(structure.exports.flatMap(({ kind, index }) => (kind === "func" ? [index] : [])));
      const { isDirect } = engine.toolchain.entries;
      this.knownDirectExports = [...indices].filter((index) => isDirect(functionType(structure, index)));
    }
    return this.knownDirectExports;
  }

  /** @internal What makes entries of exported functions, once for all instances. */
  evaluateEntries(coerces: boolean): FunctionFactory {
    if (coerces) return (this.coercingEntries ??= this.makeEntries(coerces));
    return (this.entries ??= this.makeEntries(coerces));
  }

  private makeEntries(coerces: boolean): FunctionFactory {
    const types = this.directExports.map((index) => functionType(this.structure, index));
    this.number ??= this.engine.register(this);
    const url = `anywasm://${this.engine.id}/${this.number}/entries`;
    return evaluate(this.engine.toolchain.entries.source(types, coerces), [], url)() as FunctionFactory;
  }

  /** @internal What stack traces call the code of function `index`, or of what is left of it from a loop on. */
  sourceUrl(index: number, tier: Tier, from?: number): string {
    this.number ??= this.engine.register(this);
    return `anywasm://${this.engine.id}/${this.number}/${index}/${tier}${from === undefined ? "" : `@${from}`}`;
  }

  /**
   * @internal The byte offset that a place in a function's JavaScript came from. Compiles the function again, with
   * positions: only traps need them.
   */
  offsetOf(
    index: number,
    tier: Tier,
    from: number | undefined,
    part: number | undefined,
    line: number,
    column: number,
  ): number | undefined {
    let found: Position | undefined;
    const compiled = from === undefined ? this.compileFunction(index, tier, true) : this.compileFrom(index, from, true);
    for (const position of (part === undefined ? compiled : compiled?.parts[part])?.positions ?? []) {
      if (position.line > line || (position.line === line && position.column > column)) break;
      if (position.line === line) found = position;
    }
    return found?.offset;
  }
}

export type { Binding };

function evaluateCompiled(compiled: CompiledFunction, url: string): EvaluatedFunction {
  const { source, parts, bindings, slotCount, tailCalls } = compiled;
  const names = bindings.map(({ name }) => name);
  // Parts come last among the names, and do not know each other.
  const own = names.slice(0, names.length - parts.length);
  return {
    factory: evaluate(source, names, url),
    parts: parts.map((part, number) => evaluate(part.source, own, `${url}/${number}`)),
    bindings,
    slotCount,
    tailCalls,
  };
}

function decode(engine: Engine, bytes: Uint8Array): DecodedModule {
  return engine.toolchain.frontend.decode(bytes, { features: engine.config.features });
}

/** What an optimizer may use; exceptions only where they are, since not all of it can be done beside them. */
function featuresFor({ tags, catchesExceptions }: DecodedModule, features: FeatureSet): FeatureSet {
  if (tags.length > 0 || catchesExceptions) return features;
  return new Set([...features].filter((each) => each !== "exceptions"));
}

function exportType(structure: ModuleStructure, { kind, index }: Export): ExternType {
  switch (kind) {
    case "func":
      return { kind, type: functionType(structure, index), typeIndex: at(structure.functionTypeIndices, index) };
    case "table":
      return { kind, type: at(structure.tables, index) };
    case "memory":
      return { kind, type: at(structure.memories, index) };
    case "global":
      return { kind, type: at(structure.globals, index) };
    case "tag":
      return { kind, type: at(structure.tags, index), typeIndex: at(structure.tagTypeIndices, index) };
  }
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`no entity ${index}`);
  return item;
}

function bytesOf(engine: Engine, source: BufferSource | string, isOwned: boolean): Uint8Array {
  if (typeof source === "string") return engine.toolchain.parseText(source);
  if (!isBufferSource(source)) throw notBytes();
  // The caller may change its bytes; ours are read again when functions are compiled.
  return isOwned ? viewOf(source) : viewOf(source).slice();
}

function notBytes(): ConfigError {
  return new ConfigError("invalid_source", "a module's source must be an ArrayBuffer, a view of one, or text");
}

function viewOf(source: BufferSource): Uint8Array {
  return source instanceof ArrayBuffer
    ? new Uint8Array(source)
    : new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
}
