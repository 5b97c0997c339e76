// The Memory interface (JS API, §5.3).
import { implementationLimits } from "@anywasm/isa";
import { Memory as RuntimeMemory } from "@anywasm/runtime";
import { errorOf } from "./errors.ts";
import type { Realm } from "./realm.ts";
import { checkAddressType, toLimits } from "./types.ts";
import { asInterface, toDictionary, toUnsignedLong } from "./webidl.ts";

export function createMemory(realm: Realm) {
  const of = (value: unknown, context: string): RuntimeMemory =>
    realm.memories.require(value, `WebAssembly.Memory.${context}`, "receiver", "WebAssembly.Memory");

  class Memory {
    constructor(descriptor: unknown) {
      const context = "WebAssembly.Memory()";
      const dictionary = toDictionary(descriptor, context, "the descriptor");
      checkAddressType(dictionary["address"], context);
      const limits = toLimits(dictionary, context, "pages");
      const most = limits.max ?? limits.min;
      if (most > implementationLimits.memoryPages)
        throw new RangeError(`${context}: ${most} pages are over the limit of ${implementationLimits.memoryPages}`);
      if (dictionary["shared"])
        throw new TypeError(`${context}: shared memories need the feature "threads", which is not implemented`);
      try {
        realm.memories.set(this, new RuntimeMemory(realm.store, { limits }));
      } catch (error) {
        throw errorOf(realm.errors, error, context);
      }
    }

    grow(delta: unknown): number {
      const context = "WebAssembly.Memory.grow()";
      const memory = of(this, "grow()");
      const pages = toUnsignedLong(delta, context, "the argument");
      try {
        return memory.grow(pages);
      } catch (error) {
        throw errorOf(realm.errors, error, context);
      }
    }

    toFixedLengthBuffer(): ArrayBuffer {
      return of(this, "toFixedLengthBuffer()").record.exposeFixed();
    }

    toResizableBuffer(): ArrayBuffer {
      const context = "WebAssembly.Memory.toResizableBuffer()";
      const memory = of(this, "toResizableBuffer()");
      if (memory.type.limits.max === undefined)
        throw new TypeError(`${context}: the memory has no maximum; give it one, which the buffer reserves`);
      const buffer = memory.record.exposeResizable();
      if (buffer === undefined) throw new TypeError(`${context}: this JavaScript engine has no resizable buffers`);
      return buffer;
    }

    get buffer(): ArrayBuffer {
      return of(this, "buffer").record.expose();
    }
  }
  realm.memories.prototype = Memory.prototype;
  return asInterface(Memory, "Memory", 1);
}
