// What one guest's system calls act on. Holds, does nothing.

import type { Clocks } from "./clocks.ts";
import type { DescriptorTable } from "./descriptors.ts";

export interface System {
  /** Each with its terminating NUL. */
  readonly args: readonly Uint8Array[];
  readonly environ: readonly Uint8Array[];
  readonly clocks: Clocks;
  readonly random: ((target: Uint8Array) => void) | undefined;
  readonly descriptors: DescriptorTable;
}
