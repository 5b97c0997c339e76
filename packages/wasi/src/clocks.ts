// The clocks of any JavaScript engine, and sleeping. Node's better ones are in node/clocks.ts.

import { type ClockId, clockId } from "./abi.ts";

/** All times are nanoseconds. */
export interface Clocks {
  /** Since 1970 for the realtime clock, since any fixed moment for the others. */
  now(clock: ClockId): bigint;
  resolution(clock: ClockId): bigint;
  /** Blocks the calling thread. */
  sleep(duration: bigint): void;
}

/** Made of `Date` and `performance`; sleeps by `Atomics.wait`, or by spinning where that is forbidden. */
export function portableClocks(): Clocks {
  const { performance } = globalThis as { performance?: { now(): number } };
  const start = Date.now();
  const monotonic = (): bigint => BigInt(Math.round((performance?.now() ?? Date.now() - start) * 1_000_000));
  return {
    // No engine tells its CPU time: since the start is the nearest there is.
    now: (clock) => (clock === clockId.realtime ? BigInt(Date.now()) * 1_000_000n : monotonic()),
    resolution: (clock) => (clock === clockId.realtime || performance === undefined ? 1_000_000n : 1_000n),
    sleep: (duration) => sleepUntil(monotonic, monotonic() + duration),
  };
}

/** Sleeps until a monotonic clock says so, however often woken early. */
export function sleepUntil(monotonic: () => bigint, deadline: bigint): void {
  for (let left = deadline - monotonic(); left > 0n; left = deadline - monotonic()) {
    try {
      const cell = new Int32Array(new SharedArrayBuffer(4));
      // A day at most: longer waits overflow in some engines, and the loop goes on anyway.
      Atomics.wait(cell, 0, 0, Math.min(Number(left) / 1_000_000, 86_400_000));
    } catch {
      // A browser's main thread may not wait: the loop spins.
    }
  }
}

/** The engine's secure random source, or undefined where there is none: we do not make one up. */
export function portableRandom(): ((target: Uint8Array) => void) | undefined {
  const { crypto } = globalThis as { crypto?: { getRandomValues(target: Uint8Array): unknown } };
  if (crypto === undefined) return undefined;
  return (target) => {
    // 65536 bytes a call is the Web's limit, and it takes no shared memory: hence the copy.
    const chunk = new Uint8Array(Math.min(target.length, 65_536));
    for (let at = 0; at < target.length; at += chunk.length) {
      const piece = chunk.subarray(0, Math.min(chunk.length, target.length - at));
      crypto.getRandomValues(piece);
      target.set(piece, at);
    }
  };
}
