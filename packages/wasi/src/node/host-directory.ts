// A directory of the host as a sandbox's file system. Never lets the host follow a symbolic link.

import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
} from "node:fs";
import { fileType } from "../abi.ts";
import { WasiError } from "../errno.ts";
import { messages, WasiOptionsError } from "../errors.ts";
import type { Directory, DirectoryEntry, FileStat, FileTimes, Opened, OpenMode } from "../fs/types.ts";
import { hostCall } from "./errno.ts";
import { HostFile } from "./host-file.ts";
import { HostStream } from "./host-stream.ts";
import { descriptorsAreUsable, openPlace, type Place } from "./place.ts";
import { hostTimes, toFileStat, toFileType } from "./stat.ts";

export interface HostDirectoryOptions {
  /** By open descriptors where the host can (Linux), else by path. Set for tests. */
  readonly access?: "descriptor" | "path";
  readonly sleep: (nanoseconds: bigint) => void;
}

/** Opens a host directory to be handed to a guest. */
export function openHostDirectory(path: string, options: HostDirectoryOptions): Directory {
  let real: string;
  try {
    real = realpathSync(path);
    if (!lstatSync(real).isDirectory()) throw new WasiError("ENOTDIR");
  } catch {
    throw new WasiOptionsError(messages.notADirectory(path));
  }
  const access = options.access ?? (descriptorsAreUsable(real) ? "descriptor" : "path");
  return new HostDirectory(openPlace(access, real), options.sleep);
}

class HostDirectory implements Directory {
  private readonly place: Place;
  private readonly sleep: (nanoseconds: bigint) => void;

  constructor(place: Place, sleep: (nanoseconds: bigint) => void) {
    this.place = place;
    this.sleep = sleep;
  }

  stat(): FileStat {
    return toFileStat(this.place.stats());
  }

  list(): readonly DirectoryEntry[] {
    const entries = hostCall(() => readdirSync(this.place.self(), { withFileTypes: true }));
    return entries.map((entry) => ({ name: entry.name, type: toFileType(entry) }));
  }

  lookup(name: string): FileStat | undefined {
    const stats = hostCall(() => lstatSync(this.place.entry(name), { bigint: true, throwIfNoEntry: false }));
    return stats && toFileStat(stats);
  }

  readLink(name: string): string {
    const target = hostCall(() => readlinkSync(this.place.entry(name)));
    if (process.platform !== "win32") return target;
    const slashed = target.replaceAll("\\", "/");
    // "C:x" and "C:/x" leave the sandbox as surely as "/x" does.
    return /^[a-z]:/i.test(slashed) ? `/${slashed}` : slashed;
  }

  openDirectory(name: string): Directory {
    return new HostDirectory(this.place.enter(name), this.sleep);
  }

  openFile(name: string, mode: OpenMode): Opened {
    // Non-blocking, so that a named pipe nobody writes to does not stop the host for ever.
    let flags = constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
    const write = mode.write || mode.truncate;
    flags |= write ? (mode.read ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY;
    if (mode.create) flags |= constants.O_CREAT;
    if (mode.exclusive) flags |= constants.O_EXCL;
    if (mode.truncate) flags |= constants.O_TRUNC;
    const path = this.place.entry(name);
    // Without O_NOFOLLOW (Windows) this look is all there is.
    if (constants.O_NOFOLLOW === undefined && this.lookup(name)?.type === fileType.symbolicLink)
      throw new WasiError("ELOOP");
    const fd = hostCall(() => openSync(path, flags, 0o666));
    try {
      const stats = fstatSync(fd);
      if (stats.isDirectory()) throw new WasiError("EISDIR");
      if (stats.isFile()) return { kind: "file", file: new HostFile(fd) };
      return { kind: "stream", stream: new HostStream({ fd, owned: true, sleep: this.sleep }) };
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  createDirectory(name: string): void {
    hostCall(() => mkdirSync(this.place.entry(name)));
  }

  removeDirectory(name: string): void {
    hostCall(() => rmdirSync(this.place.entry(name)));
  }

  unlink(name: string): void {
    hostCall(() => unlinkSync(this.place.entry(name)));
  }

  createSymlink(name: string, target: string): void {
    hostCall(() => symlinkSync(target, this.place.entry(name)));
  }

  link(name: string, to: Directory, newName: string): void {
    const target = hostDirectory(to);
    // Linux links a symbolic link itself; macOS would link what it points to, outside or not.
    if (process.platform !== "linux" && this.lookup(name)?.type === fileType.symbolicLink)
      throw new WasiError("ENOTSUP");
    hostCall(() => linkSync(this.place.entry(name), target.place.entry(newName)));
  }

  rename(name: string, to: Directory, newName: string): void {
    const target = hostDirectory(to);
    hostCall(() => renameSync(this.place.entry(name), target.place.entry(newName)));
  }

  setEntryTimes(name: string, times: FileTimes): void {
    const path = this.place.entry(name);
    const [access, modification] = hostTimes(times, () => hostCall(() => lstatSync(path, { bigint: true })));
    hostCall(() => lutimesSync(path, access, modification));
  }

  setTimes(times: FileTimes): void {
    const [access, modification] = hostTimes(times, () => this.place.stats());
    hostCall(() => utimesSync(this.place.self(), access, modification));
  }

  sync(): void {
    // Windows has no such thing for directories.
    if (process.platform === "win32") return;
    const fd = hostCall(() => openSync(this.place.self(), constants.O_RDONLY | constants.O_DIRECTORY));
    try {
      hostCall(() => fsyncSync(fd));
    } finally {
      closeSync(fd);
    }
  }

  reopen(): Directory {
    return new HostDirectory(this.place.reopen(), this.sleep);
  }

  close(): void {
    this.place.close();
  }
}

function hostDirectory(directory: Directory): HostDirectory {
  if (!(directory instanceof HostDirectory)) throw new WasiError("EXDEV");
  return directory;
}
