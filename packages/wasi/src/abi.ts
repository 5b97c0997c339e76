// Preview 1's numbers: flags, types and rights. The sizes of its records are in layout.ts.

export const fileType = {
  unknown: 0,
  blockDevice: 1,
  characterDevice: 2,
  directory: 3,
  regularFile: 4,
  socketDatagram: 5,
  socketStream: 6,
  symbolicLink: 7,
} as const;
export type FileType = (typeof fileType)[keyof typeof fileType];

export const fdFlags = { append: 1, dsync: 2, nonblock: 4, rsync: 8, sync: 16 } as const;
export const allFdFlags = 31;
export const anySyncFlag = fdFlags.dsync | fdFlags.rsync | fdFlags.sync;

export const openFlags = { create: 1, directory: 2, exclusive: 4, truncate: 8 } as const;
export const allOpenFlags = 15;

export const lookupFlags = { symlinkFollow: 1 } as const;

export const fstFlags = { atim: 1, atimNow: 2, mtim: 4, mtimNow: 8 } as const;
export const allFstFlags = 15;

export const clockId = { realtime: 0, monotonic: 1, processCpu: 2, threadCpu: 3 } as const;
export type ClockId = (typeof clockId)[keyof typeof clockId];

export const eventType = { clock: 0, fdRead: 1, fdWrite: 2 } as const;
export const eventFlags = { hangup: 1 } as const;
export const subscriptionClockFlags = { absoluteTime: 1 } as const;

export const adviceCount = 6;

// There are 30 rights, so they fit a small integer; the guest's 64-bit masks are cut down on the way in.
export const right = {
  fdDatasync: 1 << 0,
  fdRead: 1 << 1,
  fdSeek: 1 << 2,
  fdFdstatSetFlags: 1 << 3,
  fdSync: 1 << 4,
  fdTell: 1 << 5,
  fdWrite: 1 << 6,
  fdAdvise: 1 << 7,
  fdAllocate: 1 << 8,
  pathCreateDirectory: 1 << 9,
  pathCreateFile: 1 << 10,
  pathLinkSource: 1 << 11,
  pathLinkTarget: 1 << 12,
  pathOpen: 1 << 13,
  fdReaddir: 1 << 14,
  pathReadlink: 1 << 15,
  pathRenameSource: 1 << 16,
  pathRenameTarget: 1 << 17,
  pathFilestatGet: 1 << 18,
  pathFilestatSetSize: 1 << 19,
  pathFilestatSetTimes: 1 << 20,
  fdFilestatGet: 1 << 21,
  fdFilestatSetSize: 1 << 22,
  fdFilestatSetTimes: 1 << 23,
  pathSymlink: 1 << 24,
  pathRemoveDirectory: 1 << 25,
  pathUnlinkFile: 1 << 26,
  pollFdReadwrite: 1 << 27,
  sockShutdown: 1 << 28,
  sockAccept: 1 << 29,
} as const;

export const allRights = 2 ** 30 - 1;

export const fileRights =
  right.fdDatasync |
  right.fdRead |
  right.fdSeek |
  right.fdFdstatSetFlags |
  right.fdSync |
  right.fdTell |
  right.fdWrite |
  right.fdAdvise |
  right.fdAllocate |
  right.fdFilestatGet |
  right.fdFilestatSetSize |
  right.fdFilestatSetTimes |
  right.pollFdReadwrite;

// Without seek and tell: that is how the guest's C library tells a terminal from a file (isatty).
export const streamRights =
  right.fdDatasync |
  right.fdRead |
  right.fdFdstatSetFlags |
  right.fdSync |
  right.fdWrite |
  right.fdFilestatGet |
  right.pollFdReadwrite;

export const socketRights = streamRights | right.sockShutdown | right.sockAccept;

export const directoryRights =
  right.fdFdstatSetFlags |
  right.fdSync |
  right.fdDatasync |
  right.fdAdvise |
  right.pathCreateDirectory |
  right.pathCreateFile |
  right.pathLinkSource |
  right.pathLinkTarget |
  right.pathOpen |
  right.fdReaddir |
  right.pathReadlink |
  right.pathRenameSource |
  right.pathRenameTarget |
  right.pathFilestatGet |
  right.pathFilestatSetSize |
  right.pathFilestatSetTimes |
  right.fdFilestatGet |
  right.fdFilestatSetTimes |
  right.pathSymlink |
  right.pathRemoveDirectory |
  right.pathUnlinkFile |
  right.pollFdReadwrite;

// A hard link made from a read-only directory into a writable one would make the file writable, so
// being a link's or a rename's source counts as writing.
export const writingRights =
  right.fdWrite |
  right.fdAllocate |
  right.fdFilestatSetSize |
  right.fdFilestatSetTimes |
  right.pathCreateDirectory |
  right.pathCreateFile |
  right.pathLinkSource |
  right.pathLinkTarget |
  right.pathRenameSource |
  right.pathRenameTarget |
  right.pathFilestatSetSize |
  right.pathFilestatSetTimes |
  right.pathSymlink |
  right.pathRemoveDirectory |
  right.pathUnlinkFile;
