// The Memory interface (JS API, §5.3), and how a shared memory travels to another agent.
import { implementationLimits, type MemoryType } from "@anywasm/isa";
import { MemoryHandle, type SharedMemory, SharedMemoryRecord } from "@anywasm/runtime/embed";
import { translating } from "./errors.ts";
import type { Realm } from "./realm.ts";
import { fromAddressValue, toAddressType, toAddressValue, toLimits } from "./types.ts";
import { asInterface, isObject, isSharedBuffer, toDictionary } from "./webidl.ts";

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
      const isShared = Boolean(dictionary["shared"]);
      if (isShared && limits.max === undefined)
        throw new TypeError(`${context}: property 'maximum' is required for a shared memory`);
      translating(realm.errors, context, () => {
        represent(realm, this, new MemoryHandle(realm.store, { limits, address, isShared }));
      });
    }

    grow(delta: unknown): number | bigint {
      const context = "WebAssembly.Memory.grow()";
      const memory = realm.memories.receiver(this, "grow()");
      const { address } = memory.type;
      const pages = fromAddressValue(address, delta, context, "the argument");
      return translating(realm.errors, context, () => toAddressValue(address, memory.grow(Number(pages))));
    }

    toFixedLengthBuffer(): ArrayBuffer | SharedArrayBuffer {
      return realm.memories.receiver(this, "toFixedLengthBuffer()").record.exposeFixed();
    }

    toResizableBuffer(): ArrayBuffer | SharedArrayBuffer {
      const context = "WebAssembly.Memory.toResizableBuffer()";
      const memory = realm.memories.receiver(this, "toResizableBuffer()");
      if (memory.type.limits.max === undefined)
        throw new TypeError(`${context}: the memory has no maximum; give it one, which the buffer reserves`);
      const buffer = memory.record.exposeResizable();
      if (buffer === undefined) throw new TypeError(`${context}: this JavaScript engine has no resizable buffers`);
      return buffer;
    }

    get buffer(): ArrayBuffer | SharedArrayBuffer {
      return realm.memories.receiver(this, "buffer").record.expose();
    }

    /** Also memories that have just come from another agent, and have yet to be used. */
    static [Symbol.hasInstance](value: unknown): boolean {
      // biome-ignore lint/complexity/noThisInStatic: as below
      if (this === Memory && transferred(value) !== undefined) return true;
      // biome-ignore lint/complexity/noThisInStatic: subclasses inherit this, and `this` is which class was asked
      return Function.prototype[Symbol.hasInstance].call(this, value);
    }
  }
  realm.memories.prototype = Memory.prototype;
  return asInterface(Memory, "Memory", 1);
}

// Structured cloning makes a plain object of a platform object that it does not know, with its own enumerable properties. So
// a shared memory has two: the buffer, which glue reads before anything else, and what else there is to know under a key.

const transferKey = "WebAssembly.Memory";

/** Makes `object` stand for a memory. */
function represent(realm: Realm, object: object, memory: MemoryHandle): object {
  realm.memories.set(object, memory);
  if (memory.record instanceof SharedMemoryRecord) {
    const { buffer, size, type } = memory.record.shared;
    // JS API, "create a Memory buffer".
    Object.freeze(buffer);
    Object.defineProperty(object, "buffer", { value: buffer, enumerable: true });
    Object.defineProperty(object, transferKey, { value: { size, type }, enumerable: true });
  }
  return object;
}

/** The object of a memory. */
export function memoryObject(realm: Realm, memory: MemoryHandle): object {
  const { memories } = realm;
  return memories.hasObject(memory) ? memories.objectOf(memory) : represent(realm, memories.objectOf(memory), memory);
}

/** The memory that `value` is, or was in the agent that it comes from. */
export function findMemory(realm: Realm, value: unknown): MemoryHandle | undefined {
  const known = realm.memories.find(value);
  if (known !== undefined) return known;
  const shared = transferred(value);
  if (shared === undefined) return undefined;
  const memory = new MemoryHandle(realm.store, SharedMemoryRecord.of(shared));
  Object.setPrototypeOf(value, realm.memories.prototype ?? null);
  represent(realm, value as object, memory);
  return memory;
}

function transferred(value: unknown): SharedMemory | undefined {
  if (!isObject(value)) return undefined;
  const rest = (value as { readonly [transferKey]?: unknown })[transferKey];
  if (!isObject(rest)) return undefined;
  const { buffer } = value as { readonly buffer?: unknown };
  const { size, type } = rest as { readonly size?: unknown; readonly type?: { readonly limits?: unknown } };
  if (!isSharedBuffer(buffer) || !isSharedBuffer(size) || !isObject(type?.limits)) return undefined;
  return { buffer, size, type: type as MemoryType };
}
