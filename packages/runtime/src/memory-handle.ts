// A linear memory as every embedding holds it: its size, and how it grows.
import { type MemoryType, mostPages, pageSizeOf } from "@anywasm/isa";
import { UsageError } from "./errors.ts";
import { MemoryRecord } from "./memory-record.ts";
import { createSharedMemory, SharedMemoryRecord } from "./shared-memory.ts";
import type { Store } from "./store.ts";

// biome-ignore lint/suspicious/noExplicitAny: a store of any data
type AnyStore = Store<any>;

/** A memory of a store. Sizes are in pages: of 64 KiB, unless the type says otherwise. */
export class MemoryHandle {
  readonly store: AnyStore;
  /** @internal */
  readonly record: MemoryRecord;

  /** A new memory. @throws UsageError for limits that make no sense, or when the host has not enough memory. */
  constructor(store: AnyStore, type: MemoryType | MemoryRecord) {
    this.store = store;
    this.record = type instanceof MemoryRecord ? type : createMemory(type);
    this.record.handle = this;
  }

  /** @internal The one handle of a memory, where the embedding has no class of its own. */
  static of(store: AnyStore, record: MemoryRecord): MemoryHandle {
    return record.handle instanceof MemoryHandle ? record.handle : new MemoryHandle(store, record);
  }

  get type(): MemoryType {
    return this.record.type;
  }

  /** Size in pages. */
  get size(): number {
    return this.record.pages;
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
}

/** @internal @throws UsageError when the host has not enough memory. */
export function createMemory(type: MemoryType): MemoryRecord {
  const { min } = type.limits;
  const maxPages = mostPages(type);
  if (type.isShared === true && typeof SharedArrayBuffer === "undefined")
    throw new UsageError(
      "shared_memory_unavailable",
      "this host has no SharedArrayBuffer; a page has one when it is cross-origin isolated",
    );
  if (type.isShared === true && type.limits.max === undefined)
    throw new UsageError("wrong_type", "a shared memory must have a maximum");
  if (min > maxPages) throw new UsageError("limit_exceeded", `a memory of ${min} pages, the limit is ${maxPages}`);
  try {
    return type.isShared === true ? SharedMemoryRecord.of(createSharedMemory(type)) : new MemoryRecord(type, maxPages);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError("limit_exceeded", `the host has no memory for ${min} pages of ${pageSizeOf(type)} bytes`);
  }
}
