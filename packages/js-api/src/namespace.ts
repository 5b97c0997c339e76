// The WebAssembly namespace (JS API, §4).
import type { Engine } from "@anywasm/engine";
import { toCompileOptions } from "./builtins.ts";
import { createGlobal } from "./global.ts";
import { checkImportObject, createInstance, prepareInstance } from "./instance.ts";
import type { WebAssemblyNamespace } from "./interface.ts";
import { createMemory } from "./memory.ts";
import {
  type CompiledModule,
  compile,
  copyOfSource,
  createModule,
  findModule,
  moduleObject,
  validate,
} from "./module.ts";
import { createRealm } from "./realm.ts";
import { addTypeReflection } from "./reflection.ts";
import { bytesOfResponse } from "./streaming.ts";
import { createTable } from "./table.ts";
import { createException, createJSTag, createTag } from "./tag.ts";
import { tag } from "./webidl.ts";

export interface WebAssemblyOptions {
  /**
   * Adds what the proposal js-types adds: `type()` of memories, tables, globals, tags and functions, the `type` of descriptors of
   * imports and exports, and `WebAssembly.Function`. Off by default, as in all engines.
   */
  readonly typeReflection?: boolean;
}

/**
 * A WebAssembly object of its own: functions, memories and modules of one cannot be used with another, nor with the
 * host's.
 * @example
 * const WebAssembly = createWebAssembly(new Engine());
 * const { instance } = await WebAssembly.instantiate(bytes, imports);
 */
export function createWebAssembly(
  engine: Engine,
  { typeReflection = false }: WebAssemblyOptions = {},
): WebAssemblyNamespace {
  const realm = createRealm(engine, typeReflection);
  const Tag = createTag(realm);
  const JSTag = createJSTag(realm);

  // Methods, so that like all built-in functions they cannot be constructed; not async ones, which are functions of a
  // kind of their own. What gives a promise rejects for wrong arguments, too.
  const operations = {
    validate(bytes: unknown, ...[options]: readonly unknown[]): boolean {
      return validate(realm, bytes, options);
    },
    compile(bytes: unknown, ...[optionsArgument]: readonly unknown[]): Promise<object> {
      return later(() => {
        const context = "WebAssembly.compile()";
        const copy = copyOfSource(bytes, context);
        const options = toCompileOptions(optionsArgument, context);
        return () => moduleObject(realm, compile(realm, copy, options, context));
      });
    },
    instantiate(source: unknown, ...[importObject, optionsArgument]: readonly unknown[]): Promise<object> {
      return later(() => {
        const context = "WebAssembly.instantiate()";
        const module = findModule(realm, source);
        checkImportObject(importObject, context);
        if (module !== undefined) return prepareInstance(realm, module, importObject, context);
        const copy = copyOfSource(source, context);
        const options = toCompileOptions(optionsArgument, context);
        return () => instantiated(compile(realm, copy, options, context), importObject, context);
      });
    },
    compileStreaming(source: unknown, ...[optionsArgument]: readonly unknown[]): Promise<object> {
      const context = "WebAssembly.compileStreaming()";
      return later(() => {
        const options = toCompileOptions(optionsArgument, context);
        return async () =>
          moduleObject(realm, compile(realm, await bytesOfResponse(source, context), options, context));
      });
    },
    instantiateStreaming(source: unknown, ...[importObject, optionsArgument]: readonly unknown[]): Promise<object> {
      const context = "WebAssembly.instantiateStreaming()";
      return later(() => {
        checkImportObject(importObject, context);
        const options = toCompileOptions(optionsArgument, context);
        return async () =>
          instantiated(compile(realm, await bytesOfResponse(source, context), options, context), importObject, context);
      });
    },
  };
  const instantiated = (module: CompiledModule, importObject: unknown, context: string): object => ({
    module: moduleObject(realm, module),
    instance: prepareInstance(realm, module, importObject, context)(),
  });

  const namespace = { ...operations };
  const interfaces = {
    Module: createModule(realm),
    Instance: createInstance(realm),
    Memory: createMemory(realm),
    Table: createTable(realm),
    Global: createGlobal(realm),
    Tag,
    Exception: createException(realm),
    ...realm.errors,
  };
  const all = typeReflection ? { ...interfaces, Function: addTypeReflection(realm) } : interfaces;
  for (const [name, value] of Object.entries(all))
    Object.defineProperty(namespace, name, { value, writable: true, configurable: true });
  Object.defineProperty(namespace, "JSTag", { value: JSTag, configurable: true });
  tag(namespace, "WebAssembly");
  return namespace as unknown as WebAssemblyNamespace;
}

/** Checks arguments now and does the work in a later turn; whatever either throws rejects the promise. */
async function later<T>(check: () => () => T | Promise<T>): Promise<T> {
  const work = check();
  await undefined;
  return work();
}
