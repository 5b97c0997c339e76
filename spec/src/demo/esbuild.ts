// esbuild's own WebAssembly build, a Go program, through the glue it is published with. Arguments are esbuild's.
import fs, { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Engine, type Instance, i32, Linker, Module, Store } from "anywasm";

const require = createRequire(import.meta.url);

interface GoRuntime {
  argv: string[];
  env: Record<string, string>;
  exit: (code: number) => void;
  readonly importObject: Readonly<Record<string, Readonly<Record<string, (pointer: number) => void>>>>;
  run(instance: object): Promise<void>;
}

/** The glue tests for this class; it needs exports like those of the standard object. */
class GlueInstance {
  readonly exports: object;

  constructor(instance: Instance) {
    const call =
      (name: string) =>
      (...args: readonly number[]) =>
        instance.getFunc(name)?.call(...args);
    const memory = instance.getMemory("mem");
    this.exports = {
      run: call("run"),
      resume: call("resume"),
      getsp: call("getsp"),
      mem: {
        get buffer() {
          return memory?.data.buffer;
        },
      },
    };
  }
}

Object.assign(globalThis, { fs, process, path: require("node:path"), WebAssembly: { Instance: GlueInstance } });
require("esbuild-wasm/wasm_exec.js");
const go = new (Reflect.get(globalThis, "Go") as new () => GoRuntime)();
go.argv = ["esbuild", ...process.argv.slice(2)];
go.env = { PATH: "", HOME: "/" };
go.exit = (code) => {
  process.exitCode = code;
};

const engine = new Engine();
const module = new Module(engine, readFileSync(require.resolve("esbuild-wasm/esbuild.wasm")));
const linker = new Linker<undefined>(engine);
const imported = new Set<string>();
for (const { module: from, name } of module.imports) {
  // The Go linker imports some functions more than once.
  if (imported.has(name)) continue;
  imported.add(name);
  const implementation = go.importObject[from]?.[name];
  if (implementation !== undefined) linker.func(from, name, [i32], [], (_caller, pointer) => implementation(pointer));
}
await go.run(new GlueInstance(linker.instantiate(new Store(engine, undefined), module)));
