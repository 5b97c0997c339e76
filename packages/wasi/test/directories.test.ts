import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { memoryDirectory } from "../src/index.ts";
import { create, directoryOnly, fileSystems, freshDirectory, readWrite, type Stat, TestGuest } from "./guest.ts";

describe.each(fileSystems)("directories of kind $kind", ({ kind }) => {
  let guest: TestGuest;
  let fresh: ReturnType<typeof freshDirectory>;
  beforeEach(() => {
    fresh = freshDirectory(kind);
    guest = new TestGuest({ preopens: { "/": fresh.directory, "/other": memoryDirectory() } });
  });
  afterEach(() => {
    guest.wasi.close();
    fresh.remove();
  });

  test("are created, listed and removed", () => {
    expect(guest.mkdir("d")).toBe("ESUCCESS");
    expect(guest.mkdir("d")).toBe("EEXIST");
    expect(guest.mkdir("d/e/")).toBe("ESUCCESS");
    expect(guest.mkdir("x/y")).toBe("ENOENT");
    expect(guest.mkdir(".")).toBe("EEXIST");
    expect(guest.rmdir("d")).toBe("ENOTEMPTY");
    expect(guest.unlink("d")).toBe("EISDIR");
    expect(guest.rmdir("d/e/")).toBe("ESUCCESS");
    expect(guest.rmdir(".")).toBe("EINVAL");
    guest.writeFile("f", "");
    expect(guest.rmdir("f")).toBe("ENOTDIR");
    expect(guest.unlink("f/")).toBe("ENOTDIR");
    expect(guest.list().sort()).toEqual([".", "..", "d", "f"]);
  });

  test.each([24 + 12, 64, 100, 4096])("are listed whole through a buffer of %i bytes", (room) => {
    const names = Array.from({ length: 40 }, (_, index) => `file-${index}`);
    for (const name of names) guest.writeFile(name, "");
    expect(guest.list(3, room).sort()).toEqual([".", "..", ...names].sort());
  });

  test("keep their cookies true while entries come and go", () => {
    for (const name of ["a", "b", "c", "d"]) guest.writeFile(name, "");
    const buffer = guest.room(4096);
    const result = guest.room(4);
    // Two records with one-letter names after "." and "..".
    guest.ok("fd_readdir", 3, buffer, 25 + 26 + 25 + 25, 0n, result);
    const cookie = guest.view.getBigUint64(buffer + 25 + 26 + 25, true);
    expect(cookie).toBe(4n);
    for (const name of ["a", "b", "c", "d"]) guest.unlink(name);
    guest.writeFile("new", "");
    guest.ok("fd_readdir", 3, buffer, 4096, cookie, result);
    expect(guest.view.getUint32(result, true)).toBe(50);
    guest.ok("fd_readdir", 3, buffer, 4096, 99n, result);
    expect(guest.view.getUint32(result, true)).toBe(0);
    expect(guest.list().sort()).toEqual([".", "..", "new"]);
  });

  test("cut the last entry at the buffer's end, byte by byte", () => {
    guest.writeFile("abcdef", "");
    const result = guest.room(4);
    for (const room of [0, 1, 23, 24, 25, 50, 80]) {
      const buffer = guest.room(128);
      guest.memory.bytes.fill(0xee, buffer, buffer + 128);
      guest.ok("fd_readdir", 3, buffer, room, 0n, result);
      expect(guest.view.getUint32(result, true)).toBe(room);
      expect(guest.memory.bytes[buffer + room]).toBe(0xee);
    }
  });

  test("give types and inodes that agree with stat", () => {
    guest.writeFile("file", "");
    guest.mkdir("dir");
    guest.symlink("file", "link");
    const buffer = guest.room(4096);
    const result = guest.room(4);
    guest.ok("fd_readdir", 3, buffer, 4096, 2n, result);
    const seen = new Map<string, { inode: bigint; type: number }>();
    for (let at = buffer; at < buffer + guest.view.getUint32(result, true); ) {
      const length = guest.view.getUint32(at + 16, true);
      const name = String.fromCharCode(...guest.memory.bytes.slice(at + 24, at + 24 + length));
      seen.set(name, { inode: guest.view.getBigUint64(at + 8, true), type: guest.view.getUint8(at + 20) });
      at += 24 + length;
    }
    for (const [name, type] of [
      ["file", 4],
      ["dir", 3],
      ["link", 7],
    ] as const) {
      const stat = guest.stat(name, { follow: false }) as Stat;
      expect(seen.get(name)).toEqual({ inode: stat.inode, type });
      expect(stat.type).toBe(type);
    }
  });

  test("can be opened and used as the start of paths", () => {
    guest.mkdir("d");
    const fd = guest.opened("d", directoryOnly, { rights: 0xffff_ffffn & ~(1n << 6n) });
    expect(guest.mkdir("inner", fd)).toBe("ESUCCESS");
    expect((guest.stat("d/inner") as Stat).type).toBe(3);
    expect((guest.stat(".", { at: fd }) as Stat).inode).toBe((guest.stat("d") as Stat).inode);
    expect(guest.list(fd).sort()).toEqual([".", "..", "inner"]);
    expect(guest.rename("inner", "moved", fd, 3)).toBe("ESUCCESS");
    expect(guest.list().sort()).toEqual([".", "..", "d", "moved"]);
  });

  test("are renamed as POSIX has it", () => {
    guest.mkdir("a");
    guest.mkdir("b");
    guest.writeFile("b/f", "1");
    guest.writeFile("file", "2");
    expect(guest.rename("a", "b")).toBe("ENOTEMPTY");
    expect(guest.rename("a", "file")).toBe("ENOTDIR");
    expect(guest.rename("file", "a")).toBe("EISDIR");
    expect(guest.rename("b", "b/inside")).toBe("EINVAL");
    expect(guest.rename("b", "a")).toBe("ESUCCESS");
    expect(guest.readFile("a/f")).toBe("1");
    expect(guest.rename("file", "a/f")).toBe("ESUCCESS");
    expect(guest.readFile("a/f")).toBe("2");
    expect(guest.rename("a/f", "g/")).toBe("ENOTDIR");
    expect(guest.rename("a/", "c/")).toBe("ESUCCESS");
    expect(guest.rename("missing", "x")).toBe("ENOENT");
    expect(guest.rename(".", "x")).toBe("EBUSY");
    guest.link("c/f", "same");
    expect(guest.rename("same", "c/f")).toBe("ESUCCESS");
  });

  test("do not link or rename across file systems", () => {
    guest.writeFile("f", "");
    expect(guest.link("f", "f", { at: 3, toAt: 4 })).toBe("EXDEV");
    expect(guest.rename("f", "f", 3, 4)).toBe("EXDEV");
    expect(guest.rename("f", "f", 4, 3)).toBe("ENOENT");
  });

  test("take nothing new once removed", () => {
    guest.mkdir("d");
    const fd = guest.opened("d", directoryOnly, { rights: 0xffff_ffffn & ~(1n << 6n) });
    guest.rmdir("d");
    expect(guest.open("f", create, { at: fd, rights: readWrite })).toBe("ENOENT");
    expect(guest.mkdir("e", fd)).toBe("ENOENT");
  });

  test("refuse what is no path", () => {
    expect(guest.open("")).toBe("ENOENT");
    expect(guest.open("a\0b", create)).toBe("EINVAL");
    expect(guest.open("x".repeat(4097))).toBe("ENAMETOOLONG");
    const result = guest.room(4);
    expect(guest.call("path_open", 3, 1, ...guest.put(Uint8Array.of(0xff, 0xfe)), create, 0n, 0n, 0, result)).toBe(
      "EILSEQ",
    );
    expect(guest.call("path_open", 3, 2, ...guest.put("a"), create, 0n, 0n, 0, result)).toBe("EINVAL");
  });

  test("keep names that are not ASCII", () => {
    const names = ["żółć", "日本", "🦀"];
    for (const name of names) expect(guest.writeFile(name, name)).toBe("ESUCCESS");
    expect(guest.list().sort()).toEqual([".", "..", ...names].sort());
    expect(guest.readFile("🦀")).toBe("🦀");
  });

  test("change by symbolic links only where links lead", () => {
    guest.mkdir("d");
    guest.writeFile("d/f", "target");
    expect(guest.symlink("d/f", "l")).toBe("ESUCCESS");
    expect(guest.symlink("x", "l")).toBe("EEXIST");
    expect(guest.symlink("", "m")).toBe("ENOENT");
    expect(guest.readlink("l")).toBe("d/f");
    expect(guest.readlink("l", 2)).toBe("d/");
    expect(guest.readlink("d")).toBe("EINVAL");
    expect(guest.readFile("l")).toBe("target");
    expect(guest.open("l", 0, { follow: false })).toBe("ELOOP");
    expect((guest.stat("l", { follow: false }) as Stat).type).toBe(7);
    expect((guest.stat("l") as Stat).type).toBe(4);
    guest.symlink("d", "dir");
    expect(guest.readFile("dir/f")).toBe("target");
    expect(guest.readFile("dir/./../dir/f")).toBe("target");
    expect(guest.stat("dir/", { follow: false })).toBe("ENOTDIR");
    expect(guest.rmdir("dir")).toBe("ENOTDIR");
    expect(guest.unlink("dir")).toBe("ESUCCESS");
    expect(guest.link("l", "hard")).toBe("ESUCCESS");
    expect(guest.readlink("hard")).toBe("d/f");
    expect(guest.link("l", "followed", { follow: true })).toBe("ESUCCESS");
    expect(guest.readlink("followed")).toBe("EINVAL");
    expect(guest.readFile("followed")).toBe("target");
  });

  test("create through a dangling link where it points, but never exclusively", () => {
    guest.symlink("missing", "l");
    expect(guest.open("l")).toBe("ENOENT");
    expect(guest.open("l", create | 4, { rights: readWrite })).toBe("EEXIST");
    expect(guest.writeFile("l", "x")).toBe("ESUCCESS");
    expect(guest.readFile("missing")).toBe("x");
  });

  test("give up on links that go round", () => {
    guest.symlink("b", "a");
    guest.symlink("a", "b");
    guest.symlink("self/x", "self");
    for (const path of ["a", "a/x", "self", "self/y"]) expect(guest.open(path)).toBe("ELOOP");
    guest.symlink("grow/grow/grow", "grow");
    expect(guest.open("grow")).toBe("ELOOP");
  });
});
