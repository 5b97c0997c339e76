// The Memory interface (JS API, §5.3).
import { implementationLimits } from "@anywasm/isa";
import { MemoryHandle } from "@anywasm/runtime/embed";
import { translating } from "./errors.ts";
import type { Realm } from "./realm.ts";
import { checkAddressType, toLimits } from "./types.ts";
import { asInterface, toDictionary, toUnsignedLong } from "./webidl.ts";

export function createMemory(realm: Realm) {
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
      translating(realm.errors, context, () => {
        realm.memories.set(this, new MemoryHandle(realm.store, { limits }));
      });
    }

    grow(delta: unknown): number {
      const context = "WebAssembly.Memory.grow()";
      const memory = realm.memories.receiver(this, "grow()");
      const pages = toUnsignedLong(delta, context, "the argument");
      return translating(realm.errors, context, () => memory.grow(pages));
    }

    toFixedLengthBuffer(): ArrayBuffer {
      return realm.memories.receiver(this, "toFixedLengthBuffer()").record.exposeFixed();
    }

    toResizableBuffer(): ArrayBuffer {
      const context = "WebAssembly.Memory.toResizableBuffer()";
      const memory = realm.memories.receiver(this, "toResizableBuffer()");
      if (memory.type.limits.max === undefined)
        throw new TypeError(`${context}: the memory has no maximum; give it one, which the buffer reserves`);
      const buffer = memory.record.exposeResizable();
      if (buffer === undefined) throw new TypeError(`${context}: this JavaScript engine has no resizable buffers`);
      return buffer;
    }

    get buffer(): ArrayBuffer {
      return realm.memories.receiver(this, "buffer").record.expose();
    }
  }
  realm.memories.prototype = Memory.prototype;
  return asInterface(Memory, "Memory", 1);
}
