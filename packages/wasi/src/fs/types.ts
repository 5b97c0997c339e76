// What a file system has to offer: directories that name their entries, and open files. Knows no paths:
// a name is one component, never empty, ".", ".." or with a slash, so no implementation can be led astray.

import type { FileType } from "../abi.ts";
import type { Stream } from "../stream.ts";

/** Times are nanoseconds since 1970. */
export interface FileStat {
  readonly device: bigint;
  readonly inode: bigint;
  readonly type: FileType;
  readonly linkCount: bigint;
  readonly size: bigint;
  readonly accessTime: bigint;
  readonly modificationTime: bigint;
  readonly changeTime: bigint;
}

/** Times to set, in nanoseconds; undefined leaves one as it is. */
export interface FileTimes {
  readonly access: bigint | undefined;
  readonly modification: bigint | undefined;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly type: FileType;
}

export interface OpenMode {
  readonly read: boolean;
  readonly write: boolean;
  readonly create: boolean;
  readonly exclusive: boolean;
  readonly truncate: boolean;
}

/** A regular file, or something that has no position, such as a named pipe. */
export type Opened =
  | { readonly kind: "file"; readonly file: File }
  | { readonly kind: "stream"; readonly stream: Stream };

/** An open regular file. Positions and sizes are whole numbers below 2^53. */
export interface File {
  stat(): FileStat;
  /** Reads at most `target.length` bytes; 0 is the end. */
  read(target: Uint8Array, position: number): number;
  write(source: Uint8Array, position: number): number;
  /** Writes at the end, wherever that is by then. */
  append(source: Uint8Array): number;
  setSize(size: number): void;
  setTimes(times: FileTimes): void;
  sync(dataOnly: boolean): void;
  close(): void;
}

/**
 * An open directory: the authority over everything below it. No method follows a symbolic link, in the
 * name it is given or anywhere else; following links is the resolver's part. All methods throw `WasiError`.
 */
export interface Directory {
  stat(): FileStat;
  /** Without "." and "..", in any order. */
  list(): readonly DirectoryEntry[];
  /** What the entry itself is, or undefined where there is none. */
  lookup(name: string): FileStat | undefined;
  readLink(name: string): string;
  /** Throws ENOTDIR for everything that is not a directory, symbolic links too. */
  openDirectory(name: string): Directory;
  /** Throws ELOOP for a symbolic link. */
  openFile(name: string, mode: OpenMode): Opened;
  createDirectory(name: string): void;
  removeDirectory(name: string): void;
  unlink(name: string): void;
  createSymlink(name: string, target: string): void;
  /** Another name for the entry itself. EXDEV where the directories are of different file systems. */
  link(name: string, to: Directory, newName: string): void;
  rename(name: string, to: Directory, newName: string): void;
  /** Of the entry itself. */
  setEntryTimes(name: string, times: FileTimes): void;
  setTimes(times: FileTimes): void;
  sync(): void;
  /** A second handle on the same directory. */
  reopen(): Directory;
  close(): void;
}
