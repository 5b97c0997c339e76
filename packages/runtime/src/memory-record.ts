// A linear memory: its bytes, and how it grows.
import { type MemoryType, pageSizeOf } from "@anywasm/isa";
import { copyOf, createResizable, isResizable, moved, resize } from "./buffers.ts";
import type { Cells } from "./cells.ts";

/**
 * Memory is kept in a buffer that may be larger than the memory, so that growing by a page at a time does not copy each
 * time. The views end where the memory ends; the rest of the buffer is zero.
 *
 * Once the host has asked for the buffer itself, it is exactly as long as the memory, and growing detaches it (JS API,
 * "refresh the Memory buffer"). The next one has room again, until the host asks for that one.
 */
export class MemoryRecord {
  readonly type: MemoryType;
  /** Largest size in pages, from the type or the limit of addresses. */
  readonly maxPages: number;
  protected readonly pageSize: number;
  /**
   * What generated code reads and writes through. Replaced when the memory grows.
   *
   * Declared only: a field that is defined before it is assigned, as newer class semantics have it, has been `undefined`,
   * and V8 then knows nothing of the type of its values. Accesses to memory took twice as long.
   */
  declare view: DataView;
  declare bytes: Uint8Array;
  handle: object | undefined = undefined;
  /** As what atomic instructions see them, once there have been any. */
  cells: Cells | undefined = undefined;
  private buffer: ArrayBuffer;
  /** Whether the host has the buffer. */
  private isExposed = false;

  /** @throws RangeError if the host has not enough memory. The type's minimum is not above `maxPages`. */
  constructor(type: MemoryType, maxPages: number, shared?: SharedArrayBuffer) {
    this.type = type;
    this.maxPages = maxPages;
    this.pageSize = pageSizeOf(type);
    const buffer = shared ?? new ArrayBuffer(Number(type.limits.min) * this.pageSize);
    // Only of a memory that is not shared is it looked at.
    this.buffer = buffer as ArrayBuffer;
    this.view = new DataView(buffer);
    this.bytes = new Uint8Array(buffer);
  }

  /** Size in pages. A resizable buffer's views follow it, so this holds when the host resizes it. */
  get pages(): number {
    return this.bytes.length / this.pageSize;
  }

  /** Grows by `delta` pages; the size before, or -1 where that is not possible. */
  grow(delta: number): number {
    const before = this.pages;
    const pages = before + delta;
    if (pages > this.maxPages) return -1;
    const byteLength = pages * this.pageSize;
    try {
      if (isResizable(this.buffer)) resize(this.buffer, byteLength);
      else if (this.isExposed) this.use(moved(this.buffer, byteLength), byteLength, false);
      else this.use(byteLength > this.buffer.byteLength ? this.roomy(byteLength) : this.buffer, byteLength, false);
    } catch (error) {
      // The host refuses this much; the specification lets memory.grow fail.
      if (error instanceof RangeError) return -1;
      throw error;
    }
    return before;
  }

  /** The memory's own buffer: the same one until the memory grows, which detaches it. @throws RangeError without room. */
  expose(): ArrayBuffer | SharedArrayBuffer {
    if (!this.isExposed) {
      const { length } = this.bytes;
      this.use(this.buffer.byteLength === length ? this.buffer : moved(this.buffer, length), length, true);
    }
    return this.buffer;
  }

  /** As `expose`, but a resizable buffer, whose `resize` grows the memory. `undefined` where the engine has none. */
  exposeResizable(): ArrayBuffer | SharedArrayBuffer | undefined {
    if (isResizable(this.buffer)) return this.buffer;
    const { length } = this.bytes;
    const resizable = createResizable(length, this.maxPages * this.pageSize);
    if (resizable === undefined) return undefined;
    new Uint8Array(resizable).set(this.bytes);
    if (this.isExposed) moved(this.buffer, 0);
    this.useResizable(resizable);
    return resizable;
  }

  /** As `expose`, but never a resizable buffer: detaches that one. */
  exposeFixed(): ArrayBuffer | SharedArrayBuffer {
    if (isResizable(this.buffer)) {
      const { length } = this.bytes;
      const fixed = copyOf(this.bytes, length);
      moved(this.buffer, 0);
      this.use(fixed, length, true);
    }
    return this.expose();
  }

  private use(buffer: ArrayBuffer, byteLength: number, isExposed: boolean): void {
    this.buffer = buffer;
    this.view = new DataView(buffer, 0, byteLength);
    this.bytes = new Uint8Array(buffer, 0, byteLength);
    this.isExposed = isExposed;
  }

  private useResizable(buffer: ArrayBuffer): void {
    this.buffer = buffer;
    this.view = new DataView(buffer);
    this.bytes = new Uint8Array(buffer);
    this.isExposed = true;
  }

  /** A copy of at least `byteLength` bytes, with room to grow if the host has it. @throws RangeError */
  private roomy(byteLength: number): ArrayBuffer {
    const capacity = Math.min(
      this.maxPages * this.pageSize,
      Math.max(byteLength, Math.floor(this.buffer.byteLength * 1.5)),
    );
    try {
      return copyOf(this.bytes, capacity);
    } catch {
      return copyOf(this.bytes, byteLength);
    }
  }
}
