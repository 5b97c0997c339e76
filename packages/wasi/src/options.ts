// What a guest is given, and making the first descriptors of it. Touches no host: node/index.ts does that.

import {
  allRights,
  directoryRights,
  fileRights,
  fileType,
  right,
  socketRights,
  streamRights,
  writingRights,
} from "./abi.ts";
import { type Clocks, portableClocks, portableRandom } from "./clocks.ts";
import { DescriptorTable } from "./descriptors.ts";
import { messages, WasiOptionsError } from "./errors.ts";
import type { Directory } from "./fs/types.ts";
import { bytesStream, nullStream, type Socket, type Stream, sinkStream } from "./stream.ts";
import type { System } from "./system.ts";
import { encodeUtf8 } from "./utf8.ts";

export interface WasiOptions {
  /** The first is the program's name, by custom. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Empty when left out. */
  readonly stdin?: Stream | Uint8Array | string;
  /** Swallowed when left out. */
  readonly stdout?: Stream | ((bytes: Uint8Array) => void);
  readonly stderr?: Stream | ((bytes: Uint8Array) => void);
  /** Directories by the name the guest finds them under; descriptors 3 and up, in this order. */
  readonly preopens?: Readonly<Record<string, Directory | Preopen>>;
  /** Sockets already open, after the directories. */
  readonly sockets?: readonly Socket[];
  readonly clocks?: Clocks;
  /** Fills with unpredictable bytes; the engine's `crypto` when left out. */
  readonly random?: (target: Uint8Array) => void;
  /** How many descriptors may be open at once; 4096 when left out. */
  readonly maxDescriptorCount?: number;
}

export interface Preopen {
  readonly directory: Directory;
  /** Nothing below it can be changed, created, removed or renamed by the guest. */
  readonly readOnly?: boolean;
}

export function createSystem(options: WasiOptions): System {
  const descriptors = new DescriptorTable(options.maxDescriptorCount ?? 4096);
  addStream(descriptors, inputStream(options.stdin), right.fdRead);
  addStream(descriptors, outputStream(options.stdout), right.fdWrite);
  addStream(descriptors, outputStream(options.stderr), right.fdWrite);
  for (const [name, preopen] of Object.entries(options.preopens ?? {})) addPreopen(descriptors, name, preopen);
  for (const socket of options.sockets ?? []) {
    descriptors.add({ kind: "socket", socket, baseRights: socketRights, inheritingRights: 0, fdFlags: 0 });
  }
  return {
    args: (options.args ?? []).map((arg) => terminated("an argument", arg)),
    environ: Object.entries(options.env ?? {}).map(([name, value]) => {
      if (name === "" || name.includes("=")) throw new WasiOptionsError(messages.equalsSign(name));
      return terminated("the environment", `${name}=${value}`);
    }),
    clocks: options.clocks ?? portableClocks(),
    random: options.random ?? portableRandom(),
    descriptors,
    exits: new WeakSet(),
  };
}

function addPreopen(descriptors: DescriptorTable, name: string, preopen: Directory | Preopen): void {
  if (name === "") throw new WasiOptionsError(messages.emptyName());
  const { directory, readOnly = false } = "directory" in preopen ? preopen : { directory: preopen };
  const allowed = readOnly ? allRights & ~writingRights : allRights;
  const preopenName = terminated("a directory's name", name).slice(0, -1);
  descriptors.add({
    kind: "directory",
    directory,
    preopenName,
    listing: null,
    baseRights: directoryRights & allowed,
    inheritingRights: (directoryRights | fileRights) & allowed,
    fdFlags: 0,
  });
}

function addStream(descriptors: DescriptorTable, stream: Stream, direction: number): void {
  // A terminal is one descriptor for both ways on most systems, but the guest gets each its own way.
  const baseRights = (streamRights & ~(right.fdRead | right.fdWrite)) | direction;
  descriptors.add({ kind: "stream", stream, baseRights, inheritingRights: 0, fdFlags: 0 });
}

function inputStream(input: WasiOptions["stdin"]): Stream {
  if (input === undefined) return nullStream();
  if (typeof input === "string") return bytesStream(encodeUtf8(input));
  return input instanceof Uint8Array ? bytesStream(input) : input;
}

function outputStream(output: WasiOptions["stdout"]): Stream {
  // Not as nullStream: a character device would make the guest think of a terminal, and flush each line.
  if (output === undefined) return { ...nullStream(), type: fileType.unknown };
  return typeof output === "function" ? sinkStream(output) : output;
}

function terminated(what: string, text: string): Uint8Array {
  if (text.includes("\0")) throw new WasiOptionsError(messages.nulByte(what, text));
  return encodeUtf8(`${text}\0`);
}
