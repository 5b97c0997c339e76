// fd_readdir: a directory's entries as records, continued by cookie.

import { type FileType, fileType, right } from "../abi.ts";
import type { DirectoryDescriptor } from "../descriptors.ts";
import { WasiError } from "../errno.ts";
import type { Guest } from "../guest.ts";
import type { Implementations } from "../signatures.ts";
import { encodeUtf8 } from "../utf8.ts";

const headSize = 24;

export const directoryFunctions = {
  fd_readdir(system, guest, fd, buffer, bufferLength, cookie, result) {
    const descriptor = system.descriptors.directory(fd, right.fdReaddir);
    guest.view(result, 4);
    guest.view(buffer, bufferLength);

    // The listing is taken once and kept: cookies stay true while entries come and go.
    if (cookie === 0n || descriptor.listing === null) descriptor.listing = descriptor.directory.list();
    const count = descriptor.listing.length + 2;
    if (cookie > BigInt(Number.MAX_SAFE_INTEGER)) throw new WasiError("EINVAL");

    let used = 0;
    for (let index = Number(cookie); index < count && used < bufferLength; index++) {
      used += writeEntry(guest, buffer + used, bufferLength - used, entryAt(descriptor, index), BigInt(index + 1));
    }
    // A full buffer tells the guest to come again; a cut entry is the sign of it.
    guest.setU32(result, used);
  },
} satisfies Partial<Implementations>;

interface Entry {
  readonly name: Uint8Array;
  readonly inode: bigint;
  readonly type: FileType;
}

function entryAt({ directory, listing }: DirectoryDescriptor, index: number): Entry {
  if (index === 0) return { name: encodeUtf8("."), inode: directory.stat().inode, type: fileType.directory };
  // What lies above is none of the guest's business; 0 says "unknown".
  if (index === 1) return { name: encodeUtf8(".."), inode: 0n, type: fileType.directory };
  const entry = listing?.[index - 2];
  if (entry === undefined) throw new WasiError("EINVAL");
  return { name: encodeUtf8(entry.name), inode: directory.lookup(entry.name)?.inode ?? 0n, type: entry.type };
}

/** Writes as much of the entry as fits and returns how much that was. */
function writeEntry(guest: Guest, pointer: number, room: number, entry: Entry, next: bigint): number {
  const bytes = new Uint8Array(headSize + entry.name.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, next, true);
  view.setBigUint64(8, entry.inode, true);
  view.setUint32(16, entry.name.length, true);
  view.setUint8(20, entry.type);
  bytes.set(entry.name, headSize);
  const piece = bytes.subarray(0, room);
  guest.setBytes(pointer, piece);
  return piece.length;
}
