// Finds the parser's module on Node. Elsewhere the embedder hands in its bytes.
import { WasmError } from "@anywasm/isa";

/** The text format cannot be read: its parser is missing, or the text is wrong. */
export class WatError extends WasmError {
  override readonly name = "WatError";
  readonly code: "parser_missing" | "malformed_text";

  constructor(code: WatError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const packageName = "@bytecodealliance/jco-transpile";

/**
 * Reads the parser from the package that publishes it, an optional dependency.
 * @throws WatError where it is not installed.
 */
export async function loadWasmTools(): Promise<Uint8Array> {
  try {
    const [{ readFile }, { createRequire }, { dirname, join }] = await Promise.all([
      import("node:fs/promises"),
      import("node:module"),
      import("node:path"),
    ]);
    const entry = createRequire(import.meta.url).resolve(packageName);
    return await readFile(join(dirname(entry), "../vendor/wasm-tools.core.wasm"));
  } catch (error) {
    throw new WatError(
      "parser_missing",
      `the text format needs the package ${packageName} (npm install ${packageName}), or its parser's bytes`,
      { cause: error },
    );
  }
}
