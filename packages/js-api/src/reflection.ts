// Types as JavaScript sees them, and functions made for a type (proposal js-types, "Type Reflection").
import {
  addressTypeOf,
  type ExternType,
  type FuncType,
  formatValType,
  type GlobalType,
  type Limits,
  type MemoryType,
  type TableType,
  type ValType,
} from "@anywasm/isa";
import { type HostFunction, hostFunction } from "@anywasm/runtime/embed";
import type { Realm } from "./realm.ts";
import { toValueType } from "./types.ts";
import { asInterface, describe, type Slot, toDictionary, toSequence } from "./webidl.ts";

export interface FunctionTypeDescriptor {
  parameters: string[];
  results: string[];
}

export interface MemoryTypeDescriptor {
  minimum: number;
  maximum?: number;
  shared: boolean;
  address: "i32" | "i64";
}

export interface TableTypeDescriptor {
  element: string;
  minimum: number;
  maximum?: number;
  address: "i32" | "i64";
}

export interface GlobalTypeDescriptor {
  mutable: boolean;
  value: string;
}

export interface TagTypeDescriptor {
  parameters: string[];
}

export type ExternTypeDescriptor =
  | FunctionTypeDescriptor
  | MemoryTypeDescriptor
  | TableTypeDescriptor
  | GlobalTypeDescriptor
  | TagTypeDescriptor;

const names = (types: readonly ValType[]): string[] => types.map(formatValType);

function reflectFunction({ params, results }: FuncType): FunctionTypeDescriptor {
  return { parameters: names(params), results: names(results) };
}

/** @param size of a memory or table that exists: its size now. */
function reflectMemory(type: MemoryType, size: Limits["min"] = type.limits.min): MemoryTypeDescriptor {
  return { ...reflectLimits(type.limits, size), shared: type.isShared === true, address: addressName(type) };
}

function reflectTable(type: TableType, size: Limits["min"] = type.limits.min): TableTypeDescriptor {
  return { element: formatValType(type.element), ...reflectLimits(type.limits, size), address: addressName(type) };
}

function reflectGlobal({ mutable, value }: GlobalType): GlobalTypeDescriptor {
  return { mutable, value: formatValType(value) };
}

function reflectTag({ params }: FuncType): TagTypeDescriptor {
  return { parameters: names(params) };
}

export function reflect(type: ExternType): ExternTypeDescriptor {
  switch (type.kind) {
    case "func":
      return reflectFunction(type.type);
    case "memory":
      return reflectMemory(type.type);
    case "table":
      return reflectTable(type.type);
    case "global":
      return reflectGlobal(type.type);
    case "tag":
      return reflectTag(type.type);
  }
}

function reflectLimits({ max }: Limits, size: Limits["min"]): { minimum: number; maximum?: number } {
  return { minimum: Number(size), ...(max !== undefined && { maximum: Number(max) }) };
}

function addressName(type: MemoryType | TableType): "i32" | "i64" {
  return formatValType(addressTypeOf(type)) === "i64" ? "i64" : "i32";
}

/** Adds the methods `type`, and gives `WebAssembly.Function`. The realm's other interfaces must be there. */
export function addTypeReflection(realm: Realm) {
  addType(realm.memories, ({ type, record }) => reflectMemory(type, record.pages));
  addType(realm.tables, ({ type, size }) => reflectTable(type, size));
  addType(realm.globals, ({ record }) => reflectGlobal(record.type));
  addType(realm.tags, ({ type }) => reflectTag(type));
  const made = createFunctionInterface(realm);
  addType(realm.functions, ({ type }) => reflectFunction(type));
  return made;
}

function addType<T>(slot: Slot<T>, typeOf: (value: T) => ExternTypeDescriptor): void {
  const methods = {
    type(this: unknown): ExternTypeDescriptor {
      return typeOf(slot.receiver(this, "type()"));
    },
  };
  Object.defineProperty(slot.prototype, "type", {
    ...{ value: methods.type, enumerable: true, writable: true, configurable: true },
  });
}

/**
 * `WebAssembly.Function`: all exported functions are instances. No tag: `Object.prototype.toString` calls them functions, as in
 * engines without this proposal.
 */
function createFunctionInterface(realm: Realm) {
  class WasmFunction {
    constructor(descriptor: unknown, callable: unknown) {
      const context = "WebAssembly.Function()";
      const dictionary = toDictionary(descriptor, context, "argument 0");
      const types = (property: string): readonly ValType[] =>
        toSequence(dictionary[property], context, `property '${property}'`).map((name, i) =>
          toValueType(name, context, `type ${i} of '${property}'`),
        );
      const [params, results] = [types("parameters"), types("results")];
      if (typeof callable !== "function")
        throw new TypeError(`${context}: argument 1 must be a function, got ${describe(callable)}`);
      const type = realm.engine.canonicalType({ kind: "func", params, results });
      // biome-ignore lint/correctness/noConstructorReturn: only an exported function can be called
      return realm.store.embedding.fromFunction(
        hostFunction(realm.store, type, callable as HostFunction),
      ) as WasmFunction;
    }
  }
  Object.setPrototypeOf(WasmFunction.prototype, Function.prototype);
  realm.functions.prototype = WasmFunction.prototype;
  const made = asInterface(WasmFunction, "Function", 2);
  Reflect.deleteProperty(made.prototype, Symbol.toStringTag);
  return made;
}
