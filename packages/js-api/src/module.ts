// The Module interface (JS API, §5.1), and how a module travels to another agent.
import { Module as EngineModule } from "@anywasm/engine";
import { CompileError, type ExternType, type Import } from "@anywasm/isa";
import { type CompileOptions, type ProvidedImports, provideImports, toCompileOptions } from "./builtins.ts";
import { errorOf } from "./errors.ts";
import type { Realm } from "./realm.ts";
import { type ExternTypeDescriptor, reflect } from "./reflection.ts";
import { type ImportExportKind, kindName } from "./types.ts";
import { asInterface, bytesOf, describe, isObject } from "./webidl.ts";

/** What a Module object stands for. */
export interface CompiledModule {
  readonly module: EngineModule;
  readonly options: CompileOptions;
  readonly provided: ProvidedImports;
}

export interface ModuleImportDescriptor {
  module: string;
  name: string;
  kind: ImportExportKind;
  /** With type reflection. */
  type?: ExternTypeDescriptor;
}

export interface ModuleExportDescriptor {
  name: string;
  kind: ImportExportKind;
  /** With type reflection. */
  type?: ExternTypeDescriptor;
}

export function createModule(realm: Realm) {
  const of = (value: unknown, member: string): CompiledModule =>
    requireModule(realm, value, `WebAssembly.Module.${member}`);

  class Module {
    constructor(bytes: unknown, options: unknown) {
      const context = "WebAssembly.Module()";
      const copy = copyOfSource(bytes, context);
      // biome-ignore lint/correctness/noConstructorReturn: the object must be one that structured cloning takes apart
      return moduleObject(realm, compile(realm, copy, toCompileOptions(options, context), context), new.target);
    }

    /** Without those that the compile options provide. */
    static imports(module: unknown): ModuleImportDescriptor[] {
      const { module: compiled, provided } = of(module, "imports()");
      return compiled.structure.imports.flatMap((item: Import, position): ModuleImportDescriptor[] =>
        provided.has(position) ? [] : [{ module: item.module, name: item.name, ...described(realm, item.type) }],
      );
    }

    static exports(module: unknown): ModuleExportDescriptor[] {
      return of(module, "exports()").module.exports.map(
        ({ name, type }): ModuleExportDescriptor => ({ name, ...described(realm, type) }),
      );
    }

    static customSections(module: unknown, sectionName: unknown): ArrayBuffer[] {
      const context = "customSections()";
      const found = of(module, context);
      if (sectionName === undefined)
        throw new TypeError(`WebAssembly.Module.${context}: argument 1, the section's name, is required`);
      return found.module.customSections(`${sectionName as string}`).map(({ buffer }) => buffer as ArrayBuffer);
    }

    /** Also modules that have just come from another agent, and have yet to be used. */
    static [Symbol.hasInstance](value: unknown): boolean {
      // biome-ignore lint/complexity/noThisInStatic: as below
      if (this === Module && transferred(value) !== undefined) return true;
      // biome-ignore lint/complexity/noThisInStatic: subclasses inherit this, and `this` is which class was asked
      return Function.prototype[Symbol.hasInstance].call(this, value);
    }
  }
  realm.modules.prototype = Module.prototype;
  return asInterface(Module, "Module", 1);
}

function described(
  { reflectsTypes }: Realm,
  type: ExternType,
): { kind: ImportExportKind; type?: ExternTypeDescriptor } {
  return { kind: kindName(type.kind), ...(reflectsTypes && { type: reflect(type) }) };
}

/** @throws the realm's CompileError. `bytes` belong to the module from now on. */
export function compile(realm: Realm, bytes: Uint8Array, options: CompileOptions, context: string): CompiledModule {
  try {
    // Where the page forbids it, that is said now rather than at the first call.
    realm.engine.assertCodeGeneration();
    const module = new EngineModule(realm.engine, bytes, true);
    return { module, options, provided: provideImports(realm, module, options) };
  } catch (error) {
    throw errorOf(realm.errors, error, context);
  }
}

/** @throws TypeError for what is no buffer. */
function bytesOfSource(source: unknown, context: string): Uint8Array {
  const bytes = bytesOf(source);
  if (bytes !== undefined) return bytes;
  throw new TypeError(`${context}: argument 0 must be an ArrayBuffer or a view of one, got ${describe(source)}`);
}

/** "Stable bytes": the caller may change its own afterwards. @throws TypeError for what is no buffer. */
export function copyOfSource(source: unknown, context: string): Uint8Array {
  return bytesOfSource(source, context).slice();
}

/** JS API, "validate": whether the module could be compiled here. @throws TypeError for what is no buffer. */
export function validate(realm: Realm, source: unknown, optionsArgument: unknown): boolean {
  const context = "WebAssembly.validate()";
  const bytes = bytesOfSource(source, context);
  const options = toCompileOptions(optionsArgument, context);
  try {
    provideImports(realm, new EngineModule(realm.engine, bytes, true), options);
    return true;
  } catch (error) {
    if (error instanceof CompileError) return false;
    throw error;
  }
}

// Structured cloning (HTML, "StructuredSerializeInternal") takes a platform object for a plain one, and would give the
// other side an empty object. A Module is therefore a Map underneath, whatever its prototype says: the other side
// receives a Map with this key, which every function that takes a Module accepts as one.

const transferKey = "WebAssembly.Module";

interface TransferredModule {
  readonly bytes: Uint8Array;
  readonly options: CompileOptions;
}

type Constructor = new (...args: never[]) => object;

/** A new object for a module; its prototype comes from `target`, the constructor called by `new`. */
export function moduleObject(realm: Realm, compiled: CompiledModule, target?: Constructor): object {
  const object: object = Reflect.construct(Map, [], target ?? Map);
  adopt(realm, object, compiled);
  if (target === undefined) Object.setPrototypeOf(object, realm.modules.prototype ?? null);
  return object;
}

/** Makes a `Map` stand for a module. */
function adopt(realm: Realm, object: object, compiled: CompiledModule): void {
  const contents: TransferredModule = {
    // A copy made when it is asked for: nobody else may write to a module's own bytes.
    get bytes() {
      return compiled.module.bytes.slice();
    },
    options: compiled.options,
  };
  Map.prototype.set.call(object, transferKey, contents);
  realm.modules.set(object, compiled);
}

/** The module that `value` is, or was in the agent that it comes from. @throws the realm's CompileError */
export function findModule(realm: Realm, value: unknown): CompiledModule | undefined {
  const known = realm.modules.find(value);
  if (known !== undefined) return known;
  const contents = transferred(value);
  if (contents === undefined) return undefined;
  const context = "WebAssembly.Module";
  const options = toCompileOptions(contents.options, context);
  // Functions are compiled from the bytes later: they must be those that were validated.
  const compiled = compile(realm, contents.bytes.slice(), options, context);
  adopt(realm, value as object, compiled);
  Object.setPrototypeOf(value, realm.modules.prototype ?? null);
  return compiled;
}

/** As `findModule`. @throws TypeError for anything else. */
export function requireModule(realm: Realm, value: unknown, context: string): CompiledModule {
  return findModule(realm, value) ?? realm.modules.require(value, context, "argument 0");
}

function transferred(value: unknown): TransferredModule | undefined {
  if (!(value instanceof Map) || value.size !== 1) return undefined;
  const entry: unknown = value.get(transferKey);
  if (!isObject(entry)) return undefined;
  const { bytes, options } = entry as { readonly bytes?: unknown; readonly options?: unknown };
  const found = bytesOf(bytes);
  return found && { bytes: found, options: options as CompileOptions };
}
