// The Global interface (JS API, §5.5).
import { externref, funcref, i64, type ValType, v128 } from "@anywasm/isa";
import { Global as RuntimeGlobal } from "@anywasm/runtime";
import { valTypeOf } from "@anywasm/runtime/embed";
import { translating } from "./errors.ts";
import type { Realm } from "./realm.ts";
import { toValueType } from "./types.ts";
import { asInterface, toDictionary } from "./webidl.ts";

export function createGlobal(realm: Realm) {
  class Global {
    constructor(descriptor: unknown, ...init: readonly unknown[]) {
      const context = "WebAssembly.Global()";
      const dictionary = toDictionary(descriptor, context, "the descriptor");
      const mutable = Boolean(dictionary["mutable"]);
      const type = toValueType(dictionary["value"], context, "property 'value'");
      if (type === v128) throw new TypeError(`${context}: JavaScript cannot make a global of type v128`);
      const value = init[0] === undefined ? defaultValue(type) : init[0];
      realm.globals.set(this, RuntimeGlobal.create(realm.store, valTypeOf(type), value, { mutable }));
    }

    valueOf(): unknown {
      return realm.globals.receiver(this, "valueOf()").value;
    }

    get value(): unknown {
      return realm.globals.receiver(this, "value").value;
    }

    set value(value: unknown) {
      const global = realm.globals.receiver(this, "value");
      translating(realm.errors, "set WebAssembly.Global.value", () => {
        global.value = value;
      });
    }
  }
  realm.globals.prototype = Global.prototype;
  return asInterface(Global, "Global", 1);
}

/** JS API, "DefaultValue". */
function defaultValue(type: ValType): unknown {
  if (type === externref) return undefined;
  if (type === funcref) return null;
  return type === i64 ? 0n : 0;
}
