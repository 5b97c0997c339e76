// Matches a module's imports with what is offered (core spec, §3.5 "Import Subtyping").

import type { Module } from "@anywasm/engine";
import type { DefinedType, FuncType, GlobalType, Import, Limits, MemoryType, TableType } from "@anywasm/isa";
import {
  addressTypeOf,
  formatFuncType,
  formatValType,
  isDefinedSubtype,
  isSameType,
  isSubtype,
  pageSizeOf,
} from "@anywasm/isa";
import type { EntityRecord, InstanceRecord } from "./allocate.ts";
import { type HostFunction, hostFunction } from "./entry.ts";
import { LinkError } from "./errors.ts";
import { Func } from "./func.ts";
import type { Extern, Instance } from "./instance.ts";
import { MemoryRecord } from "./memory-record.ts";
import { FuncRecord, GlobalRecord, TableRecord, TagRecord } from "./records.ts";
import type { Store } from "./store.ts";

// biome-ignore lint/suspicious/noExplicitAny: a store of any data
type AnyStore = Store<any>;

/** A host function that is made anew for each instance that imports it, so that it can know its caller. */
export interface HostDefinition {
  readonly kind: "host";
  readonly type: DefinedType<FuncType>;
  bind(caller: () => Instance | undefined): FuncRecord;
}

/** What an embedder holds of something in a store: a `Func`, `Memory`, `Table`, `Global` or `Tag`. */
export interface Handle {
  readonly store: AnyStore;
  /** @internal */
  readonly record: EntityRecord;
}

/**
 * Finds the import `name` of `module`; `undefined` if there is none. `position` counts the module's imports, of which
 * several may have the same names.
 */
export type ImportResolver = (module: string, name: string, position: number) => Handle | HostDefinition | undefined;

/** Imports as plain objects: functions, or anything of a store, by module and name. */
export type ImportObject = Readonly<Record<string, Readonly<Record<string, Extern | ((...args: never[]) => unknown)>>>>;

/**
 * Finds imports in plain objects. JavaScript functions become host functions of the type that `module` imports them
 * with. Only an object's own properties count.
 */
export function importsFrom(store: AnyStore, module: Module, imports: ImportObject): ImportResolver {
  return (moduleName, name, position) => {
    const from = ownProperty(imports, moduleName);
    const item = from === undefined ? undefined : ownProperty(from, name);
    if (typeof item !== "function") return item;
    const found = module.structure.imports[position];
    if (found?.type.kind !== "func") return undefined;
    const type = module.types[found.type.typeIndex] as DefinedType<FuncType>;
    return new Func(store, hostFunction(store, type, item as HostFunction));
  };
}

function ownProperty<T>(object: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.prototype.hasOwnProperty.call(object, key) ? object[key] : undefined;
}

/** Fills the index spaces with the imports. @throws LinkError for one that is missing or of another type. */
export function linkImports(
  store: AnyStore,
  instance: InstanceRecord,
  resolve: ImportResolver,
  caller: () => Instance | undefined,
): void {
  for (const [position, item] of instance.module.structure.imports.entries()) {
    const found = resolve(item.module, item.name, position);
    if (found === undefined) throw unknownImport(item.module, item.name, item.type.kind);
    linkOne(store, instance, item, found, caller);
  }
}

/** An import that nothing was offered for. */
export function unknownImport(module: string, name: string, kind: string): LinkError {
  return new LinkError(
    "unknown_import",
    `unknown import: ${importPlace({ module, name })} (${kind}) has not been defined`,
  );
}

function linkOne(
  store: AnyStore,
  instance: InstanceRecord,
  item: Import,
  found: Handle | HostDefinition,
  caller: () => Instance | undefined,
): void {
  if (!("kind" in found)) store.owns(found, `the definition of ${importPlace(item)}`);
  const { type } = item;
  switch (type.kind) {
    case "func": {
      const expected = instance.module.types[type.typeIndex] as DefinedType;
      const fits = type.isExact === true ? Object.is : isDefinedSubtype;
      if ("kind" in found) {
        if (!fits(found.type, expected))
          throw incompatible(item, formatFuncType(type.type), formatFuncType(found.type));
        instance.functions.push(found.bind(caller));
        return;
      }
      if (!(found.record instanceof FuncRecord)) throw incompatible(item, "a function", kindOf(found));
      if (!fits(found.record.type, expected))
        throw incompatible(item, formatFuncType(type.type), formatFuncType(found.record.type));
      instance.functions.push(found.record);
      return;
    }
    case "table":
      if ("kind" in found || !(found.record instanceof TableRecord)) throw incompatible(item, "a table", kindOf(found));
      checkTable(item, instance.module, type.type, found.record);
      instance.tables.push(found.record);
      return;
    case "memory":
      if ("kind" in found || !(found.record instanceof MemoryRecord))
        throw incompatible(item, "a memory", kindOf(found));
      checkAddress(item, type.type, found.record.type);
      checkPageSize(item, type.type, found.record.type);
      if ((type.type.isShared === true) !== (found.record.type.isShared === true))
        throw incompatible(item, sharing(type.type), sharing(found.record.type));
      checkLimits(item, type.type.limits, { min: found.record.pages, max: found.record.type.limits.max }, "pages");
      instance.memories.push(found.record);
      return;
    case "global":
      if ("kind" in found || !(found.record instanceof GlobalRecord))
        throw incompatible(item, "a global", kindOf(found));
      checkGlobal(item, instance.module, type.type, found.record.type);
      instance.globals.push(found.record);
      return;
    case "tag":
      if ("kind" in found || !(found.record instanceof TagRecord)) throw incompatible(item, "a tag", kindOf(found));
      if (found.record.type !== instance.module.types[type.typeIndex])
        throw incompatible(item, `a tag of ${formatFuncType(type.type)}`, formatFuncType(found.record.type));
      instance.tags.push(found.record);
      return;
  }
}

type Addressed = Pick<MemoryType | TableType, "address">;

function checkAddress(item: Import, expected: Addressed, found: Addressed): void {
  const format = (type: Addressed): string => `addressed by ${formatValType(addressTypeOf(type))}`;
  if (addressTypeOf(expected) !== addressTypeOf(found)) throw incompatible(item, format(expected), format(found));
}

function checkPageSize(item: Import, expected: MemoryType, found: MemoryType): void {
  const format = (type: MemoryType): string => `a memory with pages of ${pageSizeOf(type)} bytes`;
  if (pageSizeOf(expected) !== pageSizeOf(found)) throw incompatible(item, format(expected), format(found));
}

function sharing({ isShared }: MemoryType): string {
  return isShared === true ? "a shared memory" : "a memory that is not shared";
}

function checkTable(item: Import, module: Module, expected: TableType, found: TableRecord): void {
  if (!isSameType(found.type.element, module.canonical(expected.element), module.engine.types.types))
    throw incompatible(
      item,
      `a table of ${formatValType(expected.element)}`,
      `one of ${formatValType(found.type.element)}`,
    );
  checkAddress(item, expected, found.type);
  checkLimits(item, expected.limits, { min: found.elements.length, max: found.type.limits.max }, "elements");
}

/** What can be written through both must be the same; what is only read may be more special than wanted. */
function checkGlobal(item: Import, module: Module, expected: GlobalType, found: GlobalType): void {
  const format = ({ value, mutable }: GlobalType): string => `${mutable ? "mutable " : ""}${formatValType(value)}`;
  const wanted = module.canonical(expected.value);
  const { types } = module.engine.types;
  const fits = expected.mutable ? isSameType(found.value, wanted, types) : isSubtype(found.value, wanted, types);
  if (!fits || expected.mutable !== found.mutable)
    throw incompatible(item, `a global ${format(expected)}`, format(found));
}

/** What is offered must be at least as large now, and may not grow larger. */
function checkLimits(item: Import, expected: Limits, found: Limits, unit: string): void {
  const fits =
    found.min >= expected.min && (expected.max === undefined || (found.max !== undefined && found.max <= expected.max));
  const format = ({ min, max }: Limits): string => `${min}..${max ?? ""} ${unit}`;
  if (!fits) throw incompatible(item, format(expected), format(found));
}

function kindOf(found: Handle | HostDefinition): string {
  if ("kind" in found || found.record instanceof FuncRecord) return "a function";
  if (found.record instanceof TableRecord) return "a table";
  if (found.record instanceof TagRecord) return "a tag";
  return found.record instanceof MemoryRecord ? "a memory" : "a global";
}

/** @internal An import in a message. */
export function importPlace({ module, name }: Pick<Import, "module" | "name">): string {
  return `${JSON.stringify(module)} ${JSON.stringify(name)}`;
}

function incompatible(item: Import, expected: string, found: string): LinkError {
  return new LinkError(
    "incompatible_import_type",
    `incompatible import type: ${importPlace(item)} must be ${expected}, but is ${found}`,
  );
}
