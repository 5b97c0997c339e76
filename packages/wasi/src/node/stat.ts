// Node's stat results and times as WASI has them.

import type { BigIntStats } from "node:fs";
import { type FileType, fileType } from "../abi.ts";
import { WasiError } from "../errno.ts";
import type { FileStat, FileTimes } from "../fs/types.ts";

export function toFileStat(stats: BigIntStats): FileStat {
  return {
    device: BigInt.asUintN(64, stats.dev),
    inode: BigInt.asUintN(64, stats.ino),
    type: toFileType(stats),
    linkCount: stats.nlink,
    size: stats.size,
    accessTime: unsignedTime(stats.atimeNs),
    modificationTime: unsignedTime(stats.mtimeNs),
    changeTime: unsignedTime(stats.ctimeNs),
  };
}

interface KindOfFile {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  isCharacterDevice(): boolean;
  isBlockDevice(): boolean;
  isSocket(): boolean;
}

export function toFileType(kind: KindOfFile): FileType {
  if (kind.isFile()) return fileType.regularFile;
  if (kind.isDirectory()) return fileType.directory;
  if (kind.isSymbolicLink()) return fileType.symbolicLink;
  if (kind.isCharacterDevice()) return fileType.characterDevice;
  if (kind.isBlockDevice()) return fileType.blockDevice;
  if (kind.isSocket()) return fileType.socketStream;
  // Named pipes have no number of their own in preview 1.
  return fileType.unknown;
}

/** Both times in seconds, as Node takes them: a double, of which it keeps whole microseconds. */
export function hostTimes(times: FileTimes, current: () => BigIntStats): readonly [number, number] {
  const now = times.access === undefined || times.modification === undefined ? current() : undefined;
  return [toSeconds(times.access ?? now?.atimeNs ?? 0n), toSeconds(times.modification ?? now?.mtimeNs ?? 0n)];
}

function toSeconds(nanoseconds: bigint): number {
  // Beyond 2^63 the guest has something else in mind than a time (a negative number, mostly).
  if (nanoseconds > 0x7fff_ffff_ffff_ffffn) throw new WasiError("EINVAL");
  const seconds = Number(nanoseconds / 1_000_000_000n) + Number(nanoseconds % 1_000_000_000n) / 1e9;
  // The nearest double may lie just below, and cutting it off would then lose a whole microsecond.
  const cutOff = Math.trunc((seconds - Math.trunc(seconds)) * 1e6);
  return cutOff < Number((nanoseconds / 1000n) % 1_000_000n) ? seconds + 2 ** -22 : seconds;
}

function unsignedTime(nanoseconds: bigint): bigint {
  return nanoseconds < 0n ? 0n : nanoseconds;
}
