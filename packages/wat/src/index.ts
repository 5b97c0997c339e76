// The text format, on demand: the parser is loaded when text is first compiled.
import type { TextParser } from "@anywasm/engine";

let loaded: TextParser | undefined;

/** The parser, if `loadTextParser` has finished. */
export function loadedTextParser(): TextParser | undefined {
  return loaded;
}

/** Loads the parser. Afterwards `new Module(engine, text)` accepts text too. */
export async function loadTextParser(): Promise<TextParser> {
  throw new Error("not yet");
}
