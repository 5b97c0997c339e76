// Joins WASI to the runtime: its functions in a linker, and a program's start.
import { type Caller, type Instance, i32, i64, type Linker, type Types, UsageError } from "@anywasm/runtime";
import type { GuestMemory } from "./guest.ts";
import type { Wasi, WasiFunction } from "./wasi.ts";

const types = { i32, i64 } as const;

/**
 * Defines all WASI functions in `linker`, as `wasi_snapshot_preview1` and under the older name `wasi_unstable`. They
 * work on the memory that the calling instance exports as "memory".
 * @throws LinkError if a name is taken.
 * @example
 * const wasi = nodeWasi({ args: ["program"], preopens: { "/": "." } });
 * const instance = addToLinker(linker, wasi).instantiate(store, module);
 * process.exitCode = start(wasi, instance);
 */
export function addToLinker<T>(linker: Linker<T>, wasi: Wasi): Linker<T> {
  const memories = new WeakMap<object, GuestMemory>();
  const memoryOf = (caller: Caller<T>): GuestMemory => {
    let memory = memories.get(caller);
    if (memory === undefined) memories.set(caller, (memory = guestMemory(caller)));
    return memory;
  };
  for (const [module, functions] of [
    ["wasi_snapshot_preview1", wasi.functions],
    ["wasi_unstable", wasi.unstableFunctions],
  ] as const) {
    for (const [name, func] of Object.entries(functions) as [string, WasiFunction][]) {
      const params: Types = func.params.map((type) => types[type]);
      const results: Types = func.results.map((type) => types[type]);
      const host = (caller: Caller<T>, ...args: readonly unknown[]): unknown =>
        func.call(memoryOf(caller), ...(args as (number | bigint)[]));
      linker.func(module, name, params, results, host as Parameters<typeof linker.func>[4]);
    }
  }
  return linker;
}

function guestMemory<T>(caller: Caller<T>): GuestMemory {
  const memory = caller.getMemory("memory");
  if (memory === undefined)
    throw new UsageError("no_such_export", 'a program that calls WASI must export its memory as "memory"');
  return {
    get bytes() {
      return memory.data;
    },
  };
}

/**
 * Runs a WASI command to its end.
 * @returns its exit code.
 * @throws UsageError if the instance is no command (it exports no `_start`), Trap if it traps.
 */
export function start(wasi: Wasi, instance: Instance): number {
  const entry = instance.getFunc("_start");
  if (entry === undefined)
    throw new UsageError("no_such_export", "the module exports no _start: it is not a WASI command");
  return wasi.run(() => entry.call());
}

/** Initialises a WASI reactor, if it wants that. */
export function initialize(instance: Instance): void {
  instance.getFunc("_initialize")?.call();
}
