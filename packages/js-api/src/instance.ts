// The Instance interface (JS API, §5.2).
import { Global, Table } from "@anywasm/runtime";
import {
  type EntityRecord,
  exportedRecord,
  FuncRecord,
  instantiate,
  MemoryHandle,
  MemoryRecord,
  TableRecord,
  TagRecord,
} from "@anywasm/runtime/embed";
import { translating } from "./errors.ts";
import { readImports } from "./imports.ts";
import { memoryObject } from "./memory.ts";
import { type CompiledModule, requireModule } from "./module.ts";
import type { Realm } from "./realm.ts";
import { asInterface, describe, isObject } from "./webidl.ts";

export function createInstance(realm: Realm) {
  const { instances } = realm;

  class Instance {
    constructor(moduleArgument: unknown, importObject: unknown) {
      const context = "WebAssembly.Instance()";
      const module = requireModule(realm, moduleArgument, context);
      checkImportObject(importObject, context);
      instances.set(this, prepareExports(realm, module, importObject, context)());
    }

    get exports(): object {
      return instances.receiver(this, "exports");
    }
  }
  instances.prototype = Instance.prototype;
  return asInterface(Instance, "Instance", 1);
}

/** @throws TypeError for an import object that is neither absent nor an object. */
export function checkImportObject(importObject: unknown, context: string): void {
  if (importObject !== undefined && !isObject(importObject))
    throw new TypeError(`${context}: argument 1 must be an object, got ${describe(importObject)}`);
}

/**
 * Reads the imports now; the function it gives instantiates and creates the exports object, frozen and without a
 * prototype.
 */
function prepareExports(realm: Realm, compiled: CompiledModule, importObject: unknown, context: string): () => object {
  const { module } = compiled;
  const imports = translating(realm.errors, context, () => readImports(realm, compiled, importObject, context));
  return () => {
    const record = translating(realm.errors, context, () =>
      instantiate(realm.store, module, (_module, _name, position) => imports[position]),
    );
    const exports = Object.create(null) as Record<string, unknown>;
    for (const item of module.structure.exports) exports[item.name] = exportObject(realm, exportedRecord(record, item));
    return Object.freeze(exports);
  };
}

/** As `new Instance`, in two steps: the imports are read by the first. */
export function prepareInstance(
  realm: Realm,
  compiled: CompiledModule,
  importObject: unknown,
  context: string,
): () => object {
  const exports = prepareExports(realm, compiled, importObject, context);
  return () => realm.instances.objectOf(exports());
}

/** The one object of what is exported. */
function exportObject(realm: Realm, record: EntityRecord): unknown {
  const { store, tables, globals, tags } = realm;
  if (record instanceof FuncRecord) return store.embedding.fromFunction(record);
  if (record instanceof MemoryRecord) return memoryObject(realm, MemoryHandle.of(store, record));
  if (record instanceof TableRecord) return tables.objectOf(Table.of(store, record));
  if (record instanceof TagRecord) return tags.objectOf(record);
  return globals.objectOf(Global.of(store, record));
}
