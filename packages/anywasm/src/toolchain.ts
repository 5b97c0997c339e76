// The whole toolchain.
import type { Toolchain } from "@anywasm/engine";
import { compilation } from "./compilation.ts";
import { loadedTextParser, loadTextParser } from "./text.ts";

export const toolchain: Toolchain = {
  ...compilation,
  textParser: loadedTextParser,
  loadTextParser: () => loadTextParser(),
};
