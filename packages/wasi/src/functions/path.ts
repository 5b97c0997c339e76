// path_* but path_open: everything done to an entry by its path. The sandbox itself is fs/resolve.ts.

import { fileType, lookupFlags, right } from "../abi.ts";
import type { DirectoryDescriptor } from "../descriptors.ts";
import { WasiError } from "../errno.ts";
import { pointsOutside, type Resolved, withResolved } from "../fs/resolve.ts";
import type { FileStat } from "../fs/types.ts";
import type { Layout } from "../layout.ts";
import type { Implementations } from "../signatures.ts";
import { encodeUtf8 } from "../utf8.ts";
import { chosenTimes } from "./descriptor.ts";

export const pathFunctions = (layout: Layout) =>
  ({
    path_create_directory(system, guest, fd, pathPointer, pathLength) {
      const base = system.descriptors.directory(fd, right.pathCreateDirectory);
      atEntry(base, guest.path(pathPointer, pathLength), false, ({ directory, name }) => {
        if (name === null) throw new WasiError("EEXIST");
        directory.createDirectory(name);
      });
    },

    path_filestat_get(system, guest, fd, flags, pathPointer, pathLength, result) {
      const base = system.descriptors.directory(fd, right.pathFilestatGet);
      const stat = atEntry(base, guest.path(pathPointer, pathLength), follows(flags), existing);
      layout.writeFileStat(guest, result, stat);
    },

    path_filestat_set_times(system, guest, fd, flags, pathPointer, pathLength, access, modification, fstFlags) {
      const base = system.descriptors.directory(fd, right.pathFilestatSetTimes);
      const times = chosenTimes(system, access, modification, fstFlags);
      atEntry(base, guest.path(pathPointer, pathLength), follows(flags), (place) => {
        existing(place);
        if (place.name === null) place.directory.setTimes(times);
        else place.directory.setEntryTimes(place.name, times);
      });
    },

    path_link(system, guest, oldFd, oldFlags, oldPointer, oldLength, newFd, newPointer, newLength) {
      const oldBase = system.descriptors.directory(oldFd, right.pathLinkSource);
      const newBase = system.descriptors.directory(newFd, right.pathLinkTarget);
      const oldPath = guest.path(oldPointer, oldLength);
      const newPath = guest.path(newPointer, newLength);
      atEntry(oldBase, oldPath, follows(oldFlags), (from) => {
        const stat = existing(from);
        if (from.name === null || stat.type === fileType.directory) throw new WasiError("EPERM");
        const { directory, name } = from;
        atEntry(newBase, newPath, false, (to) => directory.link(name, to.directory, newEntryName(to)));
      });
    },

    path_readlink(system, guest, fd, pathPointer, pathLength, buffer, bufferLength, result) {
      const base = system.descriptors.directory(fd, right.pathReadlink);
      const path = guest.path(pathPointer, pathLength);
      guest.view(buffer, bufferLength);
      const target = atEntry(base, path, false, (place) => {
        if (existing(place).type !== fileType.symbolicLink || place.name === null) throw new WasiError("EINVAL");
        return encodeUtf8(place.directory.readLink(place.name));
      });
      const piece = target.subarray(0, bufferLength);
      guest.setBytes(buffer, piece);
      guest.setU32(result, piece.length);
    },

    path_remove_directory(system, guest, fd, pathPointer, pathLength) {
      const base = system.descriptors.directory(fd, right.pathRemoveDirectory);
      atEntry(base, guest.path(pathPointer, pathLength), false, ({ directory, name }) => {
        if (name === null) throw new WasiError("EINVAL");
        directory.removeDirectory(name);
      });
    },

    path_rename(system, guest, oldFd, oldPointer, oldLength, newFd, newPointer, newLength) {
      const oldBase = system.descriptors.directory(oldFd, right.pathRenameSource);
      const newBase = system.descriptors.directory(newFd, right.pathRenameTarget);
      const oldPath = guest.path(oldPointer, oldLength);
      const newPath = guest.path(newPointer, newLength);
      atEntry(oldBase, oldPath, false, (from) => {
        const stat = existing(from);
        const { directory, name } = from;
        atEntry(newBase, newPath, false, (to) => {
          if (name === null || to.name === null) throw new WasiError("EBUSY");
          if (to.mustBeDirectory && stat.type !== fileType.directory) throw new WasiError("ENOTDIR");
          directory.rename(name, to.directory, to.name);
        });
      });
    },

    path_symlink(system, guest, targetPointer, targetLength, fd, pathPointer, pathLength) {
      const base = system.descriptors.directory(fd, right.pathSymlink);
      const target = guest.path(targetPointer, targetLength);
      if (target === "") throw new WasiError("ENOENT");
      atEntry(base, guest.path(pathPointer, pathLength), false, (place) => {
        if (pointsOutside(target, place.depth)) throw new WasiError("EPERM");
        place.directory.createSymlink(newEntryName(place), target);
      });
    },

    path_unlink_file(system, guest, fd, pathPointer, pathLength) {
      const base = system.descriptors.directory(fd, right.pathUnlinkFile);
      atEntry(base, guest.path(pathPointer, pathLength), false, (place) => {
        if (existing(place).type === fileType.directory || place.name === null) throw new WasiError("EISDIR");
        place.directory.unlink(place.name);
      });
    },
  }) satisfies Partial<Implementations>;

export function follows(flags: number): boolean {
  if ((flags & ~lookupFlags.symlinkFollow) !== 0) throw new WasiError("EINVAL");
  return flags !== 0;
}

function atEntry<R>(base: DirectoryDescriptor, path: string, followLast: boolean, use: (place: Resolved) => R): R {
  return withResolved(base.directory, path, { followLast }, use);
}

/** What is there: ENOENT for nothing, ENOTDIR for a file the path calls a directory. */
function existing({ directory, name, mustBeDirectory }: Resolved): FileStat {
  const stat = name === null ? directory.stat() : directory.lookup(name);
  if (stat === undefined) throw new WasiError("ENOENT");
  if (mustBeDirectory && stat.type !== fileType.directory) throw new WasiError("ENOTDIR");
  return stat;
}

/** The name for a new entry that is not a directory, so "new/" cannot become one. */
function newEntryName({ directory, name, mustBeDirectory }: Resolved): string {
  if (name === null) throw new WasiError("EEXIST");
  if (mustBeDirectory) throw new WasiError(directory.lookup(name) === undefined ? "ENOENT" : "EEXIST");
  return name;
}
