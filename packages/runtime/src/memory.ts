// A linear memory as the embedder holds it.
import type { MemoryType } from "@anywasm/isa";
import { implementationLimits } from "@anywasm/isa";
import { UsageError } from "./errors.ts";
import { MemoryRecord } from "./memory-record.ts";
import { type Layout, MemoryPointer, MemorySlice } from "./pointer.ts";
import type { Store } from "./store.ts";

// biome-ignore lint/suspicious/noExplicitAny: a store of any data
type AnyStore = Store<any>;

/** A memory of a store. Sizes are in pages of 64 KiB, addresses and lengths in bytes. */
export class Memory {
  readonly store: AnyStore;
  /** @internal */
  readonly record: MemoryRecord;

  /** A new memory. @throws UsageError for limits that make no sense, or when the host has not enough memory. */
  constructor(store: AnyStore, type: MemoryType | MemoryRecord) {
    this.store = store;
    this.record = type instanceof MemoryRecord ? type : createMemory(type);
    this.record.handle = this;
  }

  /** @internal The one handle of a memory. */
  static of(store: AnyStore, record: MemoryRecord): Memory {
    return record.handle instanceof Memory ? record.handle : new Memory(store, record);
  }

  get type(): MemoryType {
    return this.record.type;
  }

  /** Size in pages. */
  get size(): number {
    return this.record.pages;
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

  /** Grows by `delta` pages. @returns the size before, in pages. @throws UsageError if that is not possible. */
  grow(delta: number): number {
    const before = Number.isInteger(delta) && delta >= 0 ? this.record.grow(delta) : -1;
    if (before < 0)
      throw new UsageError(
        "limit_exceeded",
        `cannot grow the memory of ${this.size} pages by ${delta} (maximum ${this.record.maxPages})`,
      );
    return before;
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

/** @internal @throws UsageError when the host has not enough memory. */
export function createMemory(type: MemoryType): MemoryRecord {
  const { min, max } = type.limits;
  const maxPages = Math.min(max ?? implementationLimits.memoryPages, implementationLimits.memoryPages);
  if (min > maxPages) throw new UsageError("limit_exceeded", `a memory of ${min} pages, the limit is ${maxPages}`);
  try {
    return new MemoryRecord(type, maxPages);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError("limit_exceeded", `the host has no memory for ${min} pages of 64 KiB`);
  }
}
