// The records of preview 1 in guest memory, and where the older wasi_unstable lays them out otherwise.

import { fileType } from "./abi.ts";
import type { FileStat } from "./fs/types.ts";
import type { Guest } from "./guest.ts";

/** What differs between the two names the functions are imported under. */
export interface Layout {
  /** `whence` of fd_seek, by number. */
  readonly whences: readonly ["set", "current", "end"] | readonly ["current", "end", "set"];
  readonly subscription: { readonly size: number; readonly clock: number };
  writeFileStat(guest: Guest, pointer: number, stat: FileStat): void;
}

export const preview1Layout: Layout = {
  whences: ["set", "current", "end"],
  subscription: { size: 48, clock: 16 },
  writeFileStat(guest, pointer, stat) {
    guest.view(pointer, 64).fill(0);
    guest.setU64(pointer, stat.device);
    guest.setU64(pointer + 8, stat.inode);
    guest.setBytes(pointer + 16, Uint8Array.of(stat.type));
    guest.setU64(pointer + 24, stat.linkCount);
    guest.setU64(pointer + 32, stat.size);
    guest.setU64(pointer + 40, stat.accessTime);
    guest.setU64(pointer + 48, stat.modificationTime);
    guest.setU64(pointer + 56, stat.changeTime);
  },
};

export const unstableLayout: Layout = {
  whences: ["current", "end", "set"],
  // The clock carried an identifier of its own in front.
  subscription: { size: 56, clock: 24 },
  writeFileStat(guest, pointer, stat) {
    guest.view(pointer, 56).fill(0);
    guest.setU64(pointer, stat.device);
    guest.setU64(pointer + 8, stat.inode);
    guest.setBytes(pointer + 16, Uint8Array.of(stat.type));
    guest.setU32(pointer + 20, Number(BigInt.asUintN(32, stat.linkCount)));
    guest.setU64(pointer + 24, stat.size);
    guest.setU64(pointer + 32, stat.accessTime);
    guest.setU64(pointer + 40, stat.modificationTime);
    guest.setU64(pointer + 48, stat.changeTime);
  },
};

/** The stat of something that has none, such as a callback behind stdout. */
export function emptyStat(type: FileStat["type"] = fileType.unknown): FileStat {
  return { device: 0n, inode: 0n, type, linkCount: 1n, size: 0n, accessTime: 0n, modificationTime: 0n, changeTime: 0n };
}
