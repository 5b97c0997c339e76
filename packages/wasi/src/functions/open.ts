// path_open: from a path to a new descriptor, with no more rights than asked for or passed on.

import {
  allFdFlags,
  allOpenFlags,
  allRights,
  directoryRights,
  fileRights,
  fileType,
  openFlags,
  right,
  streamRights,
} from "../abi.ts";
import type { Descriptor } from "../descriptors.ts";
import { WasiError } from "../errno.ts";
import { type Resolved, withResolved } from "../fs/resolve.ts";
import type { Implementations } from "../signatures.ts";
import { follows } from "./path.ts";

export const openFunctions = {
  path_open(system, guest, fd, flags, pathPointer, pathLength, oflags, base, inheriting, fdFlags, result) {
    const through = system.descriptors.directory(fd, right.pathOpen | neededRights(oflags));
    if ((oflags & ~allOpenFlags) !== 0 || (fdFlags & ~allFdFlags) !== 0) throw new WasiError("EINVAL");
    const path = guest.path(pathPointer, pathLength);
    const request: Request = {
      oflags,
      fdFlags,
      // Guests ask for all they could use; they get what the directory passes on.
      baseRights: Number(base & BigInt(allRights)) & through.inheritingRights,
      inheritingRights: Number(inheriting & BigInt(allRights)) & through.inheritingRights,
    };
    guest.view(result, 4);
    system.descriptors.reserve();

    // With O_CREAT|O_EXCL a link at the end is an existing entry, whatever it points to.
    const exclusive = openFlags.create | openFlags.exclusive;
    const followLast = follows(flags) && (oflags & exclusive) !== exclusive;
    const descriptor = withResolved(through.directory, path, { followLast }, (place) => open(place, request));
    guest.setU32(result, system.descriptors.add(descriptor));
  },
} satisfies Partial<Implementations>;

interface Request {
  readonly oflags: number;
  readonly fdFlags: number;
  readonly baseRights: number;
  readonly inheritingRights: number;
}

function neededRights(oflags: number): number {
  return (
    ((oflags & openFlags.create) !== 0 ? right.pathCreateFile : 0) |
    ((oflags & openFlags.truncate) !== 0 ? right.pathFilestatSetSize : 0)
  );
}

function open(place: Resolved, request: Request): Descriptor {
  const { directory, name, mustBeDirectory } = place;
  const has = (flag: number) => (request.oflags & flag) !== 0;
  const found = name === null ? directory.stat() : directory.lookup(name);
  if (found !== undefined && has(openFlags.create) && has(openFlags.exclusive)) throw new WasiError("EEXIST");

  if (found?.type === fileType.directory) {
    const writes = (request.baseRights & right.fdWrite) !== 0;
    if (writes || has(openFlags.create) || has(openFlags.truncate)) throw new WasiError("EISDIR");
    return {
      kind: "directory",
      directory: name === null ? directory.reopen() : directory.openDirectory(name),
      baseRights: request.baseRights & directoryRights,
      inheritingRights: request.inheritingRights,
      fdFlags: request.fdFlags,
      preopenName: null,
      listing: null,
    };
  }

  if (found?.type === fileType.symbolicLink) throw new WasiError(has(openFlags.directory) ? "ENOTDIR" : "ELOOP");
  if (found === undefined && !has(openFlags.create)) throw new WasiError("ENOENT");
  if (found === undefined && has(openFlags.directory)) throw new WasiError("EINVAL");
  if (mustBeDirectory || has(openFlags.directory)) throw new WasiError(found === undefined ? "EISDIR" : "ENOTDIR");
  if (name === null) throw new WasiError("ENOTDIR");

  const opened = directory.openFile(name, {
    read: (request.baseRights & right.fdRead) !== 0,
    write: (request.baseRights & (right.fdWrite | right.fdAllocate | right.fdFilestatSetSize)) !== 0,
    create: has(openFlags.create),
    exclusive: has(openFlags.exclusive),
    truncate: has(openFlags.truncate),
  });
  const { fdFlags } = request;
  switch (opened.kind) {
    case "file":
      return {
        kind: "file",
        file: opened.file,
        position: 0,
        baseRights: request.baseRights & fileRights,
        inheritingRights: 0,
        fdFlags,
      };
    case "stream":
      return {
        kind: "stream",
        stream: opened.stream,
        baseRights: request.baseRights & streamRights,
        inheritingRights: 0,
        fdFlags,
      };
  }
}
