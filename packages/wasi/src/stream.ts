// Things without a position: terminals, pipes, callbacks, sockets. Knows no descriptors.

import { type FileType, fileType } from "./abi.ts";
import { WasiError } from "./errno.ts";
import type { FileStat } from "./fs/types.ts";

export type Readiness =
  | { readonly state: "ready"; readonly byteCount: number }
  | { readonly state: "ended" }
  | { readonly state: "pending" };

/** What stands behind stdin, stdout, stderr or a named pipe. A direction left out is refused with EBADF. */
export interface Stream {
  readonly type: FileType;
  /** Reads what is there, 0 at the end. With nothing there: waits, or throws EAGAIN when not `blocking`. */
  read?(target: Uint8Array, blocking: boolean): number;
  /** Writes all when `blocking`; else what fits, throwing EAGAIN when nothing does. */
  write?(source: Uint8Array, blocking: boolean): number;
  /** Whether a read would return at once. Left out: always. */
  readReadiness?(): Readiness;
  stat?(): FileStat;
  close?(): void;
}

/** A connected or listening socket, handed in by the embedder. */
export interface Socket extends Stream {
  /** Takes the next connection; EAGAIN when there is none and not `blocking`. */
  accept?(blocking: boolean): Socket;
  receive?(
    target: Uint8Array,
    flags: { readonly peek: boolean; readonly waitAll: boolean },
    blocking: boolean,
  ): { readonly byteCount: number; readonly truncated: boolean };
  shutdown?(directions: { readonly read: boolean; readonly write: boolean }): void;
}

/**
 * A stream that gives these bytes and ends.
 *
 * @example
 * ```ts
 * new Wasi({ stdin: bytesStream(new Uint8Array([104, 105, 10])) });
 * ```
 */
export function bytesStream(bytes: Uint8Array): Stream {
  let at = 0;
  return {
    type: fileType.unknown,
    read(target) {
      const piece = bytes.subarray(at, at + target.length);
      target.set(piece);
      at += piece.length;
      return piece.length;
    },
    readReadiness: () => (at < bytes.length ? { state: "ready", byteCount: bytes.length - at } : { state: "ended" }),
  };
}

/**
 * A stream that hands every write to a function; the bytes are a copy the function may keep.
 *
 * @example
 * ```ts
 * const chunks: Uint8Array[] = [];
 * new Wasi({ stdout: sinkStream((bytes) => chunks.push(bytes)) });
 * ```
 */
export function sinkStream(write: (bytes: Uint8Array) => void): Stream {
  return {
    type: fileType.unknown,
    write(source) {
      write(source.slice());
      return source.length;
    },
  };
}

/** A stream that is at its end and swallows what is written. */
export function nullStream(): Stream {
  return {
    type: fileType.characterDevice,
    read: () => 0,
    write: (source) => source.length,
    readReadiness: () => ({ state: "ended" }),
  };
}

export function readStream(stream: Stream, target: Uint8Array, blocking: boolean): number {
  if (stream.read === undefined) throw new WasiError("EBADF");
  return stream.read(target, blocking);
}

export function writeStream(stream: Stream, source: Uint8Array, blocking: boolean): number {
  if (stream.write === undefined) throw new WasiError("EBADF");
  return stream.write(source, blocking);
}
