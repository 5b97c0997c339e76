// The Table interface (JS API, §5.4).
import { externref, type TableType, type ValType } from "@anywasm/isa";
import { Table as RuntimeTable } from "@anywasm/runtime";
import { translating } from "./errors.ts";
import type { Realm } from "./realm.ts";
import { fromAddressValue, toAddressType, toAddressValue, toLimits, toTableKind } from "./types.ts";
import { asInterface, toDictionary } from "./webidl.ts";

export function createTable(realm: Realm) {
  class Table {
    constructor(descriptor: unknown, ...init: readonly unknown[]) {
      const context = "WebAssembly.Table()";
      const dictionary = toDictionary(descriptor, context, "the descriptor");
      const element = toTableKind(dictionary["element"], context);
      const address = toAddressType(dictionary["address"], context);
      const limits = toLimits(dictionary, address, context, "elements");
      const type: TableType = { element, limits, address };
      translating(realm.errors, context, () => {
        realm.tables.set(this, new RuntimeTable(realm.store, type, valueOr(element, init)));
      });
    }

    get length(): number | bigint {
      const { size, type } = realm.tables.receiver(this, "length");
      return toAddressValue(type.address, size);
    }

    grow(delta: unknown, ...init: readonly unknown[]): number | bigint {
      const context = "WebAssembly.Table.grow()";
      const table = realm.tables.receiver(this, "grow()");
      const { address, element } = table.type;
      const elements = Number(fromAddressValue(address, delta, context, "argument 0"));
      return translating(realm.errors, context, () =>
        toAddressValue(address, table.grow(elements, valueOr(element, init))),
      );
    }

    set(index: unknown, ...value: readonly unknown[]): void {
      const context = "WebAssembly.Table.set()";
      const table = realm.tables.receiver(this, "set()");
      const position = Number(fromAddressValue(table.type.address, index, context, "argument 0"));
      translating(realm.errors, context, () => {
        table.set(position, valueOr(table.type.element, value));
      });
    }

    get(index: unknown): unknown {
      const context = "WebAssembly.Table.get()";
      const table = realm.tables.receiver(this, "get()");
      const position = Number(fromAddressValue(table.type.address, index, context, "argument 0"));
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
