// fd_* that move bytes or the position: read, write, seek, tell.

import { anySyncFlag, fdFlags, right } from "../abi.ts";
import type { Descriptor, FileDescriptor } from "../descriptors.ts";
import { WasiError } from "../errno.ts";
import type { Guest, Span } from "../guest.ts";
import type { Layout } from "../layout.ts";
import type { Implementations } from "../signatures.ts";
import { readStream, type Stream, writeStream } from "../stream.ts";
import { toFileSize } from "./descriptor.ts";

export const ioFunctions = (layout: Layout) =>
  ({
    fd_read(system, guest, fd, iovs, iovCount, result) {
      const descriptor = system.descriptors.get(fd, right.fdRead);
      guest.view(result, 4);
      const spans = guest.spans(iovs, iovCount);
      guest.setU32(result, readDescriptor(guest, descriptor, spans));
    },

    fd_pread(system, guest, fd, iovs, iovCount, offset, result) {
      const descriptor = system.descriptors.file(fd, right.fdRead | right.fdSeek);
      guest.view(result, 4);
      const spans = guest.spans(iovs, iovCount);
      const position = Number(toFileSize(offset));
      guest.setU32(
        result,
        inOrder(spans, (span, done) => descriptor.file.read(guest.view(span.pointer, span.length), position + done)),
      );
    },

    fd_write(system, guest, fd, iovs, iovCount, result) {
      const descriptor = system.descriptors.get(fd, right.fdWrite);
      guest.view(result, 4);
      const spans = guest.spans(iovs, iovCount);
      guest.setU32(result, writeDescriptor(guest, descriptor, spans));
    },

    fd_pwrite(system, guest, fd, iovs, iovCount, offset, result) {
      const descriptor = system.descriptors.file(fd, right.fdWrite | right.fdSeek);
      guest.view(result, 4);
      const spans = guest.spans(iovs, iovCount);
      const position = Number(toFileSize(offset));
      // POSIX, not Linux: the offset holds also with the append flag.
      const count = inOrder(spans, (span, done) =>
        descriptor.file.write(guest.view(span.pointer, span.length), position + done),
      );
      synchronizeIfAsked(descriptor);
      guest.setU32(result, count);
    },

    fd_seek(system, guest, fd, offset, whence, result) {
      const signed = BigInt.asIntN(64, offset);
      const from = layout.whences[whence];
      // Asking for the position is all that "tell" allows.
      const asksOnly = signed === 0n && from === "current";
      const descriptor = system.descriptors.file(fd, asksOnly ? right.fdTell : right.fdSeek | right.fdTell);
      if (from === undefined) throw new WasiError("EINVAL");
      guest.view(result, 8);
      const base = from === "set" ? 0n : from === "current" ? BigInt(descriptor.position) : descriptor.file.stat().size;
      const position = base + signed;
      if (position < 0n) throw new WasiError("EINVAL");
      if (position > BigInt(Number.MAX_SAFE_INTEGER)) throw new WasiError("EOVERFLOW");
      descriptor.position = Number(position);
      guest.setU64(result, position);
    },

    fd_tell(system, guest, fd, result) {
      guest.setU64(result, BigInt(system.descriptors.file(fd, right.fdTell).position));
    },
  }) satisfies Partial<Implementations>;

function readDescriptor(guest: Guest, descriptor: Descriptor, spans: readonly Span[]): number {
  switch (descriptor.kind) {
    case "file": {
      const count = inOrder(spans, (span, done) =>
        descriptor.file.read(guest.view(span.pointer, span.length), descriptor.position + done),
      );
      descriptor.position += count;
      return count;
    }
    case "directory":
      throw new WasiError("EISDIR");
    case "stream":
      return readFirst(guest, descriptor.stream, spans, isBlocking(descriptor));
    case "socket":
      return readFirst(guest, descriptor.socket, spans, isBlocking(descriptor));
  }
}

function readFirst(guest: Guest, stream: Stream, spans: readonly Span[], blocking: boolean): number {
  // Only into the first: having filled it, waiting for more would keep what has come from the guest.
  const span = spans[0];
  return span === undefined ? 0 : readStream(stream, guest.view(span.pointer, span.length), blocking);
}

function writeDescriptor(guest: Guest, descriptor: Descriptor, spans: readonly Span[]): number {
  switch (descriptor.kind) {
    case "file":
      return writeFile(guest, descriptor, spans);
    case "directory":
      throw new WasiError("EISDIR");
    case "stream":
      return writeAll(guest, descriptor.stream, spans, isBlocking(descriptor));
    case "socket":
      return writeAll(guest, descriptor.socket, spans, isBlocking(descriptor));
  }
}

export function writeAll(guest: Guest, stream: Stream, spans: readonly Span[], blocking: boolean): number {
  return inOrder(spans, (span) => writeStream(stream, guest.view(span.pointer, span.length), blocking));
}

function writeFile(guest: Guest, descriptor: FileDescriptor, spans: readonly Span[]): number {
  const { file } = descriptor;
  const appends = (descriptor.fdFlags & fdFlags.append) !== 0;
  const count = inOrder(spans, (span, done) => {
    const bytes = guest.view(span.pointer, span.length);
    return appends ? file.append(bytes) : file.write(bytes, descriptor.position + done);
  });
  if (appends && count > 0) descriptor.position = Number(file.stat().size);
  else descriptor.position += count;
  synchronizeIfAsked(descriptor);
  return count;
}

/** Goes through the spans until one is not filled; an error after the first bytes only ends it early. */
function inOrder(spans: readonly Span[], move: (span: Span, done: number) => number): number {
  let done = 0;
  for (const span of spans) {
    let count: number;
    try {
      count = move(span, done);
    } catch (error) {
      if (done > 0 && error instanceof WasiError) return done;
      throw error;
    }
    done += count;
    if (count < span.length) break;
  }
  return done;
}

export function isBlocking(descriptor: Descriptor): boolean {
  return (descriptor.fdFlags & fdFlags.nonblock) === 0;
}

function synchronizeIfAsked(descriptor: FileDescriptor): void {
  const asked = descriptor.fdFlags & anySyncFlag;
  if (asked !== 0) descriptor.file.sync(asked === fdFlags.dsync);
}
