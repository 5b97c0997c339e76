// An open regular file of the host.

import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import type { File, FileStat, FileTimes } from "../fs/types.ts";
import { hostCall } from "./errno.ts";
import { hostTimes, toFileStat } from "./stat.ts";

export class HostFile implements File {
  private readonly fd: number;
  /** A second descriptor that appends; null where none can be had. */
  private appending: number | null | undefined;

  constructor(fd: number) {
    this.fd = fd;
  }

  stat(): FileStat {
    return hostCall(() => toFileStat(fstatSync(this.fd, { bigint: true })));
  }

  read(target: Uint8Array, position: number): number {
    return hostCall(() => readSync(this.fd, target, 0, target.length, position));
  }

  write(source: Uint8Array, position: number): number {
    return hostCall(() => writeSync(this.fd, source, 0, source.length, position));
  }

  append(source: Uint8Array): number {
    this.appending ??= openAppending(this.fd);
    const appending = this.appending;
    if (appending !== null) return hostCall(() => writeSync(appending, source, 0, source.length, null));
    // Not atomic: another process may write in between.
    return this.write(source, Number(this.stat().size));
  }

  setSize(size: number): void {
    hostCall(() => ftruncateSync(this.fd, size));
  }

  setTimes(times: FileTimes): void {
    const [access, modification] = hostTimes(times, () => fstatSync(this.fd, { bigint: true }));
    hostCall(() => futimesSync(this.fd, access, modification));
  }

  sync(dataOnly: boolean): void {
    hostCall(() => (dataOnly ? fdatasyncSync : fsyncSync)(this.fd));
  }

  close(): void {
    if (typeof this.appending === "number") closeSync(this.appending);
    this.appending = null;
    hostCall(() => closeSync(this.fd));
  }
}

/** Appending is a matter of the open file, and Node cannot change it later: on Linux we open it again. */
function openAppending(fd: number): number | null {
  if (process.platform !== "linux") return null;
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_APPEND);
  } catch {
    return null;
  }
}
