// Assembles the texts of the suite with wasm-tools, on this process's own WebAssembly: the engine under test must not
// judge itself. wabt takes over for the legacy exception syntax, which wasm-tools does not read. Results are kept on
// disk, since the suite does not change from run to run.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  AssembleError,
  type Assembler,
  type WasmTools,
  wasmToolsAssembler,
  wasmToolsExports,
  wasmToolsImports,
} from "@anywasm/wast";
import loadWabt from "wabt";

const require = createRequire(import.meta.url);
const cacheDirectory = join(dirname(fileURLToPath(import.meta.url)), "../node_modules/.cache/wast");
/** Part of every key: another assembler's results are not these. */
const assemblerVersion = "2: jco-transpile 0.15.0, wabt 1.0.39";

/** Where the wasm-tools module lies. */
function wasmToolsPath(): string {
  return join(dirname(require.resolve("@bytecodealliance/jco-transpile")), "../vendor/wasm-tools.core.wasm");
}

export async function createAssembler(): Promise<Assembler> {
  mkdirSync(cacheDirectory, { recursive: true });
  const wabt = await loadWabt();
  let wasmTools: Assembler | undefined;
  const assemble = (text: Uint8Array): Uint8Array => {
    wasmTools ??= wasmToolsAssembler(instantiateNatively());
    try {
      return wasmTools.assemble(text);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) wasmTools = undefined;
      const source = new TextDecoder("latin1").decode(text);
      // wasm-tools knows no legacy exceptions, and takes exception to bidirectional characters in strings.
      const isLegacy = /\(\s*(try|do|catch_all|delegate|rethrow)\b/.test(source);
      if (isLegacy || /ConfusingUnicode/.test(String(error))) return assembleWithWabt(wabt, text);
      if (error instanceof AssembleError) throw error;
      throw new AssembleError(String(error));
    }
  };
  return { assemble: (text) => cached(text, assemble) };
}

type Wabt = Awaited<ReturnType<typeof loadWabt>>;

function assembleWithWabt(wabt: Wabt, text: Uint8Array): Uint8Array {
  try {
    const module = wabt.parseWat("module.wat", text, { exceptions: true, tail_call: true });
    const { buffer } = module.toBinary({});
    module.destroy();
    return buffer;
  } catch (error) {
    throw new AssembleError(error instanceof Error ? error.message : String(error));
  }
}

function instantiateNatively(): WasmTools {
  const module = new WebAssembly.Module(readFileSync(wasmToolsPath()));
  let memory: WebAssembly.Memory | undefined;
  const bytes = (): Uint8Array => new Uint8Array(memory?.buffer ?? new ArrayBuffer(0));
  const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasmToolsImports(bytes) });
  memory = exports["memory"] as WebAssembly.Memory;
  const func = <K extends keyof typeof wasmToolsExports>(key: K): WasmTools[K] =>
    exports[wasmToolsExports[key]] as WasmTools[K];
  return { bytes, realloc: func("realloc"), parse: func("parse"), postParse: func("postParse") };
}

/** A file holds a tag byte and then the binary, or the reason for refusing. */
function cached(text: Uint8Array, assemble: (text: Uint8Array) => Uint8Array): Uint8Array {
  const key = createHash("sha256").update(assemblerVersion).update("\0").update(text).digest("hex");
  const path = join(cacheDirectory, key);
  if (existsSync(path)) {
    const stored = readFileSync(path);
    const content = new Uint8Array(stored.subarray(1));
    if (stored[0] === 0) return content;
    if (stored[0] === 1) throw new AssembleError(new TextDecoder().decode(content));
  }
  try {
    const bytes = assemble(text);
    store(path, 0, bytes);
    return bytes;
  } catch (error) {
    if (error instanceof AssembleError) store(path, 1, new TextEncoder().encode(error.message));
    throw error;
  }
}

function store(path: string, tag: number, content: Uint8Array): void {
  // Written aside and renamed: another process may be writing the same.
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, Buffer.concat([Uint8Array.of(tag), content]));
  renameSync(aside, path);
}
