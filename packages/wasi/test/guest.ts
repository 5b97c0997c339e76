// A guest for tests: a plain memory and the calls a C program would make, by name. Returns error names.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errnoNames } from "../src/errno.ts";
import { type Directory, memoryDirectory, Wasi, type WasiOptions } from "../src/index.ts";
import { nodeClocks, nodeRandom } from "../src/node/clocks.ts";
import { openHostDirectory } from "../src/node/host-directory.ts";
import type { FunctionName } from "../src/signatures.ts";
import { decodeUtf8, encodeUtf8 } from "../src/utf8.ts";

export const all = 0xffff_ffffn;
export const create = 1;
export const directoryOnly = 2;
export const exclusive = 4;
export const truncate = 8;
export const append = 1;
/** Read, seek, write, tell and so on: what a file may carry, without what only directories have. */
export const readWrite = 0x8e001ffn & ~(1n << 14n);
export const readOnly = readWrite & ~((1n << 6n) | (1n << 8n) | (1n << 22n));

export interface Stat {
  readonly inode: bigint;
  readonly type: number;
  readonly linkCount: bigint;
  readonly size: bigint;
  readonly accessTime: bigint;
  readonly modificationTime: bigint;
}

export class TestGuest {
  readonly wasi: Wasi;
  readonly memory: { bytes: Uint8Array };
  #next = 1024;

  constructor(options: WasiOptions = {}, byteCount = 0x10_0000) {
    this.wasi = new Wasi({ clocks: nodeClocks(), random: nodeRandom, ...options });
    this.memory = { bytes: new Uint8Array(byteCount) };
  }

  get view(): DataView {
    const { bytes } = this.memory;
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  call(name: FunctionName, ...args: (number | bigint)[]): string {
    return errnoNames[this.wasi.functions[name].call(this.memory, ...args) as number] ?? "none";
  }

  ok(name: FunctionName, ...args: (number | bigint)[]): void {
    const result = this.call(name, ...args);
    if (result !== "ESUCCESS") throw new Error(`${name}: ${result}`);
  }

  room(byteCount: number): number {
    this.#next = (this.#next + 15) & ~15;
    if (this.#next + byteCount > this.memory.bytes.length) this.#next = 1024;
    const pointer = this.#next;
    this.#next += byteCount;
    return pointer;
  }

  put(content: string | Uint8Array): [pointer: number, length: number] {
    const bytes = typeof content === "string" ? encodeUtf8(content) : content;
    const pointer = this.room(bytes.length);
    this.memory.bytes.set(bytes, pointer);
    return [pointer, bytes.length];
  }

  iovecs(...spans: readonly (readonly [number, number])[]): [pointer: number, count: number] {
    const pointer = this.room(spans.length * 8);
    for (const [index, [start, length]] of spans.entries()) {
      this.view.setUint32(pointer + index * 8, start, true);
      this.view.setUint32(pointer + index * 8 + 4, length, true);
    }
    return [pointer, spans.length];
  }

  /** The new descriptor, or the error's name. */
  open(
    path: string,
    oflags = 0,
    { rights = readOnly, follow = true, fdFlags = 0, at = 3, inheriting = all } = {},
  ): number | string {
    const result = this.room(4);
    const errno = this.call(
      "path_open",
      at,
      follow ? 1 : 0,
      ...this.put(path),
      oflags,
      rights,
      inheriting,
      fdFlags,
      result,
    );
    return errno === "ESUCCESS" ? this.view.getUint32(result, true) : errno;
  }

  opened(...args: Parameters<TestGuest["open"]>): number {
    const fd = this.open(...args);
    if (typeof fd === "string") throw new Error(`open ${args[0]}: ${fd}`);
    return fd;
  }

  read(fd: number, length: number): string {
    const buffer = this.room(length);
    const result = this.room(4);
    const errno = this.call("fd_read", fd, ...this.iovecs([buffer, length]), result);
    if (errno !== "ESUCCESS") return errno;
    return decodeUtf8(this.memory.bytes.slice(buffer, buffer + this.view.getUint32(result, true))) ?? "?";
  }

  write(fd: number, ...contents: string[]): number | string {
    const result = this.room(4);
    const errno = this.call("fd_write", fd, ...this.iovecs(...contents.map((content) => this.put(content))), result);
    return errno === "ESUCCESS" ? this.view.getUint32(result, true) : errno;
  }

  seek(fd: number, offset: bigint, whence: number): bigint | string {
    const result = this.room(8);
    const errno = this.call("fd_seek", fd, offset, whence, result);
    return errno === "ESUCCESS" ? this.view.getBigUint64(result, true) : errno;
  }

  stat(path: string, { follow = true, at = 3 } = {}): Stat | string {
    const result = this.room(64);
    const errno = this.call("path_filestat_get", at, follow ? 1 : 0, ...this.put(path), result);
    return errno === "ESUCCESS" ? this.statAt(result) : errno;
  }

  fdStat(fd: number): Stat | string {
    const result = this.room(64);
    const errno = this.call("fd_filestat_get", fd, result);
    return errno === "ESUCCESS" ? this.statAt(result) : errno;
  }

  statAt(pointer: number): Stat {
    return {
      inode: this.view.getBigUint64(pointer + 8, true),
      type: this.view.getUint8(pointer + 16),
      linkCount: this.view.getBigUint64(pointer + 24, true),
      size: this.view.getBigUint64(pointer + 32, true),
      accessTime: this.view.getBigUint64(pointer + 40, true),
      modificationTime: this.view.getBigUint64(pointer + 48, true),
    };
  }

  readFile(path: string): string {
    const fd = this.open(path);
    if (typeof fd === "string") return fd;
    const text = this.read(fd, 4096);
    this.ok("fd_close", fd);
    return text;
  }

  writeFile(path: string, content: string): string {
    const fd = this.open(path, create | truncate, { rights: readWrite });
    if (typeof fd === "string") return fd;
    const written = this.write(fd, content);
    this.ok("fd_close", fd);
    return typeof written === "string" ? written : "ESUCCESS";
  }

  mkdir = (path: string, at = 3) => this.call("path_create_directory", at, ...this.put(path));
  rmdir = (path: string, at = 3) => this.call("path_remove_directory", at, ...this.put(path));
  unlink = (path: string, at = 3) => this.call("path_unlink_file", at, ...this.put(path));
  symlink = (target: string, path: string, at = 3) =>
    this.call("path_symlink", ...this.put(target), at, ...this.put(path));
  rename = (from: string, to: string, at = 3, toAt: number = at) =>
    this.call("path_rename", at, ...this.put(from), toAt, ...this.put(to));
  link = (from: string, to: string, { follow = false, at = 3, toAt = 3 } = {}) =>
    this.call("path_link", at, follow ? 1 : 0, ...this.put(from), toAt, ...this.put(to));

  readlink(path: string, room = 256, at = 3): string {
    const buffer = this.room(room);
    const result = this.room(4);
    const errno = this.call("path_readlink", at, ...this.put(path), buffer, room, result);
    if (errno !== "ESUCCESS") return errno;
    return decodeUtf8(this.memory.bytes.slice(buffer, buffer + this.view.getUint32(result, true))) ?? "?";
  }

  /** The names, read with a buffer of this size as C libraries do: again from the last whole entry's cookie. */
  list(fd = 3, room = 4096): string[] {
    const names: string[] = [];
    const buffer = this.room(room);
    const result = this.room(4);
    for (let cookie = 0n; ; ) {
      this.ok("fd_readdir", fd, buffer, room, cookie, result);
      const used = this.view.getUint32(result, true);
      let at = 0;
      while (at + 24 <= used) {
        const length = this.view.getUint32(buffer + at + 16, true);
        if (at + 24 + length > used) break;
        cookie = this.view.getBigUint64(buffer + at, true);
        names.push(decodeUtf8(this.memory.bytes.slice(buffer + at + 24, buffer + at + 24 + length)) ?? "?");
        at += 24 + length;
      }
      if (used < room) return names;
      if (at === 0) throw new Error("an entry does not fit");
    }
  }
}

/** Every kind of file system a guest can be given, for tests that all must pass. */
export const fileSystems = (["descriptor", "path", "memory"] as const)
  .filter((kind) => kind !== "descriptor" || process.platform === "linux")
  .map((kind) => ({ kind }));

/** A new empty directory of that kind. For host kinds, `path` is it, in a directory of its own. */
export function freshDirectory(kind: "descriptor" | "path" | "memory"): {
  directory: Directory;
  path: string;
  remove(): void;
} {
  const outer = mkdtempSync(join(tmpdir(), "anywasm-wasi-"));
  const path = join(outer, "box");
  mkdirSync(path);
  const remove = () => rmSync(outer, { recursive: true, force: true });
  if (kind === "memory") return { directory: memoryDirectory(), path, remove };
  const clocks = nodeClocks();
  return {
    directory: openHostDirectory(path, { access: kind, sleep: (duration) => clocks.sleep(duration) }),
    path,
    remove,
  };
}
