// The WebAssembly namespace (JS API, §4).
import type { Module as CompiledModule, Engine } from "@anywasm/engine";
import { createGlobal } from "./global.ts";
import { checkImportObject, createInstance, prepareInstance } from "./instance.ts";
import type { WebAssemblyNamespace } from "./interface.ts";
import { createMemory } from "./memory.ts";
import { compile, copyOfSource, createModule, findModule, moduleObject, validate } from "./module.ts";
import { createRealm } from "./realm.ts";
import { bytesOfResponse } from "./streaming.ts";
import { createTable } from "./table.ts";
import { createException, createJSTag, createTag } from "./tag.ts";
import { tag } from "./webidl.ts";

/**
 * A WebAssembly object of its own: functions, memories and modules of one cannot be used with another, nor with the
 * host's.
 * @example
 * const WebAssembly = createWebAssembly(new Engine());
 * const { instance } = await WebAssembly.instantiate(bytes, imports);
 */
export function createWebAssembly(engine: Engine): WebAssemblyNamespace {
  const realm = createRealm(engine);
  const Tag = createTag(realm);
  const JSTag = createJSTag(realm);

  // Methods, so that like all built-in functions they cannot be constructed; not async ones, which are functions of a
  // kind of their own. What gives a promise rejects for wrong arguments, too.
  const operations = {
    validate(bytes: unknown): boolean {
      return validate(realm, bytes);
    },
    compile(bytes: unknown): Promise<object> {
      return later(() => {
        const context = "WebAssembly.compile()";
        const copy = copyOfSource(bytes, context);
        return () => moduleObject(realm, compile(realm, copy, context));
      });
    },
    instantiate(source: unknown, ...[importObject]: readonly unknown[]): Promise<object> {
      return later(() => {
        const context = "WebAssembly.instantiate()";
        const module = findModule(realm, source);
        checkImportObject(importObject, context);
        if (module !== undefined) return prepareInstance(realm, module, importObject, context);
        const copy = copyOfSource(source, context);
        return () => instantiated(compile(realm, copy, context), importObject, context);
      });
    },
    compileStreaming(source: unknown): Promise<object> {
      const context = "WebAssembly.compileStreaming()";
      return bytesOfResponse(source, context).then((bytes) => moduleObject(realm, compile(realm, bytes, context)));
    },
    instantiateStreaming(source: unknown, ...[importObject]: readonly unknown[]): Promise<object> {
      const context = "WebAssembly.instantiateStreaming()";
      const response = later(() => {
        checkImportObject(importObject, context);
        return () => bytesOfResponse(source, context);
      });
      return response.then((bytes) => instantiated(compile(realm, bytes, context), importObject, context));
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
    Exception: createException(realm, JSTag),
    ...realm.errors,
  };
  for (const [name, value] of Object.entries(interfaces))
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
