// The Table interface (JS API, §5.4).
import { externref, type TableType, type ValType } from "@anywasm/isa";
import { Table as RuntimeTable } from "@anywasm/runtime";
import { translating } from "./errors.ts";
import type { Realm } from "./realm.ts";
import { checkAddressType, toLimits, toTableKind } from "./types.ts";
import { asInterface, toDictionary, toUnsignedLong } from "./webidl.ts";

export function createTable(realm: Realm) {
  class Table {
    constructor(descriptor: unknown, ...init: readonly unknown[]) {
      const context = "WebAssembly.Table()";
      const dictionary = toDictionary(descriptor, context, "the descriptor");
      const element = toTableKind(dictionary["element"], context);
      checkAddressType(dictionary["address"], context);
      const limits = toLimits(dictionary, context, "elements");
      const type: TableType = { element, limits };
      translating(realm.errors, context, () => {
        realm.tables.set(this, new RuntimeTable(realm.store, type, valueOr(element, init)));
      });
    }

    get length(): number {
      return realm.tables.receiver(this, "length").size;
    }

    grow(delta: unknown, ...init: readonly unknown[]): number {
      const context = "WebAssembly.Table.grow()";
      const table = realm.tables.receiver(this, "grow()");
      const elements = toUnsignedLong(delta, context, "argument 0");
      return translating(realm.errors, context, () => table.grow(elements, valueOr(table.type.element, init)));
    }

    set(index: unknown, ...value: readonly unknown[]): void {
      const context = "WebAssembly.Table.set()";
      const table = realm.tables.receiver(this, "set()");
      const position = toUnsignedLong(index, context, "argument 0");
      translating(realm.errors, context, () => {
        table.set(position, valueOr(table.type.element, value));
      });
    }

    get(index: unknown): unknown {
      const context = "WebAssembly.Table.get()";
      const table = realm.tables.receiver(this, "get()");
      const position = toUnsignedLong(index, context, "argument 0");
      return translating(realm.errors, context, () => table.get(position));
    }
  }
  realm.tables.prototype = Table.prototype;
  return asInterface(Table, "Table", 1);
}

/** An optional argument, whose absence is not the same as `undefined` (JS API, "DefaultValue"). */
function valueOr(type: ValType, [...values]: readonly unknown[]): unknown {
  if (values.length > 0) return values[0];
  return type === externref ? undefined : null;
}
