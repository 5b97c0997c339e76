// The text format's parser: loaded once, kept for all engines.
import { Engine, type TextParser } from "@anywasm/engine";
import { createTextParser, loadWasmTools } from "@anywasm/wat";
import { binaryToolchain } from "./compilation.ts";

let loaded: TextParser | undefined;

/** The parser, if `loadTextParser` has finished. */
export function loadedTextParser(): TextParser | undefined {
  return loaded;
}

/**
 * Loads the parser of the text format; afterwards `new Module(engine, text)` accepts text too.
 * @param bytes the parser's module, where the package @bytecodealliance/jco-transpile cannot be read from disk.
 * @throws WatError where it is not installed.
 * @example
 * await loadTextParser();
 * const module = new Module(new Engine(), "(module)");
 */
export async function loadTextParser(bytes?: Uint8Array): Promise<TextParser> {
  if (loaded === undefined) {
    // The parser is a module in the binary format: its engine needs no text parser.
    loaded = createTextParser(new Engine({}, binaryToolchain), bytes ?? (await loadWasmTools()));
  }
  return loaded;
}
