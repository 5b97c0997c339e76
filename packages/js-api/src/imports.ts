// "Read the imports" (JS API, §5.2): from an import object to what the runtime links.
import type { Module } from "@anywasm/engine";
import {
  type DefinedType,
  type FuncType,
  formatValType,
  funcref,
  type Import,
  i64,
  isRefType,
  v128,
} from "@anywasm/isa";
import { Global, type HostDefinition, LinkError } from "@anywasm/runtime";
import { type Handle, type HostFunction, hostFunction, importPlace, valTypeOf } from "@anywasm/runtime/embed";
import { findMemory } from "./memory.ts";
import type { CompiledModule } from "./module.ts";
import type { Realm } from "./realm.ts";
import { describe, isObject } from "./webidl.ts";

type Linkable = Handle | HostDefinition;

/**
 * Reads each import once, in the module's order; getters run.
 * @throws TypeError where an object is missing, the runtime's LinkError for a value of the wrong kind.
 */
export function readImports(
  realm: Realm,
  { module, provided }: CompiledModule,
  importObject: unknown,
  context: string,
): readonly Linkable[] {
  const { imports } = module.structure;
  const needed = imports.length - provided.size;
  if (needed > 0 && importObject === undefined)
    throw new TypeError(`${context}: the module has ${needed} imports, so argument 1 must be an object`);
  return imports.map((item, position) => {
    const given = provided.get(position);
    if (given !== undefined) return given;
    const from: unknown = (importObject as Readonly<Record<string, unknown>>)[item.module];
    if (!isObject(from))
      throw new TypeError(
        `${context}: import ${position} ${importPlace(item)}: the module ${JSON.stringify(item.module)} is ${describe(from)} in the import object, not an object`,
      );
    return linkable(realm, module, item, position, (from as Readonly<Record<string, unknown>>)[item.name]);
  });
}

function linkable(realm: Realm, module: Module, item: Import, position: number, value: unknown): Linkable {
  const mustBe = (what: string): LinkError =>
    new LinkError(
      value === undefined ? "unknown_import" : "incompatible_import_type",
      `import ${position} ${importPlace(item)} must be ${what}, got ${describe(value)}`,
    );
  const { type } = item;
  switch (type.kind) {
    case "func": {
      if (typeof value !== "function") throw mustBe("a function");
      const known = realm.functions.find(value);
      if (known !== undefined) return { kind: "host", type: known.type, bind: () => known };
      const funcType = module.types[type.typeIndex] as DefinedType<FuncType>;
      const record = hostFunction(realm.store, funcType, value as HostFunction);
      record.index = position;
      return { kind: "host", type: funcType, bind: () => record };
    }
    case "memory": {
      const memory = findMemory(realm, value);
      if (memory === undefined) throw mustBe("a WebAssembly.Memory");
      return memory;
    }
    case "table": {
      const table = realm.tables.find(value);
      if (table === undefined) throw mustBe("a WebAssembly.Table");
      return table;
    }
    case "tag": {
      const record = realm.tags.find(value);
      if (record === undefined) throw mustBe("a WebAssembly.Tag");
      return { store: realm.store, record };
    }
    case "global": {
      const global = realm.globals.find(value);
      if (global !== undefined) return global;
      const { value: valueType, mutable } = type.type;
      if (mutable || valueType === v128) throw mustBe(`a WebAssembly.Global of ${formatValType(valueType)}`);
      if (!isRefType(valueType)) {
        const wanted = valueType === i64 ? "bigint" : "number";
        if (typeof value !== wanted) throw mustBe(`a ${wanted} or a WebAssembly.Global`);
      }
      try {
        return Global.create(realm.store, valTypeOf(module.canonical(valueType)), value);
      } catch (error) {
        const isFuncref = valueType === funcref;
        const wanted = isFuncref ? "null, or a function exported from WebAssembly" : `a ${formatValType(valueType)}`;
        if (error instanceof TypeError) throw mustBe(wanted);
        throw error;
      }
    }
  }
}
