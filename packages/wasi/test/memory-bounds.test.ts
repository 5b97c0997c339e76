// What a hostile or broken guest passes as pointers, lengths and counts.

import { describe, expect, test } from "vitest";
import { memoryDirectory, Wasi } from "../src/index.ts";
import { type FunctionName, functionNames, signatures } from "../src/signatures.ts";
import { create, readWrite, TestGuest } from "./guest.ts";

const bad = 0xffff_fff0;

describe("a bad pointer", () => {
  const guest = new TestGuest(
    { args: ["a"], env: { A: "1" }, preopens: { "/": memoryDirectory({ f: "data" }) } },
    0x40_0000,
  );
  const fd = guest.opened("f", 0, { rights: readWrite });
  const [path, pathLength] = guest.put("f");
  const good = guest.iovecs(guest.put("12345678"));
  const badIovec = guest.iovecs([bad, 8]);
  const result = guest.room(64);
  const end = 0x40_0000;

  const calls: [name: FunctionName, ...args: (number | bigint)[]][] = [
    ["args_get", bad, result],
    ["args_get", result, bad],
    ["args_sizes_get", bad, result],
    ["args_sizes_get", result, end - 3],
    ["environ_get", bad, result],
    ["environ_sizes_get", end - 1, result],
    ["clock_res_get", 0, end - 7],
    ["clock_time_get", 1, 0n, bad],
    ["fd_fdstat_get", fd, end - 23],
    ["fd_filestat_get", fd, end - 63],
    ["fd_prestat_get", 3, bad],
    ["fd_prestat_dir_name", 3, bad, 1],
    ["fd_read", fd, bad, 1, result],
    ["fd_read", fd, ...badIovec, result],
    ["fd_read", fd, ...good, bad],
    ["fd_write", fd, ...badIovec, result],
    ["fd_write", fd, ...good, end - 3],
    ["fd_write", fd, end - 4, 1, result],
    ["fd_pread", fd, ...badIovec, 0n, result],
    ["fd_pwrite", fd, ...badIovec, 0n, result],
    ["fd_readdir", 3, bad, 100, 0n, result],
    ["fd_readdir", 3, 0, end + 1, 0n, result],
    ["fd_readdir", 3, 0, 100, 0n, bad],
    ["fd_seek", fd, 0n, 0, bad],
    ["fd_tell", fd, bad],
    ["path_create_directory", 3, bad, 4],
    ["path_filestat_get", 3, 0, bad, 1, result],
    ["path_filestat_get", 3, 0, path, pathLength, end - 63],
    ["path_filestat_set_times", 3, 0, bad, 1, 0n, 0n, 0],
    ["path_link", 3, 0, bad, 1, 3, path, 1],
    ["path_link", 3, 0, path, 1, 3, bad, 1],
    ["path_open", 3, 0, bad, 1, 0, 0n, 0n, 0, result],
    ["path_open", 3, 0, path, pathLength, 0, 0n, 0n, 0, bad],
    ["path_readlink", 3, bad, 1, 0, 10, result],
    ["path_readlink", 3, path, 1, bad, 10, result],
    ["path_remove_directory", 3, bad, 1],
    ["path_rename", 3, bad, 1, 3, path, 1],
    ["path_rename", 3, path, 1, 3, bad, 1],
    ["path_symlink", bad, 1, 3, path, 1],
    ["path_symlink", path, 1, 3, bad, 1],
    ["path_unlink_file", 3, bad, 1],
    ["poll_oneoff", bad, 0, 1, result],
    ["poll_oneoff", 0, bad, 1, result],
    ["poll_oneoff", 0, 100, 1, bad],
    ["poll_oneoff", 0, end - 4000, 4000, result],
    ["random_get", bad, 16],
    ["random_get", 0, 0xffff_ffff],
  ];
  test.each(calls)("gives EFAULT: %s", (...[name, ...args]: [FunctionName, ...(number | bigint)[]]) => {
    expect(guest.call(name, ...args)).toBe("EFAULT");
    expect(guest.call("fd_tell", fd, result)).toBe("ESUCCESS");
    expect(guest.view.getBigUint64(result, true)).toBe(0n);
    expect(guest.list()).toEqual([".", "..", "f"]);
  });

  test("may be negative, as engines pass i32", () => {
    expect(guest.call("random_get", -16, 16)).toBe("EFAULT");
    expect(guest.call("fd_close", -1)).toBe("EBADF");
  });
});

test("iovec counts and lengths are bounded", () => {
  const guest = new TestGuest({ preopens: { "/": memoryDirectory() } }, 0x10_0000);
  const fd = guest.opened("f", create, { rights: readWrite });
  const result = guest.room(4);
  expect(guest.call("fd_write", fd, 1024, 1025, result)).toBe("EINVAL");
  expect(guest.call("fd_read", fd, 1024, 0xffff_ffff, result)).toBe("EINVAL");
  expect(guest.call("fd_read", fd, ...guest.iovecs([0, 0xffff_ffff]), result)).toBe("EFAULT");
  // The same bytes over and over would be more than the result can say.
  const big = new TestGuest({ stdout: () => undefined }, 0x80_0000);
  const spans = Array.from({ length: 1024 }, () => [0, 0x50_0000] as const);
  const pointer = 0x70_0000;
  for (const [index, [start, length]] of spans.entries()) {
    big.view.setUint32(pointer + index * 8, start, true);
    big.view.setUint32(pointer + index * 8 + 4, length, true);
  }
  expect(big.call("fd_write", 1, pointer, 1024, 0)).toBe("EINVAL");
});

test("a memory that grows during a call is seen as it is then", () => {
  const before = new Uint8Array(0x1_0000);
  const memory = { bytes: before };
  const wasi = new Wasi({
    stdout: (bytes) => {
      expect([...bytes]).toEqual([1, 2, 3]);
      memory.bytes = new Uint8Array(0x2_0000);
      memory.bytes.set(before);
    },
  });
  before.set([1, 2, 3], 100);
  new DataView(before.buffer).setUint32(200, 100, true);
  new DataView(before.buffer).setUint32(204, 3, true);
  expect(wasi.functions.fd_write.call(memory, 1, 200, 1, 300)).toBe(0);
  expect(memory.bytes[300]).toBe(3);
  expect(before[300]).toBe(0);
});

test("a memory may be shared, or a part of a larger buffer", () => {
  for (const buffer of [new SharedArrayBuffer(0x2_0000), new ArrayBuffer(0x2_0000)]) {
    const guest = new TestGuest({ preopens: { "/": memoryDirectory() } });
    guest.memory.bytes = new Uint8Array(buffer, 0x1_0000, 0x1_0000);
    expect(guest.writeFile("a", "shared")).toBe("ESUCCESS");
    expect(guest.readFile("a")).toBe("shared");
    guest.ok("random_get", 0, 64);
    expect(new Uint8Array(buffer, 0x1_0000, 64).some((byte) => byte !== 0)).toBe(true);
    const portable = new Wasi();
    expect(portable.functions.random_get.call(guest.memory, 0, 0x1_0000)).toBe(0);
  }
});

test("an in-memory file system keeps to its limit, and gets back what is deleted", () => {
  const guest = new TestGuest({ preopens: { "/": memoryDirectory({}, { maxByteCount: 100_000 }) } });
  const fd = guest.opened("a", create, { rights: readWrite });
  expect(guest.call("fd_filestat_set_size", fd, 2n ** 40n)).toBe("ENOSPC");
  expect(guest.call("fd_allocate", fd, 0n, 2n ** 40n)).toBe("ENOSPC");
  for (let round = 0; round < 50; round++) {
    expect(guest.writeFile("b", "x".repeat(50_000))).toBe("ESUCCESS");
    expect(guest.unlink("b")).toBe("ESUCCESS");
  }
  let count = 0;
  while (guest.mkdir(`d${count}`) === "ESUCCESS") count++;
  expect(count).toBeLessThan(400);
  expect(guest.mkdir("one-more")).toBe("ENOSPC");
});

test("descriptors are limited, and a refused open leaves nothing behind", () => {
  const root = memoryDirectory();
  const guest = new TestGuest({ preopens: { "/": root }, maxDescriptorCount: 6 });
  expect([guest.open("a", create), guest.open("b", create)]).toEqual([4, 5]);
  expect(guest.open("c", create)).toBe("EMFILE");
  expect(root.list().map(({ name }) => name)).toEqual(["a", "b"]);
});

test("all functions survive anything: numbers at the edges give an errno, never a host error", () => {
  const edges = [0, 1, 2, 3, 4, 7, 100, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
  let seed = 12345;
  const pick = () => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return edges[(seed >>> 8) % edges.length] ?? 0;
  };
  const noSleep = { now: () => 0n, resolution: () => 1n, sleep: () => undefined };
  for (let round = 0; round < 20_000; round++) {
    const name = functionNames[round % functionNames.length] ?? "fd_read";
    if (name === "proc_exit" || name === "proc_raise" || name === "poll_oneoff") continue;
    const guest = new TestGuest(
      { clocks: noSleep, preopens: { "/": memoryDirectory({ a: "x" }, { maxByteCount: 1e6 }) } },
      0x1_0000,
    );
    guest.memory.bytes.set([97, 0, 0, 0, 1, 0, 0, 0], 0);
    const args = signatures[name].params.map((type) =>
      type === "i64" ? BigInt(pick()) << BigInt(round % 32) : pick(),
    );
    expect(guest.wasi.functions[name].call(guest.memory, ...args)).toBeTypeOf("number");
  }
});
