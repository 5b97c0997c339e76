// The Memory interface (JS API, §5.3).
import { implementationLimits } from "@anywasm/isa";
import { MemoryHandle } from "@anywasm/runtime/embed";
import { translating } from "./errors.ts";
import type { Realm } from "./realm.ts";
import { fromAddressValue, toAddressType, toAddressValue, toLimits } from "./types.ts";
import { asInterface, toDictionary } from "./webidl.ts";

export function createMemory(realm: Realm) {
  class Memory {
    constructor(descriptor: unknown) {
      const context = "WebAssembly.Memory()";
      const dictionary = toDictionary(descriptor, context, "the descriptor");
      const address = toAddressType(dictionary["address"], context);
      const limits = toLimits(dictionary, address, context, "pages");
      const most = limits.max ?? limits.min;
      const limit = address === "i64" ? implementationLimits.memory64Pages : implementationLimits.memoryPages;
      if (most > limit) throw new RangeError(`${context}: ${most} pages are over the limit of ${limit}`);
      if (dictionary["shared"])
        throw new TypeError(`${context}: shared memories need the feature "threads", which is not implemented`);
      translating(realm.errors, context, () => {
        realm.memories.set(this, new MemoryHandle(realm.store, { limits, address }));
      });
    }

    grow(delta: unknown): number | bigint {
      const context = "WebAssembly.Memory.grow()";
      const memory = realm.memories.receiver(this, "grow()");
      const { address } = memory.type;
      const pages = fromAddressValue(address, delta, context, "the argument");
      return translating(realm.errors, context, () => toAddressValue(address, memory.grow(Number(pages))));
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
