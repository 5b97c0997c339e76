// The guest's memory as system calls use it: every access checked, EFAULT outside. Knows no record but iovec.

import { WasiError } from "./errno.ts";
import { decodeUtf8 } from "./utf8.ts";

/** The memory of the calling instance. `bytes` is the current view: it changes when the memory grows. */
export interface GuestMemory {
  readonly bytes: Uint8Array;
}

/** A piece of guest memory, by address. */
export interface Span {
  readonly pointer: number;
  readonly length: number;
}

// POSIX's usual IOV_MAX and PATH_MAX: what a guest names by a length cannot make the host work or allocate more.
const maxSpanCount = 1024;
const maxPathLength = 4096;

export class Guest {
  private readonly memory: GuestMemory;

  constructor(memory: GuestMemory) {
    this.memory = memory;
  }

  /** A view of the guest's own bytes; valid until the guest runs again. */
  view(pointer: number, length: number): Uint8Array {
    // Read afresh each time: a stream written to may have run guest code that grew the memory.
    const bytes = this.memory.bytes;
    if (pointer + length > bytes.length) throw new WasiError("EFAULT");
    return bytes.subarray(pointer, pointer + length);
  }

  u8(pointer: number): number {
    return this.view(pointer, 1)[0] ?? 0;
  }

  u16(pointer: number): number {
    const [a = 0, b = 0] = this.view(pointer, 2);
    return a | (b << 8);
  }

  u32(pointer: number): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.view(pointer, 4);
    return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
  }

  u64(pointer: number): bigint {
    return BigInt(this.u32(pointer)) | (BigInt(this.u32(pointer + 4)) << 32n);
  }

  setU32(pointer: number, value: number): void {
    const bytes = this.view(pointer, 4);
    bytes[0] = value;
    bytes[1] = value >>> 8;
    bytes[2] = value >>> 16;
    bytes[3] = value >>> 24;
  }

  setU64(pointer: number, value: bigint): void {
    this.view(pointer, 8);
    this.setU32(pointer, Number(value & 0xffff_ffffn));
    this.setU32(pointer + 4, Number((value >> 32n) & 0xffff_ffffn));
  }

  setBytes(pointer: number, bytes: Uint8Array): void {
    this.view(pointer, bytes.length).set(bytes);
  }

  /** A path or link target: UTF-8, bounded. */
  path(pointer: number, length: number): string {
    if (length > maxPathLength) throw new WasiError("ENAMETOOLONG");
    const text = decodeUtf8(this.view(pointer, length));
    if (text === undefined) throw new WasiError("EILSEQ");
    if (text.includes("\0")) throw new WasiError("EINVAL");
    return text;
  }

  /** The pieces an iovec array names; each lies inside the memory, empty ones are left out. */
  spans(pointer: number, count: number): Span[] {
    if (count > maxSpanCount) throw new WasiError("EINVAL");
    const spans: Span[] = [];
    let total = 0;
    for (let index = 0; index < count; index++) {
      const span = { pointer: this.u32(pointer + index * 8), length: this.u32(pointer + index * 8 + 4) };
      this.view(span.pointer, span.length);
      total += span.length;
      if (total > 0xffff_ffff) throw new WasiError("EINVAL");
      if (span.length > 0) spans.push(span);
    }
    return spans;
  }
}
