// The engines that are compared: each makes a callable `run` of a module's bytes.
import { Engine, Linker, Module, Store } from "anywasm";

export const engineNames = ["native", "baseline", "polywasm"] as const;
export type EngineName = (typeof engineNames)[number];

export type Run = (...args: readonly number[]) => number;

export async function instantiate(engine: EngineName, bytes: Uint8Array): Promise<Run> {
  switch (engine) {
    case "native":
      return exportedRun(new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes))).exports);
    case "baseline": {
      const anywasm = new Engine({ strategy: "baseline" });
      const instance = new Linker(anywasm).instantiate(new Store(anywasm, undefined), new Module(anywasm, bytes));
      const run = instance.getFunc("run");
      if (run === undefined) throw new Error("no export run");
      return run.typed(run.params, run.results) as unknown as Run;
    }
    case "polywasm": {
      const { WebAssembly: polywasm } = await import("polywasm");
      return exportedRun(new polywasm.Instance(new polywasm.Module(Uint8Array.from(bytes))).exports);
    }
  }
}

function exportedRun(exports: Readonly<Record<string, unknown>>): Run {
  return exports["run"] as Run;
}
