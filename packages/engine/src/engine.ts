// An Engine: frozen options and a toolchain, shared by modules and stores.
import type { StructureClass } from "@anywasm/compiler";
import { type DefinedType, type FuncType, type StructType, TypeRegistry } from "@anywasm/isa";
import {
  type Config,
  compatibilityHash,
  type Int64Representation,
  type ResolvedConfig,
  resolveConfig,
} from "./config.ts";
import { CodeGenerationError } from "./errors.ts";
import { evaluate, type FunctionFactory } from "./evaluate.ts";
import { bigIntsAreMachineWords } from "./host.ts";
import type { Module } from "./module.ts";
import type { Toolchain } from "./toolchain.ts";

/** Gives what makes structures of a type, one of those that share a class. */
type Makers = (type: DefinedType) => FunctionFactory;

interface ModuleReference {
  deref(): Module | undefined;
}

// ES2021: not every engine has it.
const WeakRefOfHost = (globalThis as { readonly WeakRef?: new (module: Module) => ModuleReference }).WeakRef;

/**
 * Compilation settings and the toolchain that carries them out. Engines are cheap; modules and stores belong to one.
 * @throws ConfigError for options that do not exist.
 */
export class Engine {
  readonly config: ResolvedConfig;
  /** Equal for engines whose compiled code is interchangeable. */
  readonly compatibilityHash: string;
  /** @internal */
  readonly toolchain: Toolchain;
  /** @internal Distinguishes this engine's code in stack traces. */
  readonly id = Math.random().toString(36).slice(2, 8);
  /** @internal What the optimizing compiler is told. */
  readonly int64: Int64Representation;
  private mayGenerate = false;
  /** @internal Type definitions of all modules. */
  readonly types = new TypeRegistry();
  private readonly entries = new Map<FuncType, FunctionFactory>();
  private readonly coercingEntries = new Map<FuncType, FunctionFactory>();
  private readonly hostCalls = new Map<FuncType, FunctionFactory>();
  private readonly structures = new Map<DefinedType, FunctionFactory>();
  private readonly structureClasses = new Map<DefinedType, StructureClass<DefinedType<StructType>>>();
  private readonly makers = new Map<StructureClass<DefinedType<StructType>>, Makers>();
  private readonly modules: ModuleReference[] = [];

  constructor(config: Config, toolchain: Toolchain) {
    this.config = resolveConfig(config);
    this.toolchain = toolchain;
    const { int64 } = this.config;
    this.int64 = int64 === "auto" && !bigIntsAreMachineWords() ? "pairs" : int64;
    this.compatibilityHash = compatibilityHash(toolchain.version, this.config);
  }

  /**
   * @internal The one object that stands for all function types equal to `type`, so that comparing is `===`. It must name no
   * definitions of a module.
   */
  canonicalType(type: FuncType): DefinedType<FuncType> {
    return this.types.func(type);
  }

  /**
   * @internal What makes entries of functions of this type that no module exports, shared by all of them; `undefined` for
   * types that have none.
   * @throws CodeGenerationError where the host forbids code generation.
   */
  evaluateEntry(type: FuncType, coerces: boolean): FunctionFactory | undefined {
    const { entries } = this.toolchain;
    if (!entries.isDirect(type)) return undefined;
    const known = coerces ? this.coercingEntries : this.entries;
    return this.evaluateOnce(known, type, () => entries.source([type], coerces), "entry");
  }

  /** @internal The function that makes structures of a type. */
  evaluateStructure(type: DefinedType<StructType>): FunctionFactory {
    let make = this.structures.get(type);
    if (make === undefined) {
      const own = this.structureClass(type);
      let makers = this.makers.get(own);
      if (makers === undefined) {
        const factory = evaluate(own.source(), [], `anywasm://${this.id}/structure`)();
        makers = (factory as (first: DefinedType) => Makers)(type);
        this.makers.set(own, makers);
      }
      this.structures.set(type, (make = makers(type)));
    }
    return make;
  }

  /** Types that modules add below others later have classes of their own: objects of the others may be there. */
  private structureClass(type: DefinedType<StructType>): StructureClass<DefinedType<StructType>> {
    if (!this.structureClasses.has(type)) {
      const hierarchy = this.types.hierarchyOf(type) as readonly DefinedType<StructType>[];
      const added = hierarchy.filter((each) => !this.structureClasses.has(each));
      for (const made of this.toolchain.entries.structures(added))
        for (const each of made.types) this.structureClasses.set(each, made);
    }
    return this.structureClasses.get(type) as StructureClass<DefinedType<StructType>>;
  }

  /** Code that all functions of a type share. @throws CodeGenerationError. */
  private evaluateOnce(
    known: Map<FuncType, FunctionFactory>,
    type: FuncType,
    source: () => string,
    name: string,
  ): FunctionFactory {
    let factory = known.get(type);
    if (factory === undefined) {
      factory = evaluate(source(), [], `anywasm://${this.id}/${name}`)() as FunctionFactory;
      known.set(type, factory);
    }
    return factory;
  }

  /**
   * @internal What makes code for host functions of this type, shared by all of them; `undefined` where the host forbids code
   * generation.
   */
  evaluateHostCall(type: FuncType): FunctionFactory | undefined {
    try {
      return this.evaluateOnce(this.hostCalls, type, () => this.toolchain.entries.hostCall(type), "host");
    } catch (error) {
      if (error instanceof CodeGenerationError) return undefined;
      throw error;
    }
  }

  /** @internal Numbers a module, so that stack traces can name it. */
  register(module: Module): number {
    // Programs that make modules all the time must not keep all of them for a stack trace's sake.
    return this.modules.push(WeakRefOfHost === undefined ? { deref: () => module } : new WeakRefOfHost(module)) - 1;
  }

  /** @internal */
  moduleByNumber(number: number): Module | undefined {
    return this.modules[number]?.deref();
  }

  /**
   * @internal
   * @throws CodeGenerationError where the host forbids code generation, before anything has to be compiled.
   */
  assertCodeGeneration(): void {
    if (this.mayGenerate) return;
    evaluate("() => undefined", [], `anywasm://${this.id}/probe`);
    this.mayGenerate = true;
  }
}
