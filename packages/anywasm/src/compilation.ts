// Wires the decoder and the compilers into the engine: the one place that knows all of them.
import {
  createBaselineCompiler,
  createOptimizingCompiler,
  entriesSource,
  hasDirectEntry,
  hostCallSource,
  structureClasses,
} from "@anywasm/compiler";
import { buildFunction, decodeModule, readFunction, readNames } from "@anywasm/decoder";
import { type BufferSource, ConfigError, type Tier, type Toolchain } from "@anywasm/engine";
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
  entries: { isDirect: hasDirectEntry, source: entriesSource, hostCall: hostCallSource, structures: structureClasses },
  baseline: { name: "baseline", forModule: createBaselineCompiler },
  optimizing: { name: "optimizing", forModule: createOptimizingCompiler },
};

function unavailable(code: ConfigError["code"], what: string): () => never {
  return () => {
    throw new ConfigError(code, `this engine has no ${what}`);
  };
}

/** The toolchain for bytes that are there: without the text format, streams, and the strategy "binaryen". */
export const binaryToolchain: Toolchain = {
  ...compilation,
  parseText: unavailable("text_format_unavailable", "text format"),
  optimizeModule: unavailable("optimizer_unavailable", 'strategy "binaryen"'),
  // What is something else is refused where it is used.
  load: async (source) => source as BufferSource,
};
