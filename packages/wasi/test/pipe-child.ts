// A process whose guest is this script: "write" fills stdout, "echo" copies stdin to it. Exits as the guest does.

import { nodeWasi } from "../src/node/index.ts";

const wasi = nodeWasi();
const memory = { bytes: new Uint8Array(0x40_0000) };
const view = new DataView(memory.bytes.buffer);
const call = (name: "fd_write" | "fd_read", fd: number, pointer: number, length: number): number => {
  view.setUint32(0, pointer, true);
  view.setUint32(4, length, true);
  const errno = wasi.functions[name].call(memory, fd, 0, 1, 8) as number;
  if (errno !== 0) wasi.functions.proc_exit.call(memory, errno);
  return view.getUint32(8, true);
};

process.exitCode = wasi.run(() => {
  if (process.argv[2] === "echo") {
    for (let count = call("fd_read", 0, 100, 1000); count > 0; count = call("fd_read", 0, 100, 1000))
      call("fd_write", 1, 100, count);
    return;
  }
  // Touching it makes Node set pipes non-blocking, as any script that logs does.
  process.stdout.on("error", () => undefined).write("");
  for (let index = 0; index < 3_000_000; index++) memory.bytes[100 + index] = index % 251;
  const written = call("fd_write", 1, 100, 3_000_000);
  wasi.functions.proc_exit.call(memory, written === 3_000_000 ? 7 : 8);
});
