// stdio of every kind, sockets and polling, within the process.

import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import {
  bytesStream,
  fileType,
  memoryDirectory,
  type Socket,
  type Stream,
  type Wasi,
  WasiError,
} from "../src/index.ts";
import { nodeClocks } from "../src/node/clocks.ts";
import { HostStream } from "../src/node/host-stream.ts";
import { hostDirectory, nodeWasi } from "../src/node/index.ts";
import { create, readWrite, TestGuest } from "./guest.ts";

const millisecond = 1_000_000n;

interface Wanted {
  readonly userdata: bigint;
  readonly clock?: { readonly id: number; readonly timeout: bigint; readonly absolute?: boolean };
  readonly readFd?: number;
  readonly writeFd?: number;
}

function poll(
  guest: TestGuest,
  ...wanted: Wanted[]
): { userdata: bigint; errno: number; type: number; byteCount: bigint; flags: number }[] | string {
  const input = guest.room(48 * wanted.length);
  guest.memory.bytes.fill(0, input, input + 48 * wanted.length);
  for (const [index, one] of wanted.entries()) {
    const at = input + 48 * index;
    guest.view.setBigUint64(at, one.userdata, true);
    guest.view.setUint8(at + 8, one.clock ? 0 : one.readFd !== undefined ? 1 : 2);
    guest.view.setUint32(at + 16, one.clock?.id ?? one.readFd ?? one.writeFd ?? 0, true);
    if (one.clock) {
      guest.view.setBigUint64(at + 24, one.clock.timeout, true);
      guest.view.setUint16(at + 40, one.clock.absolute ? 1 : 0, true);
    }
  }
  const output = guest.room(32 * wanted.length);
  const result = guest.room(4);
  const errno = guest.call("poll_oneoff", input, output, wanted.length, result);
  if (errno !== "ESUCCESS") return errno;
  return Array.from({ length: guest.view.getUint32(result, true) }, (_, index) => ({
    userdata: guest.view.getBigUint64(output + index * 32, true),
    errno: guest.view.getUint16(output + index * 32 + 8, true),
    type: guest.view.getUint8(output + index * 32 + 10),
    byteCount: guest.view.getBigUint64(output + index * 32 + 16, true),
    flags: guest.view.getUint16(output + index * 32 + 24, true),
  }));
}

describe("streams", () => {
  test("stdin may be text, bytes or nothing; stdout a function that may keep what it gets", () => {
    const chunks: Uint8Array[] = [];
    const guest = new TestGuest({ stdin: "hello", stdout: (bytes) => void chunks.push(bytes) });
    expect([guest.read(0, 3), guest.read(0, 10), guest.read(0, 10)]).toEqual(["hel", "lo", ""]);
    expect(guest.write(1, "a", "bc")).toBe(3);
    guest.memory.bytes.fill(0);
    expect(Buffer.concat(chunks).toString()).toBe("abc");
    const silent = new TestGuest();
    expect([silent.read(0, 1), silent.write(1, "x"), silent.write(2, "y")]).toEqual(["", 1, 1]);
    expect(silent.write(0, "x")).toBe("ENOTCAPABLE");
    expect(silent.read(1, 1)).toBe("ENOTCAPABLE");
  });

  test("a stream's own errors reach the guest, and anything else its host", () => {
    const failing: Stream = {
      type: fileType.unknown,
      write: () => {
        throw new WasiError("EPIPE");
      },
    };
    const bug = new RangeError("a bug of the host");
    const buggy: Stream = {
      type: fileType.unknown,
      write: () => {
        throw bug;
      },
    };
    const guest = new TestGuest({ stdout: failing, stderr: buggy });
    expect(guest.write(1, "x")).toBe("EPIPE");
    expect(() => guest.write(2, "x")).toThrow(bug);
  });

  test("what was written before an error counts", () => {
    let room = 4;
    const full: Stream = {
      type: fileType.unknown,
      write(source) {
        if (room === 0) throw new WasiError("ENOSPC");
        const count = Math.min(room, source.length);
        room -= count;
        return count;
      },
    };
    const guest = new TestGuest({ stdout: full });
    expect(guest.write(1, "abc", "def")).toBe(4);
    expect(guest.write(1, "x")).toBe("ENOSPC");
  });
});

describe("poll_oneoff", () => {
  test("sleeps as long as the nearest clock says", () => {
    const guest = new TestGuest();
    const start = performance.now();
    const events = poll(
      guest,
      { userdata: 1n, clock: { id: 1, timeout: 10_000n * millisecond } },
      { userdata: 2n, clock: { id: 0, timeout: 30n * millisecond } },
    );
    expect(events).toEqual([{ userdata: 2n, errno: 0, type: 0, byteCount: 0n, flags: 0 }]);
    expect(performance.now() - start).toBeGreaterThanOrEqual(29);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test("knows absolute times, past ones too", () => {
    const guest = new TestGuest();
    const now = BigInt(Date.now()) * millisecond;
    expect(
      poll(guest, { userdata: 1n, clock: { id: 0, timeout: now + 20n * millisecond, absolute: true } }),
    ).toHaveLength(1);
    expect(BigInt(Date.now()) * millisecond).toBeGreaterThanOrEqual(now + 19n * millisecond);
    expect(poll(guest, { userdata: 1n, clock: { id: 0, timeout: 5n, absolute: true } })).toHaveLength(1);
  });

  test("finds files ready at once, and tells errors by event", () => {
    const guest = new TestGuest({ preopens: { "/": memoryDirectory({ f: "12345" }) } });
    const fd = guest.opened("f", 0, { rights: readWrite });
    guest.read(fd, 2);
    expect(
      poll(
        guest,
        { userdata: 1n, readFd: fd },
        { userdata: 2n, writeFd: fd },
        { userdata: 3n, readFd: 99 },
        { userdata: 4n, clock: { id: 2, timeout: 0n } },
        { userdata: 5n, clock: { id: 9, timeout: 0n } },
        { userdata: 6n, clock: { id: 1, timeout: 60_000n * millisecond } },
      ),
    ).toEqual([
      { userdata: 1n, errno: 0, type: 1, byteCount: 3n, flags: 0 },
      { userdata: 2n, errno: 0, type: 2, byteCount: 512n, flags: 0 },
      { userdata: 3n, errno: 8, type: 1, byteCount: 0n, flags: 0 },
      { userdata: 4n, errno: 58, type: 0, byteCount: 0n, flags: 0 },
      { userdata: 5n, errno: 28, type: 0, byteCount: 0n, flags: 0 },
    ]);
    expect(poll(guest)).toBe("EINVAL");
  });

  test("waits for a stream, no longer than the clock", () => {
    let looks = 0;
    const late: Stream = {
      ...bytesStream(new Uint8Array(3)),
      readReadiness: () => (++looks < 5 ? { state: "pending" } : { state: "ready", byteCount: 3 }),
    };
    const guest = new TestGuest({ stdin: late });
    expect(
      poll(guest, { userdata: 1n, readFd: 0 }, { userdata: 2n, clock: { id: 1, timeout: 5000n * millisecond } }),
    ).toEqual([{ userdata: 1n, errno: 0, type: 1, byteCount: 3n, flags: 0 }]);
    looks = -1e6;
    expect(
      poll(guest, { userdata: 1n, readFd: 0 }, { userdata: 2n, clock: { id: 1, timeout: 20n * millisecond } }),
    ).toMatchObject([{ userdata: 2n }]);
    expect(poll(new TestGuest({ stdin: "" }), { userdata: 1n, readFd: 0 })).toMatchObject([{ flags: 1 }]);
  });
});

describe("sockets", () => {
  const shutdowns: unknown[] = [];
  const connection: Socket = {
    ...bytesStream(Buffer.from("request")),
    type: fileType.socketStream,
    write: (source) => source.length,
    shutdown: (directions) => void shutdowns.push(directions),
  };
  const pending = [connection];
  const listener: Socket = {
    type: fileType.socketStream,
    accept() {
      const next = pending.pop();
      if (next === undefined) throw new WasiError("EAGAIN");
      return next;
    },
  };
  const guest = new TestGuest({ sockets: [listener], preopens: { "/": memoryDirectory() } });
  const [result, flags] = [guest.room(4), guest.room(4)];

  test("that are handed in are accepted, read, written and shut down", () => {
    guest.ok("sock_accept", 4, 4, result);
    const fd = guest.view.getUint32(result, true);
    const buffer = guest.room(16);
    guest.ok("sock_recv", fd, ...guest.iovecs([buffer, 3]), 0, result, flags);
    expect(guest.view.getUint32(result, true)).toBe(3);
    expect(guest.read(fd, 16)).toBe("uest");
    expect(guest.call("sock_recv", fd, ...guest.iovecs([buffer, 3]), 1, result, flags)).toBe("ENOTSUP");
    guest.ok("sock_send", fd, ...guest.iovecs(guest.put("reply")), 0, result);
    expect(guest.view.getUint32(result, true)).toBe(5);
    guest.ok("sock_shutdown", fd, 2);
    expect(shutdowns).toEqual([{ read: false, write: true }]);
    expect(guest.call("sock_shutdown", fd, 0)).toBe("EINVAL");
    expect(guest.call("sock_accept", 4, 0, result)).toBe("EAGAIN");
    expect(guest.call("sock_accept", fd, 0, result)).toBe("ENOTCAPABLE");
    expect(guest.call("sock_shutdown", 4, 3)).toBe("ENOTCONN");
  });

  test("are not files, and files are not sockets", () => {
    expect(guest.call("sock_shutdown", 3, 1)).toBe("ENOTSOCK");
    expect(guest.call("sock_accept", 1, 0, result)).toBe("ENOTSOCK");
    expect(guest.call("sock_send", 99, 0, 0, 0, result)).toBe("EBADF");
    expect(guest.call("sock_recv", 99, 0, 0, 0, result, flags)).toBe("EBADF");
    expect(guest.seek(4, 0n, 0)).toBe("ESPIPE");
  });
});

describe.skipIf(process.platform === "win32")("host streams", () => {
  const directory = mkdtempSync(join(tmpdir(), "anywasm-wasi-streams-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const sleep = (duration: bigint) => nodeClocks().sleep(duration);

  test("write to and read from redirected files", () => {
    const [input, output] = [join(directory, "in"), join(directory, "out")];
    writeFileSync(input, "from a file");
    const [inFd, outFd] = [openSync(input, "r"), openSync(output, "w")];
    const wasi = nodeWasi({ stdin: inFd, stdout: outFd, stderr: "ignore" });
    const guest = Object.assign(new TestGuest(), { wasi });
    expect(guest.read(0, 4)).toBe("from");
    expect(guest.read(0, 100)).toBe(" a file");
    expect(guest.write(1, "written")).toBe(7);
    expect(readFileSync(output, "utf8")).toBe("written");
    wasi.close();
    // Not ours to close.
    closeSync(inFd);
    closeSync(outFd);
  });

  test.runIf(process.platform === "linux")("tell when a pipe has something, and do not block where asked", () => {
    const path = join(directory, "pipe");
    execFileSync("mkfifo", [path]);
    const both = openSync(path, "r+");
    const stdin = new HostStream({ fd: both, owned: false, sleep });
    const guest = new TestGuest({ stdin, stdout: new HostStream({ fd: both, owned: true, sleep }) });
    const soon = { userdata: 9n, clock: { id: 1, timeout: 10n * millisecond } };
    expect(poll(guest, { userdata: 1n, readFd: 0 }, soon)).toMatchObject([{ userdata: 9n }]);
    guest.ok("fd_fdstat_set_flags", 0, 4);
    expect(guest.read(0, 10)).toBe("EAGAIN");
    expect(guest.write(1, "through")).toBe(7);
    expect(poll(guest, { userdata: 1n, readFd: 0 }, soon)).toMatchObject([{ userdata: 1n, byteCount: 7n }]);
    expect([guest.read(0, 4), guest.read(0, 10), guest.read(0, 10)]).toEqual(["thro", "ugh", "EAGAIN"]);
    guest.ok("fd_fdstat_set_flags", 0, 0);
    guest.write(1, "again");
    expect(guest.read(0, 10)).toBe("again");
    guest.wasi.close();
  });

  test.runIf(process.platform === "linux")("do not stop the host at a named pipe nobody writes to", () => {
    execFileSync("mkfifo", [join(directory, "lonely")]);
    const guest = new TestGuest({ preopens: { "/": hostDirectory(directory) } });
    const fd = guest.opened("lonely", 0, { fdFlags: 4 });
    expect(guest.read(fd, 1)).toBe("");
    expect(guest.seek(fd, 0n, 0)).toBe("ESPIPE");
    guest.ok("fd_close", fd);
    expect(guest.open("lonely", 0, { rights: 1n << 6n })).toBe("ENXIO");
    guest.wasi.close();
  });

  test("a guest may have directories of several kinds", () => {
    const wasi = nodeWasi({
      stdout: "ignore",
      preopens: { "/host": directory, "/memory": memoryDirectory(), "/ro": { directory, readOnly: true } },
    });
    const guest = Object.assign(new TestGuest(), { wasi: wasi as Wasi });
    expect(guest.writeFile("made", "x")).toBe("ESUCCESS");
    expect(guest.open("made", 0, { at: 5 })).toBeTypeOf("number");
    expect(guest.open("made", 0, { at: 4 })).toBe("ENOENT");
    expect(guest.open("other", create, { at: 5 })).toBe("ENOTCAPABLE");
    wasi.close();
  });
});
