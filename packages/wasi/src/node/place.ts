// How the host is told which directory is meant: by an open descriptor where it can be, else by path.

import { type BigIntStats, closeSync, constants, fstatSync, lstatSync, openSync } from "node:fs";
import { WasiError } from "../errno.ts";
import { hostCall } from "./errno.ts";

/** An open directory as something host paths can be made of. */
export interface Place {
  readonly kind: "descriptor" | "path";
  /** The host path of the directory itself. */
  self(): string;
  /** The host path of an entry; only its last component may be a symbolic link. */
  entry(name: string): string;
  stats(): BigIntStats;
  /** ENOTDIR for everything but a directory. */
  enter(name: string): Place;
  reopen(): Place;
  close(): void;
}

// Node does not name it. The same number on every architecture Node runs on.
const O_PATH = 0o10000000;
const enterFlags = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** `path` must be a real path. Throws where the kind of place cannot be had. */
export function openPlace(kind: Place["kind"], path: string): Place {
  return kind === "descriptor" ? new DescriptorPlace(hostCall(() => openSync(path, enterFlags))) : new PathPlace(path);
}

/** Whether entries can be named through an open directory, which no renaming or linking can redirect. */
export function descriptorsAreUsable(path: string): boolean {
  if (process.platform !== "linux") return false;
  try {
    const place = openPlace("descriptor", path);
    try {
      const direct = lstatSync(path, { bigint: true });
      const through = lstatSync(place.entry("."), { bigint: true });
      return through.ino === direct.ino && through.dev === direct.dev;
    } finally {
      place.close();
    }
  } catch {
    // No /proc.
    return false;
  }
}

/**
 * Linux: `/proc/self/fd/N/name` starts at the open directory N itself, whatever became of its path. With
 * O_NOFOLLOW on the last component nothing is left that another process could redirect.
 */
class DescriptorPlace implements Place {
  readonly kind = "descriptor";
  private fd: number | null;

  constructor(fd: number) {
    this.fd = fd;
  }

  self(): string {
    // The number may belong to another file once closed.
    if (this.fd === null) throw new WasiError("EBADF");
    return `/proc/self/fd/${this.fd}`;
  }

  entry(name: string): string {
    return `${this.self()}/${name}`;
  }

  stats(): BigIntStats {
    const fd = this.fd;
    if (fd === null) throw new WasiError("EBADF");
    return hostCall(() => fstatSync(fd, { bigint: true }));
  }

  enter(name: string): Place {
    return new DescriptorPlace(hostCall(() => openSync(this.entry(name), enterFlags)));
  }

  reopen(): Place {
    return new DescriptorPlace(hostCall(() => openSync(`${this.self()}/.`, enterFlags)));
  }

  close(): void {
    if (this.fd !== null) closeSync(this.fd);
    this.fd = null;
  }
}

/**
 * Elsewhere: the path, checked before each use to lead to the directory it led to at first. Between the
 * check and the use another process can still exchange it: docs/wasi.md says what that means.
 */
class PathPlace implements Place {
  readonly kind = "path";
  private readonly path: string;
  private readonly device: bigint;
  private readonly inode: bigint;

  constructor(path: string) {
    const stats = hostCall(() => lstatSync(path, { bigint: true }));
    if (!stats.isDirectory()) throw new WasiError("ENOTDIR");
    this.path = path;
    this.device = stats.dev;
    this.inode = stats.ino;
  }

  self(): string {
    this.stats();
    return this.path;
  }

  entry(name: string): string {
    checkName(name);
    const path = this.self();
    return path.endsWith("/") ? path + name : `${path}/${name}`;
  }

  stats(): BigIntStats {
    const stats = hostCall(() => lstatSync(this.path, { bigint: true }));
    if (stats.ino !== this.inode || stats.dev !== this.device || !stats.isDirectory()) throw new WasiError("ENOENT");
    return stats;
  }

  enter(name: string): Place {
    return new PathPlace(this.entry(name));
  }

  reopen(): Place {
    return new PathPlace(this.self());
  }

  close(): void {}
}

// Windows gives meaning to characters and names that are plain elsewhere: separators, drives, streams, devices.
const windowsReserved = /[\\/:*?"<>|\u0000-\u001f]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\.|$)/i;

export function checkName(name: string, platform: string = process.platform): void {
  if (platform === "win32" && windowsReserved.test(name)) throw new WasiError("EINVAL");
}
