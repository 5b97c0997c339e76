// Host descriptors without a position (terminals, pipes, sockets, devices) as streams, synchronously.

import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { type FileType, fileType } from "../abi.ts";
import { WasiError } from "../errno.ts";
import type { FileStat } from "../fs/types.ts";
import { emptyStat } from "../layout.ts";
import type { Readiness, Stream } from "../stream.ts";
import { hostErrorCode, toWasiError } from "./errno.ts";
import { toFileStat, toFileType } from "./stat.ts";

export interface HostStreamOptions {
  readonly fd: number;
  /** Whether closing the stream closes the descriptor; not for the process's own stdio. */
  readonly owned: boolean;
  readonly sleep: (nanoseconds: bigint) => void;
}

// Waiting for a descriptor someone set non-blocking: first hardly at all, then ever more patiently.
const firstPause = 50_000n;
const longestPause = 10_000_000n;
const peekSize = 4096;

export class HostStream implements Stream {
  readonly type: FileType;
  private readonly fd: number;
  private readonly owned: boolean;
  private readonly sleep: (nanoseconds: bigint) => void;
  /** Read ahead to learn whether anything is there. */
  private peeked: Uint8Array = new Uint8Array(0);
  private ended = false;
  /** A non-blocking second descriptor of the same pipe or terminal; null where none can be had. */
  private twin: number | null | undefined;

  constructor(options: HostStreamOptions) {
    this.fd = options.fd;
    this.owned = options.owned;
    this.sleep = options.sleep;
    this.type = this.stat().type;
  }

  stat(): FileStat {
    try {
      return toFileStat(fstatSync(this.fd, { bigint: true }));
    } catch {
      // Closed by whoever started us, as daemons do.
      return emptyStat();
    }
  }

  read(target: Uint8Array, blocking: boolean): number {
    if (target.length === 0) return 0;
    if (this.peeked.length > 0) {
      const piece = this.peeked.subarray(0, target.length);
      target.set(piece);
      this.peeked = this.peeked.subarray(piece.length);
      return piece.length;
    }
    if (this.ended) {
      this.ended = false;
      return 0;
    }
    const fd = blocking ? this.fd : (this.nonBlockingTwin() ?? this.fd);
    return this.patiently(blocking, () => readSome(fd, target));
  }

  write(source: Uint8Array, blocking: boolean): number {
    let written = 0;
    while (written < source.length) {
      try {
        written += this.patiently(blocking, () => writeSync(this.fd, source, written, source.length - written));
      } catch (error) {
        // What is written is written: the guest hears of the error at its next try.
        if (written > 0) return written;
        throw error;
      }
      if (!blocking) break;
    }
    return written;
  }

  readReadiness(): Readiness {
    if (this.peeked.length > 0) return { state: "ready", byteCount: this.peeked.length };
    if (this.ended) return { state: "ended" };
    const twin = this.nonBlockingTwin();
    // Nobody can tell without blocking: say it is ready, and let the read block.
    if (twin === null) return { state: "ready", byteCount: 1 };
    const buffer = new Uint8Array(peekSize);
    try {
      const count = readSome(twin, buffer);
      this.peeked = buffer.subarray(0, count);
      this.ended = count === 0;
      return count === 0 ? { state: "ended" } : { state: "ready", byteCount: count };
    } catch (error) {
      return isAgain(error) ? { state: "pending" } : { state: "ready", byteCount: 0 };
    }
  }

  close(): void {
    if (typeof this.twin === "number") closeSync(this.twin);
    this.twin = null;
    if (this.owned) closeSync(this.fd);
  }

  private nonBlockingTwin(): number | null {
    this.twin ??= openTwin(this.fd);
    return this.twin;
  }

  private patiently(blocking: boolean, operation: () => number): number {
    for (let pause = firstPause; ; pause = pause * 2n < longestPause ? pause * 2n : longestPause) {
      try {
        return operation();
      } catch (error) {
        if (!isAgain(error)) throw toWasiError(error);
        if (!blocking) throw new WasiError("EAGAIN");
      }
      this.sleep(pause);
    }
  }
}

function readSome(fd: number, target: Uint8Array): number {
  try {
    return readSync(fd, target, 0, target.length, null);
  } catch (error) {
    // Windows says so at the end of a pipe.
    if (hostErrorCode(error) === "EOF") return 0;
    throw error;
  }
}

/** On Linux a pipe or terminal can be opened again by its number, with flags of its own. */
function openTwin(fd: number): number | null {
  if (process.platform !== "linux") return null;
  try {
    const type = fstatSync(fd);
    if (!type.isFIFO() && toFileType(type) !== fileType.characterDevice) return null;
    return openSync(`/proc/self/fd/${fd}`, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return null;
  }
}

function isAgain(error: unknown): boolean {
  const code = hostErrorCode(error);
  return code === "EAGAIN" || code === "EWOULDBLOCK" || code === "EINTR";
}
