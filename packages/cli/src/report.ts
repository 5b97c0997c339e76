// Failures as people see them: what kind, what happened, on standard error; and the exit code of each kind.
import { readFileSync } from "node:fs";
import { formatBacktrace, Trap, WasmError } from "anywasm";
import colors from "picocolors";

export const exitCodes = {
  /** The module or the program failed. */
  failure: 1,
  /** The command was used in a way it does not have. */
  usage: 2,
  /** The guest trapped: what a shell reports for a process that aborted. */
  trap: 134,
} as const;

/** The user's input cannot be used; the message says which and why. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/** Prints `error` and gives the exit code for it. */
export function reportFailure(error: unknown): number {
  if (error instanceof Trap) {
    const backtrace = error.frames.length === 0 ? "" : `\nwasm backtrace:\n${formatBacktrace(error.frames)}`;
    printError(`trap: ${error.message}${backtrace}`);
    return exitCodes.trap;
  }
  if (error instanceof InputError) {
    printError(error.message);
    return exitCodes.failure;
  }
  if (error instanceof WasmError) {
    printError(`${kindOf(error)}${error.message}`);
    return exitCodes.failure;
  }
  // Not foreseen: the stack is what a bug report needs.
  printError(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exitCodes.failure;
}

function kindOf(error: WasmError): string {
  switch (error.name) {
    case "CompileError":
      return "not a valid module: ";
    case "LinkError":
      return "cannot link: ";
    default:
      return "";
  }
}

function printError(message: string): void {
  const useColors = process.stderr.isTTY === true && colors.isColorSupported;
  const label = useColors ? colors.red("error:") : "error:";
  process.stderr.write(`${label} ${message}\n`);
}

/** The contents of a file the user named. @throws InputError with a plain reason. */
export function readInput(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: "no such file",
      EISDIR: "is a directory",
      EACCES: "permission denied",
    };
    throw new InputError(`cannot read ${path}: ${(code === undefined ? undefined : reasons[code]) ?? String(error)}`);
  }
}
