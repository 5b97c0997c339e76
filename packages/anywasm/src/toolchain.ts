// The whole toolchain.
import type { Toolchain } from "@anywasm/engine";
import { loadedModuleOptimizer, loadModuleOptimizer } from "./binaryen.ts";
import { compilation } from "./compilation.ts";
import { loadedTextParser, loadTextParser } from "./text.ts";

export const toolchain: Toolchain = {
  ...compilation,
  textParser: loadedTextParser,
  loadTextParser: () => loadTextParser(),
  moduleOptimizer: loadedModuleOptimizer,
  loadModuleOptimizer,
};
