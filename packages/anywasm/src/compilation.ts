// Wires the decoder and the compilers into the engine: the one place that knows all of them.
import { createBaselineCompiler, createOptimizingCompiler, entriesSource, hasDirectEntry } from "@anywasm/compiler";
import { buildFunction, decodeModule, readFunction, readNames } from "@anywasm/decoder";
import { ConfigError, type Tier, type Toolchain } from "@anywasm/engine";
import { version } from "./version.ts";

/** What all toolchains have. */
export const compilation: Pick<Toolchain, "version" | "frontend" | "entries" | Tier> = {
  version,
  frontend: {
    decode: decodeModule,
    build: buildFunction,
    read: readFunction,
    names: (module) => readNames(module.bytes, module),
  },
  entries: { isDirect: hasDirectEntry, source: entriesSource },
  baseline: { name: "baseline", forModule: createBaselineCompiler },
  optimizing: { name: "optimizing", forModule: createOptimizingCompiler },
};

/** The toolchain without the text format. */
export const binaryToolchain: Toolchain = {
  ...compilation,
  textParser: () => undefined,
  loadTextParser: () => Promise.reject(new Error("this engine reads the binary format only")),
  moduleOptimizer: () => undefined,
  loadModuleOptimizer: () =>
    Promise.reject(new ConfigError("optimizer_unavailable", 'this engine has no strategy "binaryen"')),
};
