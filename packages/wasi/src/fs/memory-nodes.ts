// The inodes of the in-memory file system and the space they may take. Knows no handles and no links' meaning.

import { fileType } from "../abi.ts";
import { WasiError } from "../errno.ts";
import type { FileStat, FileTimes } from "./types.ts";

interface NodeBase {
  readonly inode: bigint;
  linkCount: number;
  accessTime: bigint;
  modificationTime: bigint;
  changeTime: bigint;
}

export interface FileNode extends NodeBase {
  readonly kind: "file";
  /** May be longer than the file, to grow in steps. */
  bytes: Uint8Array;
  size: number;
  openCount: number;
}

export interface DirectoryNode extends NodeBase {
  readonly kind: "directory";
  readonly entries: Map<string, Node>;
  parent: DirectoryNode | null;
}

export interface SymlinkNode extends NodeBase {
  readonly kind: "symlink";
  readonly target: string;
}

export type Node = FileNode | DirectoryNode | SymlinkNode;

// What one entry costs of the limit besides its content, so that empty files are not free.
const nodeCost = 256;

/** One in-memory file system's clock, inode numbers and remaining space. */
export class Volume {
  readonly now: () => bigint;
  private readonly maxByteCount: number;
  private usedByteCount = 0;
  private nextInode = 1n;

  constructor(maxByteCount: number, now: () => bigint) {
    this.maxByteCount = maxByteCount;
    this.now = now;
  }

  file(): FileNode {
    return { ...this.base(), kind: "file", bytes: new Uint8Array(0), size: 0, openCount: 0 };
  }

  directory(parent: DirectoryNode | null): DirectoryNode {
    return { ...this.base(), kind: "directory", entries: new Map(), parent };
  }

  symlink(target: string): SymlinkNode {
    this.charge(target.length);
    return { ...this.base(), kind: "symlink", target };
  }

  /** Gives the space back once nothing leads to the node any more. */
  releaseIfUnused(node: Node): void {
    if (node.linkCount > 0 || (node.kind === "file" && node.openCount > 0)) return;
    const content = node.kind === "file" ? node.bytes.length : node.kind === "symlink" ? node.target.length : 0;
    this.usedByteCount -= content + nodeCost;
    if (node.kind === "file") node.bytes = new Uint8Array(0);
  }

  resize(file: FileNode, size: number): void {
    if (size > file.bytes.length) {
      const wanted = Math.max(size, Math.min(file.bytes.length * 2, file.bytes.length + 0x100_0000));
      const capacity = this.fits(wanted - file.bytes.length) ? wanted : size;
      this.charge(capacity - file.bytes.length);
      const bytes = new Uint8Array(capacity);
      bytes.set(file.bytes.subarray(0, file.size));
      file.bytes = bytes;
    } else if (size < file.size) {
      file.bytes.fill(0, size, file.size);
    }
    file.size = size;
  }

  private base(): NodeBase {
    this.charge(nodeCost);
    const now = this.now();
    return { inode: this.nextInode++, linkCount: 1, accessTime: now, modificationTime: now, changeTime: now };
  }

  private charge(byteCount: number): void {
    if (!this.fits(byteCount)) throw new WasiError("ENOSPC");
    this.usedByteCount += byteCount;
  }

  private fits(byteCount: number): boolean {
    return this.usedByteCount + byteCount <= this.maxByteCount;
  }
}

export function nodeStat(node: Node): FileStat {
  return {
    device: 1n,
    inode: node.inode,
    type: nodeType(node),
    linkCount: BigInt(node.linkCount),
    size: BigInt(node.kind === "file" ? node.size : node.kind === "symlink" ? node.target.length : node.entries.size),
    accessTime: node.accessTime,
    modificationTime: node.modificationTime,
    changeTime: node.changeTime,
  };
}

export function nodeType(node: Node) {
  return node.kind === "file"
    ? fileType.regularFile
    : node.kind === "directory"
      ? fileType.directory
      : fileType.symbolicLink;
}

export function setNodeTimes(node: Node, times: FileTimes, now: bigint): void {
  if (times.access !== undefined) node.accessTime = times.access;
  if (times.modification !== undefined) node.modificationTime = times.modification;
  node.changeTime = now;
}

export function touch(node: Node, now: bigint): void {
  node.modificationTime = now;
  node.changeTime = now;
}
