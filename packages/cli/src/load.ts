// Loads a module from a file: the binary format, or the text format if the file's name or contents say so.
import { type Engine, Module } from "anywasm";
import { InputError, readInput } from "./report.ts";

/** @throws InputError for a file that cannot be read or is no module, CompileError for a module that is not valid. */
export async function loadModule(engine: Engine, path: string): Promise<Module> {
  const bytes = readInput(path);
  if (isBinary(bytes)) return Module.compile(engine, bytes);
  if (path.endsWith(".wat") || startsLikeText(bytes)) return Module.compile(engine, new TextDecoder().decode(bytes));
  throw new InputError(`${path} is not a WebAssembly module: it starts with ${firstBytes(bytes)}, not 00 61 73 6d`);
}

function isBinary(bytes: Uint8Array): boolean {
  // A file cut off inside the magic number is a truncated binary: the decoder says where it ends.
  return bytes.length > 0 && [0x00, 0x61, 0x73, 0x6d].every((byte, i) => i >= bytes.length || bytes[i] === byte);
}

function startsLikeText(bytes: Uint8Array): boolean {
  return /^\s*(\(|;;)/.test(new TextDecoder().decode(bytes.subarray(0, 1000)));
}

function firstBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return "nothing";
  return [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
