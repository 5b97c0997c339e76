// fd_* that look at or change a descriptor: status, flags, rights, times, sizes, numbers. No reading or writing.

import {
  adviceCount,
  allFdFlags,
  allFstFlags,
  allRights,
  anySyncFlag,
  clockId,
  fileType,
  fstFlags,
  right,
} from "../abi.ts";
import type { Descriptor } from "../descriptors.ts";
import { WasiError } from "../errno.ts";
import type { FileStat, FileTimes } from "../fs/types.ts";
import { emptyStat, type Layout } from "../layout.ts";
import type { Implementations } from "../signatures.ts";
import type { System } from "../system.ts";

export const descriptorFunctions = (layout: Layout) =>
  ({
    fd_advise(system, _guest, fd, offset, length, advice) {
      system.descriptors.file(fd, right.fdAdvise);
      if (advice >= adviceCount) throw new WasiError("EINVAL");
      toFileSize(offset);
      toFileSize(length);
      // Only advice: no host function takes it, and the result is the same without.
    },

    fd_allocate(system, _guest, fd, offset, length) {
      const { file } = system.descriptors.file(fd, right.fdAllocate);
      if (length === 0n) throw new WasiError("EINVAL");
      const end = toFileSize(toFileSize(offset) + toFileSize(length));
      if (Number(end) > Number(file.stat().size)) file.setSize(Number(end));
    },

    fd_close(system, _guest, fd) {
      system.descriptors.close(fd);
    },

    fd_datasync: (system, _guest, fd) => synchronize(system.descriptors.get(fd, right.fdDatasync), true),
    fd_sync: (system, _guest, fd) => synchronize(system.descriptors.get(fd, right.fdSync), false),

    fd_fdstat_get(system, guest, fd, result) {
      const descriptor = system.descriptors.get(fd, 0);
      guest.view(result, 24).fill(0);
      guest.setBytes(result, Uint8Array.of(descriptorType(descriptor)));
      guest.setBytes(result + 2, Uint8Array.of(descriptor.fdFlags));
      guest.setU32(result + 8, descriptor.baseRights);
      guest.setU32(result + 16, descriptor.inheritingRights);
    },

    fd_fdstat_set_flags(system, _guest, fd, flags) {
      const descriptor = system.descriptors.get(fd, right.fdFdstatSetFlags);
      if ((flags & ~allFdFlags) !== 0) throw new WasiError("EINVAL");
      // As with fcntl: how writes are synchronized is settled when opening.
      if ((flags & anySyncFlag) !== (descriptor.fdFlags & anySyncFlag)) throw new WasiError("ENOTSUP");
      descriptor.fdFlags = flags;
    },

    fd_fdstat_set_rights(system, _guest, fd, base, inheriting) {
      const descriptor = system.descriptors.get(fd, 0);
      if (addsRights(descriptor.baseRights, base) || addsRights(descriptor.inheritingRights, inheriting)) {
        throw new WasiError("ENOTCAPABLE");
      }
      descriptor.baseRights = Number(base);
      descriptor.inheritingRights = Number(inheriting);
    },

    fd_filestat_get(system, guest, fd, result) {
      layout.writeFileStat(guest, result, descriptorStat(system.descriptors.get(fd, right.fdFilestatGet)));
    },

    fd_filestat_set_size(system, _guest, fd, size) {
      system.descriptors.file(fd, right.fdFilestatSetSize).file.setSize(Number(toFileSize(size)));
    },

    fd_filestat_set_times(system, _guest, fd, access, modification, flags) {
      const descriptor = system.descriptors.get(fd, right.fdFilestatSetTimes);
      const times = chosenTimes(system, access, modification, flags);
      switch (descriptor.kind) {
        case "file":
          return descriptor.file.setTimes(times);
        case "directory":
          return descriptor.directory.setTimes(times);
        case "stream":
        case "socket":
          throw new WasiError("EINVAL");
      }
    },

    fd_prestat_get(system, guest, fd, result) {
      const name = preopenName(system.descriptors.get(fd, 0));
      guest.setU32(result, 0);
      guest.setU32(result + 4, name.length);
    },

    fd_prestat_dir_name(system, guest, fd, pointer, length) {
      const name = preopenName(system.descriptors.get(fd, 0));
      if (length < name.length) throw new WasiError("ENAMETOOLONG");
      guest.setBytes(pointer, name);
    },

    fd_renumber(system, _guest, from, to) {
      system.descriptors.renumber(from, to);
    },
  }) satisfies Partial<Implementations>;

export function chosenTimes(system: System, access: bigint, modification: bigint, flags: number): FileTimes {
  const both = (a: number, b: number) => (flags & a) !== 0 && (flags & b) !== 0;
  if ((flags & ~allFstFlags) !== 0 || both(fstFlags.atim, fstFlags.atimNow) || both(fstFlags.mtim, fstFlags.mtimNow)) {
    throw new WasiError("EINVAL");
  }
  const now = system.clocks.now(clockId.realtime);
  const choose = (given: bigint, givenFlag: number, nowFlag: number) =>
    (flags & givenFlag) !== 0 ? given : (flags & nowFlag) !== 0 ? now : undefined;
  return {
    access: choose(access, fstFlags.atim, fstFlags.atimNow),
    modification: choose(modification, fstFlags.mtim, fstFlags.mtimNow),
  };
}

/** Sizes and positions are exact in a double up to 2^53; no file reaches that. */
export function toFileSize(value: bigint): bigint {
  if (value > 0x7fff_ffff_ffff_ffffn) throw new WasiError("EINVAL");
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new WasiError("EFBIG");
  return value;
}

function descriptorType(descriptor: Descriptor): FileStat["type"] {
  switch (descriptor.kind) {
    case "file":
      return fileType.regularFile;
    case "directory":
      return fileType.directory;
    case "stream":
      return descriptor.stream.type;
    case "socket":
      return descriptor.socket.type;
  }
}

function descriptorStat(descriptor: Descriptor): FileStat {
  switch (descriptor.kind) {
    case "file":
      return descriptor.file.stat();
    case "directory":
      return descriptor.directory.stat();
    case "stream":
      return descriptor.stream.stat?.() ?? emptyStat(descriptor.stream.type);
    case "socket":
      return descriptor.socket.stat?.() ?? emptyStat(descriptor.socket.type);
  }
}

function synchronize(descriptor: Descriptor, dataOnly: boolean): void {
  switch (descriptor.kind) {
    case "file":
      return descriptor.file.sync(dataOnly);
    case "directory":
      return descriptor.directory.sync();
    case "stream":
    case "socket":
      return;
  }
}

function preopenName(descriptor: Descriptor): Uint8Array {
  if (descriptor.kind !== "directory" || descriptor.preopenName === null) throw new WasiError("EBADF");
  return descriptor.preopenName;
}

function addsRights(held: number, wanted: bigint): boolean {
  return wanted > BigInt(allRights) || (Number(wanted) & ~held) !== 0;
}
