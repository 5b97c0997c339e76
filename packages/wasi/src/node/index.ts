// @anywasm/wasi/node: WASI over the Node process: its directories, stdio, clocks and random source.

import type { Directory } from "../fs/types.ts";
import type { WasiOptions } from "../options.ts";
import { nullStream, type Stream } from "../stream.ts";
import { Wasi } from "../wasi.ts";
import { nodeClocks, nodeRandom } from "./clocks.ts";
import { openHostDirectory } from "./host-directory.ts";
import { HostStream } from "./host-stream.ts";

export interface NodeWasiOptions extends Omit<WasiOptions, "stdin" | "stdout" | "stderr" | "preopens"> {
  /** The process's own when left out or "inherit"; a number is a host descriptor. */
  readonly stdin?: "inherit" | "ignore" | number | Stream | { readonly text: string } | Uint8Array;
  readonly stdout?: "inherit" | "ignore" | number | Stream | ((bytes: Uint8Array) => void);
  readonly stderr?: "inherit" | "ignore" | number | Stream | ((bytes: Uint8Array) => void);
  /** By the guest's name for it: a host path, a directory of any kind, or either of them read-only. */
  readonly preopens?: Readonly<Record<string, string | Directory | NodePreopen>>;
}

export interface NodePreopen {
  readonly directory: string | Directory;
  readonly readOnly?: boolean;
}

/**
 * A WASI system that reads and writes the host's files below the preopened directories, and nothing else
 * of it. Arguments and environment are empty unless given.
 *
 * @example
 * ```ts
 * const wasi = nodeWasi({ args: ["app", "--help"], preopens: { "/": "./data", "/lib": { directory: "./lib", readOnly: true } } });
 * ```
 */
export function nodeWasi(options: NodeWasiOptions = {}): Wasi {
  const clocks = options.clocks ?? nodeClocks();
  const sleep = (nanoseconds: bigint) => clocks.sleep(nanoseconds);
  const host = (fd: number) => new HostStream({ fd, owned: false, sleep });
  const { stdin = "inherit", stdout = "inherit", stderr = "inherit" } = options;
  const output = (given: NonNullable<NodeWasiOptions["stdout"]>, own: number) =>
    given === "inherit" ? host(own) : given === "ignore" ? undefined : typeof given === "number" ? host(given) : given;
  const input =
    stdin === "inherit"
      ? host(0)
      : stdin === "ignore"
        ? nullStream()
        : typeof stdin === "number"
          ? host(stdin)
          : "text" in stdin
            ? stdin.text
            : stdin;
  const open = (directory: string | Directory) =>
    typeof directory === "string" ? openHostDirectory(directory, { sleep }) : directory;
  const preopens = Object.entries(options.preopens ?? {}).map(([name, given]) => {
    const { directory, readOnly = false } =
      typeof given === "object" && "directory" in given ? given : { directory: given };
    return [name, { directory: open(directory), readOnly }] as const;
  });
  const outputs = { stdout: output(stdout, 1), stderr: output(stderr, 2) };
  return new Wasi({
    ...options,
    stdin: input,
    stdout: outputs.stdout ?? { ...nullStream(), type: 0 },
    stderr: outputs.stderr ?? { ...nullStream(), type: 0 },
    preopens: Object.fromEntries(preopens),
    clocks,
    random: options.random ?? nodeRandom,
  });
}

/**
 * A host directory to hand to a guest, for `new Wasi({ preopens })` with parts of your own.
 *
 * @example
 * ```ts
 * new Wasi({ preopens: { "/data": hostDirectory("./data"), "/tmp": memoryDirectory() } });
 * ```
 */
export function hostDirectory(path: string): Directory {
  const clocks = nodeClocks();
  return openHostDirectory(path, { sleep: (nanoseconds) => clocks.sleep(nanoseconds) });
}

export { nodeClocks, nodeRandom } from "./clocks.ts";
