// Arguments, environment, clocks, random, exit, descriptors' numbers and status, and the older import name.

import { expect, test } from "vitest";
import { memoryDirectory, Wasi, WasiExit, WasiOptionsError } from "../src/index.ts";
import { functionNames, signatures } from "../src/signatures.ts";
import { create, readWrite, TestGuest } from "./guest.ts";

function strings(guest: TestGuest, what: "args" | "environ"): string[] {
  const [count, size] = [guest.room(4), guest.room(4)];
  guest.ok(`${what}_sizes_get`, count, size);
  const pointers = guest.room(4 * guest.view.getUint32(count, true));
  const buffer = guest.room(guest.view.getUint32(size, true));
  guest.ok(`${what}_get`, pointers, buffer);
  return Array.from({ length: guest.view.getUint32(count, true) }, (_, index) => {
    const start = guest.view.getUint32(pointers + index * 4, true);
    return Buffer.from(guest.memory.bytes.slice(start, guest.memory.bytes.indexOf(0, start))).toString();
  });
}

test("arguments and environment arrive", () => {
  const guest = new TestGuest({ args: ["prog", "", "żółw"], env: { A: "1", EMPTY: "", EQ: "a=b" } });
  expect(strings(guest, "args")).toEqual(["prog", "", "żółw"]);
  expect(strings(guest, "environ")).toEqual(["A=1", "EMPTY=", "EQ=a=b"]);
  expect(strings(new TestGuest(), "args")).toEqual([]);
  expect(strings(new TestGuest(), "environ")).toEqual([]);
});

test("what cannot be an argument, variable or directory name is refused", () => {
  expect(() => new Wasi({ args: ["a\0b"] })).toThrow(WasiOptionsError);
  expect(() => new Wasi({ env: { "A=B": "" } })).toThrow(WasiOptionsError);
  expect(() => new Wasi({ env: { A: "\0" } })).toThrow(WasiOptionsError);
  expect(() => new Wasi({ preopens: { "": memoryDirectory() } })).toThrow(WasiOptionsError);
  expect(() => memoryDirectory({ "../x": "" })).toThrow(WasiOptionsError);
});

test("clocks run, and unknown ones do not", () => {
  const guest = new TestGuest();
  const result = guest.room(8);
  const read = (name: "clock_time_get" | "clock_res_get", clock: number) => {
    guest.ok(name, ...(name === "clock_time_get" ? [clock, 0n, result] : [clock, result]));
    return guest.view.getBigUint64(result, true);
  };
  expect(Math.abs(Number(read("clock_time_get", 0) / 1_000_000n) - Date.now())).toBeLessThan(1000);
  const start = read("clock_time_get", 1);
  const cpu = read("clock_time_get", 2);
  for (let i = 0; i < 2e7; i++) Math.sqrt(i);
  expect(read("clock_time_get", 1)).toBeGreaterThan(start);
  expect(read("clock_time_get", 2)).toBeGreaterThan(cpu);
  expect(read("clock_time_get", 3)).toBeGreaterThan(0n);
  for (const clock of [0, 1, 2, 3]) expect(read("clock_res_get", clock)).toBeGreaterThan(0n);
  expect(guest.call("clock_time_get", 4, 0n, result)).toBe("EINVAL");
  expect(guest.call("clock_res_get", 4, result)).toBe("EINVAL");
});

test("random bytes fill exactly what is asked for", () => {
  const guest = new TestGuest({}, 0x40_0000);
  guest.ok("random_get", 100, 0x30_0000);
  expect(guest.memory.bytes.slice(0, 100).every((byte) => byte === 0)).toBe(true);
  expect(new Set(guest.memory.bytes.slice(100, 10_000)).size).toBe(256);
  expect(guest.memory.bytes.slice(0x30_0000 + 100).every((byte) => byte === 0)).toBe(true);
  guest.ok("random_get", 0, 0);
});

test("exit unwinds with the code, and run tells it", () => {
  const guest = new TestGuest();
  const exit = (code: number) => () => guest.call("proc_exit", code);
  expect(guest.wasi.run(() => undefined)).toBe(0);
  expect(guest.wasi.run(exit(0))).toBe(0);
  expect(guest.wasi.run(exit(42))).toBe(42);
  expect(guest.wasi.run(exit(-1))).toBe(0xffff_ffff);
  expect(exit(3)).toThrow(expect.objectContaining({ code: "wasi_exit", exitCode: 3 }));
  const error = new Error("a host error");
  expect(() =>
    guest.wasi.run(() => {
      throw error;
    }),
  ).toThrow(error);
  // Another guest's end is not this one's.
  const other = new Wasi();
  expect(() => other.run(exit(1))).toThrow(WasiExit);
});

test("raised signals end the guest where that is their default", () => {
  const guest = new TestGuest();
  expect(guest.wasi.run(() => guest.call("proc_raise", 6))).toBe(134);
  expect(guest.wasi.run(() => guest.call("proc_raise", 15))).toBe(143);
  for (const ignored of [0, 16, 17, 22, 27]) expect(guest.call("proc_raise", ignored)).toBe("ESUCCESS");
  expect(guest.call("proc_raise", 18)).toBe("ENOTSUP");
  expect(guest.call("proc_raise", 31)).toBe("EINVAL");
  expect(guest.call("sched_yield")).toBe("ESUCCESS");
});

test("preopened directories are found by number, in order", () => {
  const guest = new TestGuest({ preopens: { "/b": memoryDirectory(), "/longer": memoryDirectory() } });
  const result = guest.room(16);
  const names: string[] = [];
  let fd = 3;
  for (; guest.call("fd_prestat_get", fd, result) === "ESUCCESS"; fd++) {
    const length = guest.view.getUint32(result + 4, true);
    expect(guest.view.getUint8(result)).toBe(0);
    const buffer = guest.room(32);
    expect(guest.call("fd_prestat_dir_name", fd, buffer, length - 1)).toBe("ENAMETOOLONG");
    guest.ok("fd_prestat_dir_name", fd, buffer, length + 1);
    names.push(Buffer.from(guest.memory.bytes.slice(buffer, buffer + length)).toString());
  }
  expect(names).toEqual(["/b", "/longer"]);
  expect(guest.call("fd_prestat_get", fd, result)).toBe("EBADF");
  expect(guest.call("fd_prestat_get", 1, result)).toBe("EBADF");
  guest.ok("fd_close", 3);
  expect(guest.call("fd_prestat_get", 3, result)).toBe("EBADF");
});

test("descriptors take the lowest free number, and renumber moves them", () => {
  const guest = new TestGuest({ preopens: { "/": memoryDirectory() } });
  const [a, b] = [guest.opened("a", create, { rights: readWrite }), guest.opened("b", create, { rights: readWrite })];
  expect([a, b]).toEqual([4, 5]);
  guest.write(a, "A");
  guest.write(b, "BB");
  guest.ok("fd_renumber", a, b);
  expect(guest.call("fd_close", a)).toBe("EBADF");
  expect(guest.seek(b, 0n, 1)).toBe(1n);
  expect(guest.call("fd_renumber", b, 99)).toBe("EBADF");
  expect(guest.call("fd_renumber", 99, b)).toBe("EBADF");
  expect(guest.call("fd_renumber", b, b)).toBe("ESUCCESS");
  expect(guest.opened("b")).toBe(4);
  guest.ok("fd_close", 0);
  expect(guest.opened("a")).toBe(0);
  guest.wasi.close();
  expect(guest.call("fd_close", 1)).toBe("EBADF");
});

test("fdstat tells type, flags and rights", () => {
  const guest = new TestGuest({ preopens: { "/": memoryDirectory({ f: "" }) } });
  const result = guest.room(24);
  const fd = guest.opened("f", 0, { rights: 2n, fdFlags: 1 | 4 });
  guest.ok("fd_fdstat_get", fd, result);
  expect([guest.view.getUint8(result), guest.view.getUint16(result + 2, true)]).toEqual([4, 5]);
  expect([guest.view.getBigUint64(result + 8, true), guest.view.getBigUint64(result + 16, true)]).toEqual([2n, 0n]);
  guest.ok("fd_fdstat_get", 3, result);
  expect(guest.view.getUint8(result)).toBe(3);
  expect(guest.view.getBigUint64(result + 8, true) & (1n << 6n)).toBe(0n);
  for (const name of ["fd_read", "fd_write"] as const)
    expect(guest.call(name, 3, ...guest.iovecs([0, 1]), result)).toMatch(/ENOTCAPABLE|EISDIR/);
  expect(guest.seek(3, 0n, 0)).toBe("EISDIR");
  expect(guest.seek(1, 0n, 0)).toBe("ESPIPE");
});

test("wasi_unstable has the same functions, with its own numbers and records", () => {
  const guest = new TestGuest({ preopens: { "/": memoryDirectory({ f: "12345" }) } });
  const { unstableFunctions } = guest.wasi;
  expect(Object.keys(unstableFunctions)).toEqual(functionNames.filter((name) => name !== "sock_accept"));
  const fd = guest.opened("f", 0, { rights: readWrite });
  const result = guest.room(64);
  // Set was 2, current 0 and end 1.
  expect(unstableFunctions.fd_seek.call(guest.memory, fd, 4n, 2, result)).toBe(0);
  expect(unstableFunctions.fd_seek.call(guest.memory, fd, -1n, 0, result)).toBe(0);
  expect(guest.view.getBigUint64(result, true)).toBe(3n);
  expect(unstableFunctions.fd_seek.call(guest.memory, fd, 0n, 1, result)).toBe(0);
  expect(guest.view.getBigUint64(result, true)).toBe(5n);
  // 56 bytes, with 32 bits of link count.
  guest.memory.bytes.fill(0xee, result, result + 64);
  expect(unstableFunctions.path_filestat_get.call(guest.memory, 3, 0, ...guest.put("f"), result)).toBe(0);
  expect([guest.view.getUint32(result + 20, true), guest.view.getBigUint64(result + 24, true)]).toEqual([1, 5n]);
  expect(guest.memory.bytes[result + 56]).toBe(0xee);
  // 56 bytes a subscription, the clock 8 further on.
  const subscription = guest.room(56);
  guest.memory.bytes.fill(0, subscription, subscription + 56);
  guest.view.setBigUint64(subscription, 77n, true);
  guest.view.setUint32(subscription + 24, 1, true);
  guest.view.setBigUint64(subscription + 32, 1000n, true);
  const events = guest.room(32);
  expect(unstableFunctions.poll_oneoff.call(guest.memory, subscription, events, 1, result)).toBe(0);
  expect(guest.view.getBigUint64(events, true)).toBe(77n);
});

test("there are all 46 functions, and imports are made of them without a prototype", () => {
  expect(functionNames).toHaveLength(46);
  const wasi = new Wasi();
  const memory = { bytes: new Uint8Array(64) };
  const imports = wasi.imports(() => memory);
  expect(Object.keys(imports)).toEqual(["wasi_snapshot_preview1", "wasi_unstable"]);
  expect(Object.getPrototypeOf(imports["wasi_snapshot_preview1"])).toBeNull();
  expect(imports["wasi_snapshot_preview1"]?.["sched_yield"]?.()).toBe(0);
  for (const name of functionNames) expect(wasi.functions[name]).toMatchObject(signatures[name]);
});
