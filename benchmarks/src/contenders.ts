// What is compared on kernels: the native engine, the tiers of Anywasm, and peers. Each makes a callable `run` of a
// module's bytes.
import { Engine, Linker, Module, Store, type Strategy } from "anywasm";

export const contenderNames = ["native", "baseline", "optimizing", "auto", "binaryen", "polywasm", "wasm2js"] as const;
export type ContenderName = (typeof contenderNames)[number];

export type Run = (n: number) => number;

/** What a contender is given: a module, and what wasm2js made of it. */
export interface KernelSource {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Path of a JavaScript module that exports `run`. */
  readonly wasm2js: string | undefined;
}

export async function instantiate(contender: ContenderName, { bytes, wasm2js }: KernelSource): Promise<Run> {
  switch (contender) {
    case "native":
      if (!WebAssembly.validate(bytes)) throw new Error("this engine lacks a feature that the module needs");
      return exportedRun(new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports);
    case "baseline":
    case "optimizing":
    case "auto":
    case "binaryen":
      return instantiateOwn(contender, bytes);
    case "polywasm": {
      const { WebAssembly: polywasm } = await import("polywasm");
      return exportedRun(new polywasm.Instance(new polywasm.Module(bytes)).exports);
    }
    case "wasm2js": {
      if (wasm2js === undefined) throw new Error("wasm2js has not made this kernel");
      return exportedRun((await import(wasm2js)) as Readonly<Record<string, unknown>>);
    }
  }
}

async function instantiateOwn(strategy: Strategy, bytes: Uint8Array<ArrayBuffer>): Promise<Run> {
  const engine = new Engine({ strategy });
  const module = await Module.compile(engine, bytes);
  const run = new Linker(engine).instantiate(new Store(engine, undefined), module).getFunc("run");
  if (run === undefined) throw new Error("no export run");
  return run.typed(run.params, run.results) as unknown as Run;
}

function exportedRun(exports: Readonly<Record<string, unknown>>): Run {
  return exports["run"] as Run;
}
