// Strict UTF-8 (core spec, §5.2.4): the engines this must run in do not all have a TextDecoder.

/** Characters collected before they become a string: `String.fromCharCode` takes a bounded number of arguments. */
const chunkSize = 4096;

/** The text in `bytes[start..end)`, or `undefined` where that is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = "";
  let chunk: number[] = [];
  let position = start;
  while (position < end) {
    const lead = bytes[position++] as number;
    if (lead < 0x80) chunk.push(lead);
    else {
      const length = sequenceLength(lead);
      if (length === 0 || position + length - 1 > end) return undefined;
      let codePoint = lead & (0x7f >> length);
      for (let i = 1; i < length; i++) {
        const byte = bytes[position++] as number;
        if ((byte & 0xc0) !== 0x80) return undefined;
        codePoint = (codePoint << 6) | (byte & 0x3f);
      }
      if (codePoint < (smallest[length] as number) || codePoint > 0x10ffff || (codePoint & 0xfffff800) === 0xd800)
        return undefined;
      if (codePoint < 0x10000) chunk.push(codePoint);
      else chunk.push(0xd800 + ((codePoint - 0x10000) >> 10), 0xdc00 + ((codePoint - 0x10000) & 0x3ff));
    }
    if (chunk.length >= chunkSize) {
      text += String.fromCharCode(...chunk);
      chunk = [];
    }
  }
  return text + String.fromCharCode(...chunk);
}

/** Smallest code point by sequence length: anything below is overlong. */
const smallest: readonly number[] = [0, 0, 0x80, 0x800, 0x10000];

function sequenceLength(lead: number): number {
  if ((lead & 0xe0) === 0xc0) return 2;
  if ((lead & 0xf0) === 0xe0) return 3;
  if ((lead & 0xf8) === 0xf0) return 4;
  return 0;
}
