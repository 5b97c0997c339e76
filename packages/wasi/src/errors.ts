// The errors the embedder sees, and their words. What the guest sees are error numbers: errno.ts.

import { WasmError } from "@anywasm/isa";

/**
 * The guest asked to end (`proc_exit`, or a signal whose default is to terminate). It unwinds the
 * guest as a host exception, so guest handlers do not catch it.
 *
 * @example
 * ```ts
 * try {
 *   instance.exports._start();
 * } catch (error) {
 *   if (error instanceof WasiExit) process.exitCode = error.exitCode;
 *   else throw error;
 * }
 * ```
 */
export class WasiExit extends WasmError {
  override readonly name = "WasiExit";
  readonly code = "wasi_exit";
  /** What the guest passed, as an unsigned 32-bit number. */
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(messages.exit(exitCode));
    this.exitCode = exitCode;
  }
}

/** The options given to `Wasi` cannot be used. */
export class WasiOptionsError extends WasmError {
  override readonly name = "WasiOptionsError";
  readonly code = "wasi_options";

  constructor(message: string) {
    super(message);
  }
}

export const messages = {
  exit: (exitCode: number) => `the guest exited with code ${exitCode}`,
  nulByte: (what: string, text: string) => `${what} must not contain a NUL byte: ${JSON.stringify(text)}`,
  equalsSign: (name: string) =>
    `an environment variable's name must be non-empty and without "=": ${JSON.stringify(name)}`,
  notADirectory: (path: string) => `a preopened directory must be an existing directory: ${JSON.stringify(path)}`,
  emptyName: () => `a preopened directory needs a name`,
  fileTree: (name: string) => `not a file name: ${JSON.stringify(name)}`,
};
