// Runs the parser on an engine.
import { type Engine, Module, type TextParser } from "@anywasm/engine";
import { type Instance, i32, Linker, Store, type Types } from "@anywasm/runtime";
import { AssembleError, type WasmTools, wasmToolsAssembler, wasmToolsExports, wasmToolsImports } from "@anywasm/wast";
import { WatError } from "./load.ts";

/**
 * A parser of the text format.
 * @param bytes the core module of wasm-tools as published inside @bytecodealliance/jco-transpile.
 */
export function createTextParser(engine: Engine, bytes: Uint8Array): TextParser {
  const module = new Module(engine, bytes);
  let assembler = wasmToolsAssembler(instantiate(engine, module));
  return (text) => {
    try {
      return assembler.assemble(encodeUtf8(text));
    } catch (error) {
      if (error instanceof AssembleError)
        throw new WatError("malformed_text", describe(error.message), { cause: error });
      // A parser that has trapped is in no state to go on.
      assembler = wasmToolsAssembler(instantiate(engine, module));
      throw error;
    }
  };
}

/** The parser reports its own error structures; the part a person can use is the kind and place. */
function describe(message: string): string {
  const place = /line: (\d+), col: (\d+)/.exec(message);
  // Errors are wrapped in errors; the innermost kind is the reason.
  const [kind] = [...message.matchAll(/kind: (?:Custom[^"]*"([^"]*)"|(\w+)(?:\((\w+))?)/g)].slice(-1);
  const reason = kind?.[1] ?? kind?.[3] ?? kind?.[2];
  if (place === null || reason === undefined) return `malformed text: ${message}`;
  return `malformed text: ${reason} (line ${Number(place[1]) + 1}, column ${Number(place[2]) + 1})`;
}

function instantiate(engine: Engine, module: Module): WasmTools {
  const store = new Store(engine, undefined);
  const linker = new Linker<undefined>(engine);
  let instance: Instance | undefined;
  const bytes = (): Uint8Array => instance?.getMemory("memory")?.data ?? new Uint8Array(0);
  const imports = wasmToolsImports(bytes);
  for (const { module: from, name, type } of module.imports) {
    if (type.kind !== "func") continue;
    const params: Types = type.type.params.map((code) => ({ name: "", code }));
    const results: Types = type.type.results.map(() => i32);
    const implementation = imports[name];
    const call = (_caller: unknown, ...args: readonly unknown[]): unknown =>
      implementation?.(...args.map((arg) => Number(arg)));
    linker.func(from, name, params, results, call as Parameters<typeof linker.func>[4]);
  }
  instance = linker.instantiate(store, module);
  return {
    bytes,
    realloc: instance.getTypedFunc(wasmToolsExports.realloc, [i32, i32, i32, i32], [i32]),
    parse: instance.getTypedFunc(wasmToolsExports.parse, [i32, i32], [i32]),
    postParse: instance.getTypedFunc(wasmToolsExports.postParse, [i32], []),
  };
}

function encodeUtf8(text: string): Uint8Array {
  // Percent-encoding is UTF-8 that every engine can make.
  const encoded = encodeURIComponent(text);
  const bytes: number[] = [];
  for (let i = 0; i < encoded.length; i++) {
    if (encoded[i] === "%") {
      bytes.push(Number.parseInt(encoded.slice(i + 1, i + 3), 16));
      i += 2;
    } else bytes.push(encoded.charCodeAt(i));
  }
  return Uint8Array.from(bytes);
}
