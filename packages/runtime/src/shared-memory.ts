// Memories that agents share (threads proposal).
//
// The bytes are a SharedArrayBuffer. Where the engine has growable ones (ES2024), it has room for the maximum and grows with
// the memory; elsewhere it is as long as the maximum from the start. An engine that refuses that much is asked for less and
// less: growing then fails early, as the specification allows.
//
// How many pages there are is said in one place for all agents, a cell beside the bytes. An agent that grows a memory puts
// its own number there if nobody has changed the one before, so no two get the same pages.
//
// Views of a growable buffer that follow its length are fifty times as slow in V8, so views have a length. `view` and `bytes`
// look at the cell when they are read, and generated code reads `view` anew after whatever may tell it of what other agents
// have done: calls, atomic instructions, `memory.size`. An access that races with the growing it depends on may trap.
import { type MemoryType, mostPages, pageSizeOf } from "@anywasm/isa";
import { UsageError } from "./errors.ts";
import { MemoryRecord } from "./memory-record.ts";

/** A shared memory as it can be sent to other agents, by structured cloning. */
export interface SharedMemory {
  /** At least as long as the memory. */
  readonly buffer: SharedArrayBuffer;
  /** One Uint32: the size in pages. */
  readonly size: SharedArrayBuffer;
  /** As declared by who made it. */
  readonly type: MemoryType;
}

/** ES2024. */
interface GrowableBuffer {
  readonly growable?: boolean;
  grow(byteLength: number): void;
}

export class SharedMemoryRecord extends MemoryRecord {
  readonly shared: SharedMemory;
  /** The cell that holds the size. */
  protected readonly size: Uint32Array;

  constructor(shared: SharedMemory) {
    super(shared.type, mostPages(shared.type), shared.buffer);
    this.shared = shared;
    this.size = new Uint32Array(shared.size);
    const byteLength = this.pages * this.pageSize;
    this.view = new DataView(shared.buffer, 0, byteLength);
    this.bytes = new Uint8Array(shared.buffer, 0, byteLength);
  }

  /** The memory of another agent, or one that has just been made. @throws UsageError for what is none. */
  static of(shared: SharedMemory): SharedMemoryRecord {
    const { buffer, size, type } = shared;
    const pages = size.byteLength === 4 ? Atomics.load(new Uint32Array(size), 0) : -1;
    const { isShared, limits, pageSize } = type;
    const isPageSize = pageSize === undefined || pageSize === 1 || pageSize === 65536;
    const isType = isShared === true && limits.max !== undefined && isPageSize;
    if (!isType || !(pages >= limits.min && pages <= mostPages(type)))
      throw new UsageError("wrong_type", "sizes that no shared memory has");
    if (pages * pageSizeOf(type) > buffer.byteLength)
      throw new UsageError("wrong_type", "a buffer shorter than the memory");
    return pages === mostPages(type) ? new SharedMemoryRecord(shared) : new GrowingMemoryRecord(shared);
  }

  override get pages(): number {
    return Atomics.load(this.size, 0);
  }

  override grow(delta: number): number {
    for (;;) {
      const before = this.pages;
      const pages = before + delta;
      // A buffer that has become longer than the memory does no harm.
      if (pages > this.maxPages || !lengthen(this.shared.buffer, pages * this.pageSize)) return -1;
      if (Atomics.compareExchange(this.size, 0, before, pages) === before) return before;
    }
  }

  override expose(): SharedArrayBuffer {
    return this.shared.buffer;
  }

  override exposeResizable(): SharedArrayBuffer | undefined {
    const { buffer } = this.shared;
    return isGrowable(buffer) ? buffer : undefined;
  }

  override exposeFixed(): SharedArrayBuffer {
    return this.shared.buffer;
  }
}

/** One whose size may change. */
class GrowingMemoryRecord extends SharedMemoryRecord {
  /** As many pages as the views have. */
  private known = -1;
  private views: readonly [DataView, Uint8Array] | undefined;

  current(): readonly [DataView, Uint8Array] {
    // Not `Atomics.load`, which is ten times as slow: after what orders accesses, this is as new.
    if (this.views === undefined || this.size[0] !== this.known) this.views = this.look();
    return this.views;
  }

  private look(): readonly [DataView, Uint8Array] {
    const { buffer } = this.shared;
    this.known = this.pages;
    const byteLength = this.known * this.pageSize;
    return [new DataView(buffer, 0, byteLength), new Uint8Array(buffer, 0, byteLength)];
  }
}

function ignore(): void {}

// Fields of the records of other memories, so TypeScript has them be no accessors.
Object.defineProperties(GrowingMemoryRecord.prototype, {
  view: { get: viewOf, set: ignore },
  bytes: { get: bytesOf, set: ignore },
});

function viewOf(this: GrowingMemoryRecord): DataView {
  return this.current()[0];
}

function bytesOf(this: GrowingMemoryRecord): Uint8Array {
  return this.current()[1];
}

/** @throws RangeError if the host has not enough memory. */
export function createSharedMemory(type: MemoryType): SharedMemory {
  const min = Number(type.limits.min);
  const pageSize = pageSizeOf(type);
  const size = new SharedArrayBuffer(4);
  new Uint32Array(size)[0] = min;
  for (let most = mostPages(type); ; most = Math.max(min, Math.floor(most / 2))) {
    try {
      return { buffer: createBuffer(min * pageSize, most * pageSize), size, type };
    } catch (error) {
      if (!(error instanceof RangeError) || most === min) throw error;
    }
  }
}

function createBuffer(byteLength: number, maxByteLength: number): SharedArrayBuffer {
  if (byteLength === maxByteLength) return new SharedArrayBuffer(byteLength);
  const Buffer = SharedArrayBuffer as unknown as new (
    byteLength: number,
    options: { readonly maxByteLength: number },
  ) => SharedArrayBuffer;
  const buffer = new Buffer(byteLength, { maxByteLength });
  return isGrowable(buffer) ? buffer : new SharedArrayBuffer(maxByteLength);
}

function isGrowable(buffer: SharedArrayBuffer): boolean {
  return (buffer as unknown as GrowableBuffer).growable === true;
}

/** Makes the buffer at least as long as that; whether it is. */
function lengthen(buffer: SharedArrayBuffer, byteLength: number): boolean {
  if (byteLength > buffer.byteLength && isGrowable(buffer)) {
    try {
      (buffer as unknown as GrowableBuffer).grow(byteLength);
    } catch (error) {
      // There is no room for it, or another agent has made it longer still.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return byteLength <= buffer.byteLength;
}
