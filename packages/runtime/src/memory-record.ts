// A linear memory: its bytes, and how it grows.
import type { MemoryType } from "@anywasm/isa";

const pageSize = 65536;

/**
 * Memory is kept in a buffer that may be larger than the memory, so that growing by a page at a time does not copy each
 * time. The views end where the memory ends; the rest of the buffer is zero.
 */
export class MemoryRecord {
  readonly type: MemoryType;
  /** Largest size in pages, from the type or the limit of 32-bit addresses. */
  readonly maxPages: number;
  /** What generated code reads and writes through. Replaced when the memory grows. */
  view: DataView;
  bytes: Uint8Array;
  pages: number;
  handle: object | undefined = undefined;
  private buffer: ArrayBuffer;

  /** @throws RangeError if the host has not enough memory. */
  constructor(type: MemoryType, maxPages: number) {
    this.type = type;
    this.maxPages = maxPages;
    this.pages = type.limits.min;
    this.buffer = new ArrayBuffer(this.pages * pageSize);
    this.view = new DataView(this.buffer);
    this.bytes = new Uint8Array(this.buffer);
  }

  /** Grows by `delta` pages; the size before, or -1 where that is not possible. */
  grow(delta: number): number {
    const before = this.pages;
    const pages = before + delta;
    if (pages > this.maxPages) return -1;
    const byteLength = pages * pageSize;
    if (byteLength > this.buffer.byteLength && !this.reserve(byteLength)) return -1;
    this.pages = pages;
    this.view = new DataView(this.buffer, 0, byteLength);
    this.bytes = new Uint8Array(this.buffer, 0, byteLength);
    return before;
  }

  /** Moves to a buffer of at least `byteLength` bytes, with room to grow if the host has it. */
  private reserve(byteLength: number): boolean {
    const roomy = Math.min(this.maxPages * pageSize, Math.max(byteLength, Math.floor(this.buffer.byteLength * 1.5)));
    for (const capacity of roomy > byteLength ? [roomy, byteLength] : [byteLength]) {
      let larger: ArrayBuffer;
      try {
        larger = new ArrayBuffer(capacity);
      } catch {
        // The host refuses this much; the specification lets memory.grow fail.
        continue;
      }
      new Uint8Array(larger).set(this.bytes);
      this.buffer = larger;
      return true;
    }
    return false;
  }
}
