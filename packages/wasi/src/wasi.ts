// The WASI system of one guest: its 46 functions, ready to be imported, and its end. Knows no instance;
// joining it to a linker and starting an instance is for link.ts, on top of the runtime.

import { errnoNumber, WasiError } from "./errno.ts";
import { WasiExit } from "./errors.ts";
import { implementations } from "./functions/index.ts";
import { Guest, type GuestMemory } from "./guest.ts";
import { type Layout, preview1Layout, unstableLayout } from "./layout.ts";
import { createSystem, type WasiOptions } from "./options.ts";
import { type FunctionName, functionNames, type ParamType, signatures } from "./signatures.ts";
import type { System } from "./system.ts";

/** One function of WASI, to be called with the memory of the calling instance. */
export interface WasiFunction {
  readonly params: readonly ParamType[];
  readonly results: readonly "i32"[];
  /** i64 comes as bigint, signed or not. Returns the error number, or throws what unwinds the guest. */
  call(memory: GuestMemory, ...args: (number | bigint)[]): number | void;
}

export type WasiFunctions = Readonly<Record<FunctionName, WasiFunction>>;
export type WasiUnstableFunctions = Readonly<Record<Exclude<FunctionName, "sock_accept">, WasiFunction>>;

/** Functions as plain WebAssembly imports, by module and name. */
export type WasiImports = Record<string, Record<string, (...args: (number | bigint)[]) => number | void>>;

/**
 * WASI preview 1 for one guest.
 *
 * @example
 * ```ts
 * const wasi = new Wasi({ args: ["hello"], stdout: (bytes) => chunks.push(bytes) });
 * const imports = wasi.imports(() => ({ bytes: new Uint8Array(memory.buffer) }));
 * const exitCode = wasi.run(() => instance.exports._start());
 * ```
 */
export class Wasi {
  /** For imports from `wasi_snapshot_preview1`. */
  readonly functions: WasiFunctions;
  /** For imports from `wasi_unstable`: the same types and numbers, but some records laid out otherwise. */
  readonly unstableFunctions: WasiUnstableFunctions;
  private readonly system: System;

  constructor(options: WasiOptions = {}) {
    this.system = createSystem(options);
    this.functions = bind(this.system, preview1Layout);
    const { sock_accept: _laterAddition, ...unstable } = bind(this.system, unstableLayout);
    this.unstableFunctions = unstable;
  }

  /** Both modules' functions for an engine that calls imports without a memory, as the native one does. */
  imports(memory: () => GuestMemory): WasiImports {
    const module = (functions: Readonly<Record<string, WasiFunction>>) => {
      const namespace: WasiImports[string] = Object.create(null);
      for (const [name, { call }] of Object.entries(functions)) namespace[name] = (...args) => call(memory(), ...args);
      return namespace;
    };
    return Object.assign(Object.create(null) as WasiImports, {
      wasi_snapshot_preview1: module(this.functions),
      wasi_unstable: module(this.unstableFunctions),
    });
  }

  /** Runs the guest's entry and returns its exit code; 0 when it simply returns. Everything else thrown passes through. */
  run(entry: () => unknown): number {
    try {
      entry();
      return 0;
    } catch (error) {
      if (error instanceof WasiExit && this.system.exits.has(error)) return error.exitCode;
      throw error;
    }
  }

  /** Closes everything the guest has open, the preopened directories too. */
  close(): void {
    this.system.descriptors.closeAll();
  }
}

function bind(system: System, layout: Layout): WasiFunctions {
  const table = implementations(layout);
  const bound = functionNames.map((name) => {
    const { params, results } = signatures[name];
    // The table's own type ties each implementation to its signature; here they are all alike.
    const implementation = table[name] as (system: System, guest: Guest, ...args: (number | bigint)[]) => void;
    const call: WasiFunction["call"] = (memory, ...args) => {
      try {
        implementation(system, new Guest(memory), ...params.map((type, index) => unsigned(type, args[index])));
        return 0;
      } catch (error) {
        if (error instanceof WasiError) return errnoNumber(error.errno);
        throw error;
      }
    };
    return [name, { params, results, call }] as const;
  });
  return Object.fromEntries(bound) as unknown as WasiFunctions;
}

function unsigned(type: ParamType, value: number | bigint = 0): number | bigint {
  return type === "i64" ? BigInt.asUintN(64, BigInt(value)) : Number(value) >>> 0;
}
