// A linear memory as the embedder holds it.
import { UsageError } from "./errors.ts";
import { MemoryHandle } from "./memory-handle.ts";
import type { MemoryRecord } from "./memory-record.ts";
import { type Layout, MemoryPointer, MemorySlice } from "./pointer.ts";
import { type SharedMemory, SharedMemoryRecord } from "./shared-memory.ts";
import type { Store } from "./store.ts";

// biome-ignore lint/suspicious/noExplicitAny: a store of any data
type AnyStore = Store<any>;

/** A memory of a store, and what is in it. Addresses and lengths are in bytes. */
export class Memory extends MemoryHandle {
  /** @internal The one handle of a memory. */
  static override of(store: AnyStore, record: MemoryRecord): Memory {
    return record.handle instanceof Memory ? record.handle : new Memory(store, record);
  }

  /**
   * A shared memory of another agent, which has sent what its `share` gave.
   * @example
   * const memory = Memory.fromShared(store, workerData.memory);
   */
  static fromShared(store: AnyStore, shared: SharedMemory): Memory {
    return new Memory(store, SharedMemoryRecord.of(shared));
  }

  /** What can be posted to another agent, for `Memory.fromShared`. @throws UsageError for a memory that is not shared. */
  share(): SharedMemory {
    if (this.record instanceof SharedMemoryRecord) return this.record.shared;
    throw new UsageError("wrong_type", "only a shared memory can be sent to another agent");
  }

  /** Size in bytes. */
  get byteLength(): number {
    return this.record.bytes.length;
  }

  /** The bytes as they are now. Ask again after anything that may grow the memory: a view does not grow with it. */
  get data(): Uint8Array {
    return this.record.bytes;
  }

  /** Copies `length` bytes out. @throws UsageError out of bounds. */
  read(address: number, length: number): Uint8Array {
    this.check(address, length);
    return this.record.bytes.slice(address, address + length);
  }

  /** Copies `bytes` in. @throws UsageError out of bounds; nothing is written then. */
  write(address: number, bytes: Uint8Array): void {
    this.check(address, bytes.length);
    this.record.bytes.set(bytes, address);
  }

  /**
   * One value at an address; stays valid when the memory grows.
   * @example
   * memory.pointer(layouts.u32, 16).value = 7;
   */
  pointer<T>(type: Layout<T>, address: number): MemoryPointer<T> {
    return new MemoryPointer(new MemorySlice(this, type, address, 1));
  }

  /** `length` values from an address on; stays valid when the memory grows. */
  slice<T>(type: Layout<T>, address: number, length: number): MemorySlice<T> {
    return new MemorySlice(this, type, address, length);
  }

  private check(address: number, length: number): void {
    if (!(address >= 0 && length >= 0 && address + length <= this.byteLength))
      throw new UsageError(
        "out_of_bounds",
        `bytes ${address} to ${address + length} of a memory of ${this.byteLength}`,
      );
  }
}
