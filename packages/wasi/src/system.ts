// What one guest's system calls act on. Holds, does nothing.

import type { Clocks } from "./clocks.ts";
import type { DescriptorTable } from "./descriptors.ts";
import type { WasiExit } from "./errors.ts";

export interface System {
  /** Each with its terminating NUL. */
  readonly args: readonly Uint8Array[];
  readonly environ: readonly Uint8Array[];
  readonly clocks: Clocks;
  readonly random: ((target: Uint8Array) => void) | undefined;
  readonly descriptors: DescriptorTable;
  /** The ends this guest asked for, to tell them from those of another guest it may have called. */
  readonly exits: WeakSet<WasiExit>;
}
