import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  append,
  create,
  directoryOnly,
  exclusive,
  fileSystems,
  freshDirectory,
  readOnly,
  readWrite,
  type Stat,
  TestGuest,
  truncate,
} from "./guest.ts";

describe.each(fileSystems)("files in a $kind directory", ({ kind }) => {
  let guest: TestGuest;
  let fresh: ReturnType<typeof freshDirectory>;
  beforeEach(() => {
    fresh = freshDirectory(kind);
    guest = new TestGuest({ preopens: { "/": fresh.directory } });
  });
  afterEach(() => {
    guest.wasi.close();
    fresh.remove();
  });

  test("are written, read back and truncated", () => {
    expect(guest.writeFile("a", "hello")).toBe("ESUCCESS");
    expect(guest.readFile("a")).toBe("hello");
    expect(guest.writeFile("a", "x")).toBe("ESUCCESS");
    expect(guest.readFile("a")).toBe("x");
  });

  test("gather and scatter over several iovecs, also empty ones", () => {
    const fd = guest.opened("a", create, { rights: readWrite });
    expect(guest.write(fd, "one", "", "two")).toBe(6);
    expect(guest.seek(fd, 1n, 0)).toBe(1n);
    const [first, second] = [guest.room(2), guest.room(10)];
    const result = guest.room(4);
    guest.ok("fd_read", fd, ...guest.iovecs([first, 2], [second, 0], [second, 10]), result);
    expect(guest.view.getUint32(result, true)).toBe(5);
    expect([...guest.memory.bytes.slice(second, second + 3)]).toEqual([..."two"].map((c) => c.charCodeAt(0)));
    expect(guest.read(fd, 10)).toBe("");
  });

  test("keep a position for each descriptor, which pread and pwrite leave alone", () => {
    guest.writeFile("a", "0123456789");
    const fd = guest.opened("a", 0, { rights: readWrite });
    expect(guest.read(fd, 3)).toBe("012");
    const result = guest.room(4);
    const [buffer] = guest.put("    ");
    guest.ok("fd_pread", fd, ...guest.iovecs([buffer, 4]), 5n, result);
    expect(guest.view.getUint32(buffer, true)).toBe(0x38373635);
    guest.ok("fd_pwrite", fd, ...guest.iovecs(guest.put("AB")), 3n, result);
    expect(guest.seek(fd, 0n, 1)).toBe(3n);
    expect(guest.read(fd, 3)).toBe("AB5");
    expect(guest.seek(fd, -1n, 2)).toBe(9n);
    expect(guest.read(fd, 5)).toBe("9");
    expect(guest.seek(fd, -1n, 0)).toBe("EINVAL");
    expect(guest.seek(fd, 0n, 3)).toBe("EINVAL");
    expect(guest.call("fd_tell", fd, result)).toBe("ESUCCESS");
  });

  test("read nothing past the end, and writing there leaves zeros", () => {
    const fd = guest.opened("a", create, { rights: readWrite });
    guest.seek(fd, 5n, 0);
    expect(guest.read(fd, 5)).toBe("");
    guest.write(fd, "x");
    expect(guest.readFile("a")).toBe("\0\0\0\0\0x");
  });

  test("append where the end is by then, also when the flag is set later, and not when it is cleared", () => {
    guest.writeFile("log", "1");
    const fd = guest.opened("log", 0, { rights: readWrite, fdFlags: append });
    const other = guest.opened("log", 0, { rights: readWrite });
    expect(guest.write(fd, "2")).toBe(1);
    guest.seek(other, 0n, 2);
    guest.write(other, "3");
    guest.seek(fd, 0n, 0);
    expect(guest.write(fd, "4")).toBe(1);
    expect(guest.seek(fd, 0n, 1)).toBe(4n);
    expect(guest.readFile("log")).toBe("1234");
    guest.ok("fd_fdstat_set_flags", fd, 0);
    guest.seek(fd, 0n, 0);
    guest.write(fd, "A");
    guest.ok("fd_fdstat_set_flags", other, append);
    guest.seek(other, 0n, 0);
    guest.write(other, "Z");
    expect(guest.readFile("log")).toBe("A234Z");
  });

  test("obey create, exclusive, directory and truncate", () => {
    expect(guest.open("a")).toBe("ENOENT");
    expect(guest.open("a", create | directoryOnly)).toBe("EINVAL");
    expect(guest.open("a", create | exclusive)).toBeTypeOf("number");
    expect(guest.open("a", create | exclusive)).toBe("EEXIST");
    expect(guest.open("a", directoryOnly)).toBe("ENOTDIR");
    expect(guest.open("a/")).toBe("ENOTDIR");
    expect(guest.open("b/", create)).toBe("EISDIR");
    expect(guest.open("a/b")).toBe("ENOTDIR");
    guest.mkdir("d");
    expect(guest.open("d", create)).toBe("EISDIR");
    expect(guest.open("d", 0, { rights: readWrite })).toBe("EISDIR");
    expect(guest.open("d", truncate)).toBe("EISDIR");
    expect(guest.open("a", 16)).toBe("EINVAL");
    expect(guest.open("a", 0, { fdFlags: 32 })).toBe("EINVAL");
  });

  test("stay usable when unlinked or renamed while open", () => {
    const fd = guest.opened("a", create, { rights: readWrite });
    guest.write(fd, "kept");
    expect(guest.rename("a", "b")).toBe("ESUCCESS");
    expect(guest.unlink("b")).toBe("ESUCCESS");
    expect(guest.unlink("b")).toBe("ENOENT");
    guest.seek(fd, 0n, 0);
    expect(guest.read(fd, 10)).toBe("kept");
    guest.ok("fd_fdstat_set_flags", fd, append);
    expect(guest.write(fd, "!")).toBe(1);
    expect((guest.fdStat(fd) as Stat).size).toBe(5n);
  });

  test("change size by set_size and allocate, which never shrinks", () => {
    const fd = guest.opened("a", create, { rights: readWrite });
    guest.ok("fd_filestat_set_size", fd, 10n);
    guest.ok("fd_allocate", fd, 0n, 5n);
    expect((guest.fdStat(fd) as Stat).size).toBe(10n);
    guest.ok("fd_allocate", fd, 8n, 12n);
    expect((guest.stat("a") as Stat).size).toBe(20n);
    expect(guest.call("fd_allocate", fd, 0n, 0n)).toBe("EINVAL");
    guest.ok("fd_filestat_set_size", fd, 3n);
    expect(guest.readFile("a")).toBe("\0\0\0");
    expect(guest.call("fd_filestat_set_size", fd, 2n ** 60n)).toBe("EFBIG");
    expect(guest.call("fd_filestat_set_size", fd, -1n)).toBe("EINVAL");
    expect(guest.call("fd_allocate", fd, 2n ** 62n, 2n ** 62n)).toBe("EFBIG");
  });

  test("take times, one at a time, by descriptor and by path", () => {
    guest.writeFile("a", "");
    const fd = guest.opened("a", 0, { rights: readWrite });
    const second = 1_000_000_000n;
    guest.ok("fd_filestat_set_times", fd, 5n * second, 7n * second, 1 | 4);
    expect(guest.fdStat(fd)).toMatchObject({ accessTime: 5n * second, modificationTime: 7n * second });
    guest.ok("path_filestat_set_times", 3, 1, ...guest.put("a"), 9n * second, 0n, 1);
    expect(guest.stat("a")).toMatchObject({ accessTime: 9n * second, modificationTime: 7n * second });
    for (let micros = 1_795_219_462_328_501n; micros < 1_795_219_462_328_601n; micros++) {
      guest.ok("fd_filestat_set_times", fd, 0n, micros * 1000n, 4);
      expect((guest.fdStat(fd) as Stat).modificationTime / 1000n).toBe(micros);
    }
    guest.ok("fd_filestat_set_times", fd, 0n, 0n, 8);
    const { modificationTime } = guest.fdStat(fd) as Stat;
    expect(modificationTime / second).toBeGreaterThan(BigInt(Date.now()) / 1000n - 10n);
    expect(guest.call("fd_filestat_set_times", fd, 0n, 0n, 4 | 8)).toBe("EINVAL");
    expect(guest.call("fd_filestat_set_times", fd, 0n, 0n, 16)).toBe("EINVAL");
  });

  test("have the same inode by every name, and count their names", () => {
    guest.writeFile("a", "shared");
    expect(guest.link("a", "b")).toBe("ESUCCESS");
    expect(guest.link("a", "b")).toBe("EEXIST");
    const [a, b] = [guest.stat("a") as Stat, guest.stat("b") as Stat];
    expect(a).toEqual({ ...b, accessTime: a.accessTime });
    expect(a.linkCount).toBe(2n);
    guest.unlink("a");
    expect(guest.readFile("b")).toBe("shared");
    guest.mkdir("d");
    expect(guest.link("d", "e")).toBe("EPERM");
    expect(guest.link("b", "new/")).toBe("ENOENT");
  });

  test("synchronize, and take advice", () => {
    const fd = guest.opened("a", create, { rights: readWrite, fdFlags: 16 });
    expect(guest.write(fd, "x")).toBe(1);
    for (const name of ["fd_sync", "fd_datasync"] as const) expect(guest.call(name, fd)).toBe("ESUCCESS");
    expect(guest.call("fd_sync", 3)).toBe("ESUCCESS");
    expect(guest.call("fd_advise", fd, 0n, 10n, 3)).toBe("ESUCCESS");
    expect(guest.call("fd_advise", fd, 0n, 10n, 6)).toBe("EINVAL");
    expect(guest.call("fd_fdstat_set_flags", fd, 0)).toBe("ENOTSUP");
    expect(guest.call("fd_fdstat_set_flags", fd, 32)).toBe("EINVAL");
  });

  test("carry only the rights asked for, and never get any back", () => {
    guest.writeFile("a", "x");
    const fd = guest.opened("a", 0, { rights: readOnly });
    expect(guest.write(fd, "y")).toBe("ENOTCAPABLE");
    expect(guest.call("fd_fdstat_set_rights", fd, readWrite, 0n)).toBe("ENOTCAPABLE");
    expect(guest.call("fd_fdstat_set_rights", fd, 2n ** 40n, 0n)).toBe("ENOTCAPABLE");
    guest.ok("fd_fdstat_set_rights", fd, 0n, 0n);
    expect(guest.read(fd, 1)).toBe("ENOTCAPABLE");
    const directory = guest.opened(".", directoryOnly, { rights: 1n << 13n, inheriting: 2n });
    expect(guest.open("new", create, { at: directory })).toBe("ENOTCAPABLE");
    const inherited = guest.opened("a", 0, { at: directory, rights: readWrite });
    expect(guest.write(inherited, "y")).toBe("ENOTCAPABLE");
    expect(guest.mkdir("d", directory)).toBe("ENOTCAPABLE");
  });

  test("report a file system that has no place for absurd sizes", () => {
    const fd = guest.opened("a", create, { rights: readWrite });
    guest.seek(fd, 2n ** 52n, 0);
    expect(["EFBIG", "ENOSPC", "EINVAL"]).toContain(guest.write(fd, "x"));
  });
});
