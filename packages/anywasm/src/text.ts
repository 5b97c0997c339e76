// The text format's parser: loaded once, kept for all engines.
import { ConfigError, Engine, type TextParser } from "@anywasm/engine";
import { createTextParser, loadWasmTools } from "@anywasm/wat";
import { binaryToolchain } from "./compilation.ts";

let loaded: TextParser | undefined;

/** @throws ConfigError unless `loadTextParser` has finished. */
export function parseText(text: string): Uint8Array {
  if (loaded !== undefined) return loaded(text);
  throw new ConfigError(
    "text_format_unavailable",
    "the text format's parser is not loaded: use `await Module.compile(engine, text)`, or load it first with " +
      "`await loadTextParser()`",
  );
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
