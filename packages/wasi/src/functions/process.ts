// args_*, environ_*, clock_*, proc_*, random_get, sched_yield.

import { type ClockId, clockId } from "../abi.ts";
import { WasiError } from "../errno.ts";
import { WasiExit } from "../errors.ts";
import type { Guest } from "../guest.ts";
import type { Implementations } from "../signatures.ts";
import type { System } from "../system.ts";

export const processFunctions = {
  args_get: (system, guest, pointers, buffer) => writeStrings(guest, system.args, pointers, buffer),
  args_sizes_get: (system, guest, count, size) => writeSizes(guest, system.args, count, size),
  environ_get: (system, guest, pointers, buffer) => writeStrings(guest, system.environ, pointers, buffer),
  environ_sizes_get: (system, guest, count, size) => writeSizes(guest, system.environ, count, size),

  clock_res_get(system, guest, clock, result) {
    guest.setU64(result, system.clocks.resolution(knownClock(clock)));
  },

  clock_time_get(system, guest, clock, _precision, result) {
    guest.setU64(result, system.clocks.now(knownClock(clock)));
  },

  proc_exit: (system, _guest, exitCode) => exit(system, exitCode),

  proc_raise(system, _guest, signal) {
    if (signal > lastSignal) throw new WasiError("EINVAL");
    if (ignoredSignals.has(signal)) return;
    if (stoppingSignals.has(signal)) throw new WasiError("ENOTSUP");
    // What a shell reports for a process a signal ended.
    exit(system, 128 + signal);
  },

  random_get(system, guest, pointer, length) {
    if (system.random === undefined) throw new WasiError("ENOTSUP");
    system.random(guest.view(pointer, length));
  },

  sched_yield() {},
} satisfies Partial<Implementations>;

function exit(system: System, exitCode: number): never {
  const end = new WasiExit(exitCode);
  system.exits.add(end);
  throw end;
}

// The default actions; there is no way to set another. All the rest terminate.
const lastSignal = 30;
// none, chld, cont, urg, winch
const ignoredSignals: ReadonlySet<number> = new Set([0, 16, 17, 22, 27]);
// stop, tstp, ttin, ttou: nobody could continue it
const stoppingSignals: ReadonlySet<number> = new Set([18, 19, 20, 21]);

function knownClock(clock: number): ClockId {
  if (clock > clockId.threadCpu) throw new WasiError("EINVAL");
  return clock as ClockId;
}

function writeStrings(guest: Guest, strings: readonly Uint8Array[], pointers: number, buffer: number): void {
  let at = buffer;
  for (const [index, bytes] of strings.entries()) {
    guest.setU32(pointers + index * 4, at);
    guest.setBytes(at, bytes);
    at += bytes.length;
  }
}

function writeSizes(guest: Guest, strings: readonly Uint8Array[], count: number, size: number): void {
  guest.setU32(count, strings.length);
  guest.setU32(
    size,
    strings.reduce((sum, bytes) => sum + bytes.length, 0),
  );
}
