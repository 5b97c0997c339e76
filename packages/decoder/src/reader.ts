// Reads numbers, names and vectors of the binary format (core spec, §5.2). Knows nothing of sections or types.

import { integerTooLarge, integerTooLong, malformed, unexpectedEnd } from "./messages.ts";
import { decodeUtf8 } from "./utf8.ts";

export class Reader {
  readonly bytes: Uint8Array;
  position: number;
  /** Reading stops here: the end of the module, section or function body. */
  end: number;
  /** The high word of the last 64-bit number read. */
  hi = 0;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  byte(): number {
    if (this.position >= this.end) throw unexpectedEnd(this.position);
    return this.bytes[this.position++] as number;
  }

  /** An unsigned 32-bit LEB128. */
  u32(): number {
    if (this.position < this.end) {
      const byte = this.bytes[this.position] as number;
      if (byte < 0x80) {
        this.position++;
        return byte;
      }
    }
    return this.longU32();
  }

  private longU32(): number {
    const start = this.position;
    let result = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (shift === 28 && byte > 0x0f) throw integerTooLarge(start);
        return result >>> 0;
      }
    }
    throw integerTooLong(start);
  }

  /** A signed 32-bit LEB128. */
  s32(): number {
    const start = this.position;
    let result = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (shift < 28) return (result << (25 - shift)) >> (25 - shift);
        // The last byte has four bits of the number; the other three repeat the sign.
        if (byte > 0x07 && byte < 0x78) throw integerTooLarge(start);
        return result;
      }
    }
    throw integerTooLong(start);
  }

  /** A signed 33-bit LEB128, as block types and heap types are written. */
  s33(): number {
    const start = this.position;
    let result = 0;
    let scale = 1;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      if (byte >= 0x80) {
        result += (byte & 0x7f) * scale;
        scale *= 128;
        continue;
      }
      if (shift === 28 && byte > 0x0f && byte < 0x70) throw integerTooLarge(start);
      return result + (byte < 0x40 ? byte : byte - 0x80) * scale;
    }
    throw integerTooLong(start);
  }

  /** A signed 64-bit LEB128: returns the low word, leaves the high word in `hi`. */
  s64(): number {
    const start = this.position;
    let lo = 0;
    let hi = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.byte();
      const bits = byte & 0x7f;
      if (shift < 28) lo |= bits << shift;
      else if (shift === 28) {
        lo |= bits << 28;
        hi = bits >> 4;
      } else hi |= bits << (shift - 32);
      if (byte < 0x80) {
        if (shift === 63) {
          if (byte !== 0 && byte !== 0x7f) throw integerTooLarge(start);
        } else if ((byte & 0x40) !== 0) {
          const width = shift + 7;
          if (width < 32) {
            lo |= -1 << width;
            hi = -1;
          } else hi |= -1 << (width - 32);
        }
        this.hi = hi;
        return lo;
      }
    }
    throw integerTooLong(start);
  }

  /** An unsigned 64-bit LEB128: returns the low word, unsigned, leaves the high word in `hi`, unsigned too. */
  u64(): number {
    const start = this.position;
    let lo = 0;
    let hi = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.byte();
      const bits = byte & 0x7f;
      if (shift < 28) lo |= bits << shift;
      else if (shift === 28) {
        lo |= bits << 28;
        hi = bits >> 4;
      } else hi |= bits << (shift - 32);
      if (byte >= 0x80) continue;
      if (shift === 63 && byte > 1) throw integerTooLarge(start);
      this.hi = hi >>> 0;
      return lo >>> 0;
    }
    throw integerTooLong(start);
  }

  /** Four bytes, little-endian, as a signed word. */
  word(): number {
    const { bytes, position } = this;
    if (position + 4 > this.end) throw unexpectedEnd(this.end);
    this.position = position + 4;
    return (
      (bytes[position] as number) |
      ((bytes[position + 1] as number) << 8) |
      ((bytes[position + 2] as number) << 16) |
      ((bytes[position + 3] as number) << 24)
    );
  }

  /** A length that must fit in what is left. */
  size(): number {
    const start = this.position;
    const size = this.u32();
    if (size > this.end - this.position) throw malformed("length out of bounds", start);
    return size;
  }

  name(): string {
    const size = this.size();
    const start = this.position;
    this.position += size;
    const text = decodeUtf8(this.bytes, start, start + size);
    if (text === undefined) throw malformed("malformed UTF-8 encoding", start);
    return text;
  }
}
