// The Global interface (JS API, §5.5).
import { externref, funcref, i64, type ValType } from "@anywasm/isa";
import { Global as RuntimeGlobal } from "@anywasm/runtime";
import { valTypeOf } from "@anywasm/runtime/embed";
import { errorOf } from "./errors.ts";
import type { Realm } from "./realm.ts";
import { toValueType } from "./types.ts";
import { asInterface, toDictionary } from "./webidl.ts";

export function createGlobal(realm: Realm) {
  const of = (value: unknown, context: string): RuntimeGlobal =>
    realm.globals.require(value, `WebAssembly.Global.${context}`, "receiver", "WebAssembly.Global");

  class Global {
    constructor(descriptor: unknown, ...init: readonly unknown[]) {
      const context = "WebAssembly.Global()";
      const dictionary = toDictionary(descriptor, context, "the descriptor");
      const mutable = Boolean(dictionary["mutable"]);
      const type = toValueType(dictionary["value"], context, "property 'value'");
      const value = init[0] === undefined ? defaultValue(type) : init[0];
      realm.globals.set(this, RuntimeGlobal.create(realm.store, valTypeOf(type), value, { mutable }));
    }

    valueOf(): unknown {
      return of(this, "valueOf()").value;
    }

    get value(): unknown {
      return of(this, "value").value;
    }

    set value(value: unknown) {
      const global = of(this, "value");
      try {
        global.value = value;
      } catch (error) {
        throw errorOf(realm.errors, error, "set WebAssembly.Global.value");
      }
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
