// A file system in memory: the `Directory` and `File` of engines without one. No paths, no host.

import { WasiError } from "../errno.ts";
import { messages, WasiOptionsError } from "../errors.ts";
import { encodeUtf8 } from "../utf8.ts";
import {
  type DirectoryNode,
  type FileNode,
  type Node,
  nodeStat,
  nodeType,
  setNodeTimes,
  touch,
  Volume,
} from "./memory-nodes.ts";
import type { Directory, DirectoryEntry, File, FileStat, FileTimes, Opened, OpenMode } from "./types.ts";

/** Files by name: text, bytes, or a directory. */
export interface FileTree {
  readonly [name: string]: string | Uint8Array | FileTree;
}

export interface MemoryDirectoryOptions {
  /** What all files and entries may take together; 1 GiB when left out. */
  readonly maxByteCount?: number;
  /** Nanoseconds since 1970; `Date.now` when left out. */
  readonly now?: () => bigint;
}

/**
 * A directory that lives in memory.
 *
 * @example
 * ```ts
 * const root = memoryDirectory({ "hello.txt": "hi\n", sub: { data: new Uint8Array(4) } });
 * const wasi = new Wasi({ preopens: { "/": root } });
 * ```
 */
export function memoryDirectory(tree: FileTree = {}, options: MemoryDirectoryOptions = {}): MemoryDirectory {
  const volume = new Volume(
    options.maxByteCount ?? 0x4000_0000,
    options.now ?? (() => BigInt(Date.now()) * 1_000_000n),
  );
  const root = new MemoryDirectory(volume, volume.directory(null));
  fill(root, tree);
  return root;
}

function fill(directory: MemoryDirectory, tree: FileTree): void {
  for (const [name, content] of Object.entries(tree)) {
    if (name === "" || name === "." || name === ".." || /[/\0]/.test(name))
      throw new WasiOptionsError(messages.fileTree(name));
    if (typeof content === "string" || content instanceof Uint8Array) {
      directory.writeFile(name, typeof content === "string" ? encodeUtf8(content) : content);
    } else {
      directory.createDirectory(name);
      fill(directory.openDirectory(name), content);
    }
  }
}

const toRead: OpenMode = { read: true, write: false, create: false, exclusive: false, truncate: false };
const toWrite: OpenMode = { read: false, write: true, create: true, exclusive: false, truncate: true };

export class MemoryDirectory implements Directory {
  private readonly volume: Volume;
  private readonly node: DirectoryNode;

  constructor(volume: Volume, node: DirectoryNode) {
    this.volume = volume;
    this.node = node;
  }

  stat(): FileStat {
    return nodeStat(this.node);
  }

  list(): readonly DirectoryEntry[] {
    return [...this.node.entries].map(([name, node]) => ({ name, type: nodeType(node) }));
  }

  lookup(name: string): FileStat | undefined {
    const node = this.node.entries.get(name);
    return node && nodeStat(node);
  }

  readLink(name: string): string {
    const node = this.existing(name);
    if (node.kind !== "symlink") throw new WasiError("EINVAL");
    return node.target;
  }

  openDirectory(name: string): MemoryDirectory {
    const node = this.existing(name);
    if (node.kind !== "directory") throw new WasiError("ENOTDIR");
    return new MemoryDirectory(this.volume, node);
  }

  openFile(name: string, mode: OpenMode): Opened & { kind: "file" } {
    const found = this.node.entries.get(name);
    if (found !== undefined && mode.create && mode.exclusive) throw new WasiError("EEXIST");
    if (found === undefined && !mode.create) throw new WasiError("ENOENT");
    const node = found ?? this.add(name, () => this.volume.file());
    if (node.kind === "symlink") throw new WasiError("ELOOP");
    if (node.kind === "directory") throw new WasiError("EISDIR");
    const file = new MemoryFile(this.volume, node, mode);
    if (mode.truncate) file.setSize(0);
    return { kind: "file", file };
  }

  /** Creates or replaces a file; for setting up and tests. */
  writeFile(name: string, content: Uint8Array): void {
    const { file } = this.openFile(name, toWrite);
    try {
      file.write(content, 0);
    } finally {
      file.close();
    }
  }

  /** A copy of a file's bytes. */
  readFile(name: string): Uint8Array {
    const { file } = this.openFile(name, toRead);
    try {
      const bytes = new Uint8Array(Number(file.stat().size));
      file.read(bytes, 0);
      return bytes;
    } finally {
      file.close();
    }
  }

  createDirectory(name: string): void {
    this.absent(name);
    this.add(name, () => this.volume.directory(this.node));
  }

  removeDirectory(name: string): void {
    const node = this.existing(name);
    if (node.kind !== "directory") throw new WasiError("ENOTDIR");
    if (node.entries.size > 0) throw new WasiError("ENOTEMPTY");
    this.drop(name, node);
  }

  unlink(name: string): void {
    const node = this.existing(name);
    if (node.kind === "directory") throw new WasiError("EISDIR");
    this.drop(name, node);
  }

  createSymlink(name: string, target: string): void {
    this.absent(name);
    this.add(name, () => this.volume.symlink(target));
  }

  link(name: string, to: Directory, newName: string): void {
    const target = this.sameVolume(to);
    const node = this.existing(name);
    if (node.kind === "directory") throw new WasiError("EPERM");
    target.absent(newName);
    target.insert(newName, node);
    node.linkCount++;
    node.changeTime = this.volume.now();
  }

  rename(name: string, to: Directory, newName: string): void {
    const target = this.sameVolume(to);
    const node = this.existing(name);
    const replaced = target.node.entries.get(newName);
    if (replaced === node) return;
    if (node.kind === "directory") {
      for (let above: DirectoryNode | null = target.node; above !== null; above = above.parent) {
        if (above === node) throw new WasiError("EINVAL");
      }
      if (replaced !== undefined) target.removeDirectory(newName);
    } else if (replaced !== undefined) {
      target.unlink(newName);
    }
    target.insert(newName, node);
    this.node.entries.delete(name);
    if (node.kind === "directory") node.parent = target.node;
    touch(this.node, this.volume.now());
  }

  setEntryTimes(name: string, times: FileTimes): void {
    setNodeTimes(this.existing(name), times, this.volume.now());
  }

  setTimes(times: FileTimes): void {
    setNodeTimes(this.node, times, this.volume.now());
  }

  sync(): void {}

  reopen(): MemoryDirectory {
    return new MemoryDirectory(this.volume, this.node);
  }

  close(): void {}

  private existing(name: string): Node {
    const node = this.node.entries.get(name);
    if (node === undefined) throw new WasiError("ENOENT");
    return node;
  }

  private absent(name: string): void {
    if (this.node.entries.has(name)) throw new WasiError("EEXIST");
  }

  private add<N extends Node>(name: string, create: () => N): N {
    this.alive();
    const node = create();
    this.insert(name, node);
    return node;
  }

  private insert(name: string, node: Node): void {
    this.alive();
    this.node.entries.set(name, node);
    touch(this.node, this.volume.now());
  }

  private drop(name: string, node: Node): void {
    this.node.entries.delete(name);
    node.linkCount--;
    if (node.kind === "directory") node.parent = null;
    this.volume.releaseIfUnused(node);
    touch(this.node, this.volume.now());
  }

  /** A removed directory that is still open takes no new entries. */
  private alive(): void {
    if (this.node.linkCount === 0) throw new WasiError("ENOENT");
  }

  private sameVolume(to: Directory): MemoryDirectory {
    if (!(to instanceof MemoryDirectory) || to.volume !== this.volume) throw new WasiError("EXDEV");
    return to;
  }
}

class MemoryFile implements File {
  private readonly volume: Volume;
  private readonly node: FileNode;
  private readonly mode: OpenMode;
  private closed = false;

  constructor(volume: Volume, node: FileNode, mode: OpenMode) {
    this.volume = volume;
    this.node = node;
    this.mode = mode;
    node.openCount++;
  }

  stat(): FileStat {
    return nodeStat(this.node);
  }

  read(target: Uint8Array, position: number): number {
    if (!this.mode.read) throw new WasiError("EBADF");
    const { bytes, size } = this.node;
    const piece = bytes.subarray(Math.min(position, size), Math.min(position + target.length, size));
    target.set(piece);
    this.node.accessTime = this.volume.now();
    return piece.length;
  }

  write(source: Uint8Array, position: number): number {
    if (!this.mode.write) throw new WasiError("EBADF");
    const end = position + source.length;
    if (end > this.node.size) this.volume.resize(this.node, end);
    this.node.bytes.set(source, position);
    touch(this.node, this.volume.now());
    return source.length;
  }

  append(source: Uint8Array): number {
    return this.write(source, this.node.size);
  }

  setSize(size: number): void {
    if (!this.mode.write && !this.mode.truncate) throw new WasiError("EINVAL");
    this.volume.resize(this.node, size);
    touch(this.node, this.volume.now());
  }

  setTimes(times: FileTimes): void {
    setNodeTimes(this.node, times, this.volume.now());
  }

  sync(): void {}

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.node.openCount--;
    this.volume.releaseIfUnused(this.node);
  }
}
