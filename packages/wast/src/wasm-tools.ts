// The text format through wasm-tools, compiled to WebAssembly by its authors and published inside
// @bytecodealliance/jco-transpile. This file speaks its calling convention; where the bytes come from and what runs
// them is the caller's to say.
import { AssembleError, type Assembler } from "./embedding.ts";

/** The exports of the wasm-tools core module that are used, on whatever engine runs it. */
export interface WasmTools {
  /** The memory as it is now. */
  bytes(): Uint8Array;
  realloc(pointer: number, oldSize: number, align: number, newSize: number): number;
  /** `parse` of the interface local:wasm-tools/tools. */
  parse(pointer: number, length: number): number;
  postParse(result: number): void;
}

export const wasmToolsExports = {
  realloc: "cabi_realloc",
  parse: "local:wasm-tools/tools#parse",
  postParse: "cabi_post_local:wasm-tools/tools#parse",
} as const;

/** Errno 8, "bad file descriptor": the parser needs no system, and finds none. */
const EBADF = 8;

/** The system calls the module imports, in terms of its memory. */
export function wasmToolsImports(bytes: () => Uint8Array): Readonly<Record<string, (...args: number[]) => number>> {
  const zeros = (...pointers: number[]): number => {
    const memory = bytes();
    for (const pointer of pointers) memory.fill(0, pointer, pointer + 4);
    return 0;
  };
  const refuse = (): number => EBADF;
  return {
    // Seeds of hash maps: any bytes will do.
    random_get: (pointer = 0, length = 0) => {
      bytes().fill(42, pointer, pointer + length);
      return 0;
    },
    environ_sizes_get: (count = 0, size = 0) => zeros(count, size),
    environ_get: () => 0,
    fd_close: refuse,
    fd_fdstat_get: refuse,
    fd_filestat_get: refuse,
    fd_prestat_get: refuse,
    fd_prestat_dir_name: refuse,
    fd_read: refuse,
    fd_readdir: refuse,
    fd_write: refuse,
    path_filestat_get: refuse,
    path_open: refuse,
    proc_exit: () => {
      throw new AssembleError("the text parser gave up");
    },
  };
}

export function wasmToolsAssembler(tools: WasmTools): Assembler {
  return {
    assemble: (text) => {
      // The parser trusts its caller that the text is UTF-8, and runs wild on anything else.
      if (!isUtf8(text)) throw new AssembleError("malformed UTF-8 encoding");
      const pointer = tools.realloc(0, 0, 1, text.length);
      tools.bytes().set(text, pointer);
      const result = tools.parse(pointer, text.length);
      // result<list<u8>, string>: a tag, then pointer and length of either.
      const memory = tools.bytes();
      const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
      const start = view.getUint32(result + 4, true);
      const bytes = memory.slice(start, start + view.getUint32(result + 8, true));
      const failed = view.getUint8(result) !== 0;
      tools.postParse(result);
      if (failed) throw new AssembleError(String.fromCharCode(...bytes.subarray(0, 2000)));
      return bytes;
    },
  };
}

function isUtf8(text: Uint8Array): boolean {
  if (text.every((byte) => byte < 0x80)) return true;
  let encoded = "";
  for (const byte of text) encoded += `%${byte.toString(16).padStart(2, "0")}`;
  try {
    decodeURIComponent(encoded);
    return true;
  } catch {
    return false;
  }
}
