// The Module interface (JS API, §5.1), and how a module travels to another agent.
import { Module as CompiledModule } from "@anywasm/engine";
import { CompileError, type Export, type Import } from "@anywasm/isa";
import { errorOf } from "./errors.ts";
import type { Realm } from "./realm.ts";
import { kindName } from "./types.ts";
import { asInterface, bytesOf, describe } from "./webidl.ts";

export interface ModuleImportDescriptor {
  module: string;
  name: string;
  kind: "function" | "table" | "memory" | "global";
}

export interface ModuleExportDescriptor {
  name: string;
  kind: "function" | "table" | "memory" | "global";
}

export function createModule(realm: Realm) {
  const of = (value: unknown, context: string): CompiledModule => {
    const module = findModule(realm, value);
    if (module !== undefined) return module;
    throw new TypeError(
      `WebAssembly.Module.${context}: argument 0 must be a WebAssembly.Module, got ${describe(value)}`,
    );
  };

  class Module {
    constructor(bytes: unknown) {
      const context = "WebAssembly.Module()";
      // biome-ignore lint/correctness/noConstructorReturn: the object must be one that structured cloning takes apart
      return moduleObject(realm, compile(realm, copyOfSource(bytes, context), context), new.target);
    }

    static imports(module: unknown): ModuleImportDescriptor[] {
      return of(module, "imports()").structure.imports.map(
        ({ module: from, name, type }: Import): ModuleImportDescriptor => ({
          module: from,
          name,
          kind: kindName(type.kind),
        }),
      );
    }

    static exports(module: unknown): ModuleExportDescriptor[] {
      return of(module, "exports()").structure.exports.map(
        ({ name, kind }: Export): ModuleExportDescriptor => ({ name, kind: kindName(kind) }),
      );
    }

    static customSections(module: unknown, sectionName: unknown): ArrayBuffer[] {
      const context = "customSections()";
      const found = of(module, context);
      if (sectionName === undefined)
        throw new TypeError(`WebAssembly.Module.${context}: argument 1, the section's name, is required`);
      return found.customSections(`${sectionName as string}`).map(({ buffer }) => buffer as ArrayBuffer);
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

/** @throws the realm's CompileError. `bytes` belong to the module from now on. */
export function compile(realm: Realm, bytes: Uint8Array, context: string): CompiledModule {
  try {
    // Where the page forbids it, that is said now rather than at the first call.
    realm.engine.assertCodeGeneration();
    return new CompiledModule(realm.engine, bytes, true);
  } catch (error) {
    throw errorOf(realm.errors, error, context);
  }
}

/** "Stable bytes": the caller may change its own afterwards. @throws TypeError for what is no buffer. */
export function copyOfSource(source: unknown, context: string): Uint8Array {
  const bytes = bytesOf(source);
  if (bytes !== undefined) return bytes.slice();
  throw new TypeError(`${context}: argument 0 must be an ArrayBuffer or a view of one, got ${describe(source)}`);
}

/** JS API, "validate": whether the module could be compiled here. @throws TypeError for what is no buffer. */
export function validate(realm: Realm, source: unknown): boolean {
  const bytes = bytesOf(source);
  if (bytes === undefined)
    throw new TypeError(
      `WebAssembly.validate(): argument 0 must be an ArrayBuffer or a view of one, got ${describe(source)}`,
    );
  try {
    CompiledModule.validate(realm.engine, bytes);
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
}

type Constructor = new (...args: never[]) => object;

/** A new object for a module; its prototype comes from `target`, the constructor called by `new`. */
export function moduleObject(realm: Realm, module: CompiledModule, target?: Constructor): object {
  const object: object = Reflect.construct(Map, [], target ?? Map);
  const contents: TransferredModule = {
    // A copy made when it is asked for: nobody else may write to a module's own bytes.
    get bytes() {
      return module.bytes.slice();
    },
  };
  Map.prototype.set.call(object, transferKey, contents);
  if (target === undefined) Object.setPrototypeOf(object, realm.modules.prototype ?? null);
  realm.modules.set(object, module);
  return object;
}

/** The module that `value` is, or was in the agent that it comes from. @throws the realm's CompileError */
export function findModule(realm: Realm, value: unknown): CompiledModule | undefined {
  const known = realm.modules.find(value);
  if (known !== undefined) return known;
  const bytes = transferred(value);
  if (bytes === undefined) return undefined;
  const module = compile(realm, bytes, "WebAssembly.Module");
  Object.setPrototypeOf(value, realm.modules.prototype ?? null);
  realm.modules.set(value as object, module);
  return module;
}

function transferred(value: unknown): Uint8Array | undefined {
  if (!(value instanceof Map) || value.size !== 1) return undefined;
  const entry: unknown = value.get(transferKey);
  return typeof entry === "object" && entry !== null
    ? bytesOf((entry as { readonly bytes?: unknown }).bytes)
    : undefined;
}
