// Node's clocks and random source.

import { randomFillSync } from "node:crypto";
import { clockId } from "../abi.ts";
import { type Clocks, sleepUntil } from "../clocks.ts";

export function nodeClocks(): Clocks {
  const monotonic = (): bigint => process.hrtime.bigint();
  return {
    now(clock) {
      switch (clock) {
        // The system may set it at any time, so nothing finer is added to it.
        case clockId.realtime:
          return BigInt(Date.now()) * 1_000_000n;
        case clockId.monotonic:
          return monotonic();
        // Node 20 tells the process's time only; for a single-threaded guest that is the thread's too.
        case clockId.processCpu:
        case clockId.threadCpu: {
          const { user, system } = process.cpuUsage();
          return BigInt(user + system) * 1000n;
        }
      }
    },
    resolution: (clock) => (clock === clockId.realtime ? 1_000_000n : clock === clockId.monotonic ? 1n : 1000n),
    sleep: (duration) => sleepUntil(monotonic, monotonic() + duration),
  };
}

export function nodeRandom(target: Uint8Array): void {
  // A piece at a time: Node refuses more than 2 GiB at once.
  const step = 0x100_0000;
  for (let at = 0; at < target.length; at += step) randomFillSync(target, at, Math.min(step, target.length - at));
}
