// The guest's descriptor table: numbers to open things, and the rights each carries. Performs no I/O but close.

import { WasiError } from "./errno.ts";
import type { Directory, DirectoryEntry, File } from "./fs/types.ts";
import type { Socket, Stream } from "./stream.ts";

interface DescriptorBase {
  /** What may be done with the descriptor itself. */
  baseRights: number;
  /** What descriptors opened through it may have. */
  inheritingRights: number;
  fdFlags: number;
}

export interface FileDescriptor extends DescriptorBase {
  readonly kind: "file";
  readonly file: File;
  position: number;
}

export interface DirectoryDescriptor extends DescriptorBase {
  readonly kind: "directory";
  readonly directory: Directory;
  /** The name the guest finds it under, for a preopened directory. */
  readonly preopenName: Uint8Array | null;
  /** What the last reading from the start found; the cookies count into it. */
  listing: readonly DirectoryEntry[] | null;
}

interface StreamDescriptor extends DescriptorBase {
  readonly kind: "stream";
  readonly stream: Stream;
}

export interface SocketDescriptor extends DescriptorBase {
  readonly kind: "socket";
  readonly socket: Socket;
}

export type Descriptor = FileDescriptor | DirectoryDescriptor | StreamDescriptor | SocketDescriptor;

export class DescriptorTable {
  private readonly descriptors = new Map<number, Descriptor>();
  private readonly maxCount: number;
  // No free number lies below it, so opening many files does not search from the start each time.
  private lowestFree = 0;

  constructor(maxCount: number) {
    this.maxCount = maxCount;
  }

  /** Throws EBADF for a number that is not open, ENOTCAPABLE where a right is missing. */
  get(fd: number, rights: number): Descriptor {
    const descriptor = this.descriptors.get(fd);
    if (descriptor === undefined) throw new WasiError("EBADF");
    if ((descriptor.baseRights & rights) !== rights) throw new WasiError("ENOTCAPABLE");
    return descriptor;
  }

  directory(fd: number, rights: number): DirectoryDescriptor {
    const descriptor = this.get(fd, 0);
    if (descriptor.kind !== "directory") throw new WasiError("ENOTDIR");
    this.get(fd, rights);
    return descriptor;
  }

  file(fd: number, rights: number): FileDescriptor {
    const descriptor = this.get(fd, 0);
    switch (descriptor.kind) {
      case "directory":
        throw new WasiError("EISDIR");
      case "stream":
      case "socket":
        throw new WasiError("ESPIPE");
      case "file":
        this.get(fd, rights);
        return descriptor;
    }
  }

  socket(fd: number, rights: number): SocketDescriptor {
    const descriptor = this.get(fd, 0);
    if (descriptor.kind !== "socket") throw new WasiError("ENOTSOCK");
    this.get(fd, rights);
    return descriptor;
  }

  /** Throws EMFILE when the table is full; asked before opening, so nothing opened is lost. */
  reserve(): void {
    if (this.descriptors.size >= this.maxCount) throw new WasiError("EMFILE");
  }

  /** The lowest free number, as POSIX has it. */
  add(descriptor: Descriptor): number {
    this.reserve();
    while (this.descriptors.has(this.lowestFree)) this.lowestFree++;
    this.descriptors.set(this.lowestFree, descriptor);
    return this.lowestFree++;
  }

  close(fd: number): void {
    const descriptor = this.get(fd, 0);
    this.remove(fd);
    closeDescriptor(descriptor);
  }

  /** Moves `from` to the number `to`, which must be open and is closed. */
  renumber(from: number, to: number): void {
    const moving = this.get(from, 0);
    const replaced = this.get(to, 0);
    if (from === to) return;
    this.remove(from);
    this.descriptors.set(to, moving);
    closeDescriptor(replaced);
  }

  closeAll(): void {
    const all = [...this.descriptors.values()];
    this.descriptors.clear();
    this.lowestFree = 0;
    for (const descriptor of all) closeDescriptor(descriptor);
  }

  private remove(fd: number): void {
    this.descriptors.delete(fd);
    this.lowestFree = Math.min(this.lowestFree, fd);
  }
}

function closeDescriptor(descriptor: Descriptor): void {
  switch (descriptor.kind) {
    case "file":
      return descriptor.file.close();
    case "directory":
      return descriptor.directory.close();
    case "stream":
      return descriptor.stream.close?.();
    case "socket":
      return descriptor.socket.close?.();
  }
}
