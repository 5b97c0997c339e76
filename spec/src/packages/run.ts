// Runs programs that use WebAssembly through real packages, each in a process of its own, on one of several engines.
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/** Takes the engine's own object away, before anything can get hold of it. Newer versions of Node.js have no flag. */
export const removeNative = "delete globalThis.WebAssembly;";

/**
 * A program for Node's `--require` that runs a classic script as a page does: its `var` becomes global.
 * @param before code that runs first.
 */
export function preloadOf(script: string, before = removeNative): string {
  return `${before}\nrequire("node:vm").runInThisContext(${JSON.stringify(script)}, "anywasm.min.js");`;
}

/** What a run took to compile, in milliseconds; the glue and the guest took the rest. */
export interface ProgramParts {
  readonly validation: number;
  /** Making JavaScript. */
  readonly text: number;
  /** The engine's compiling of that. */
  readonly evaluation: number;
}

export interface ProgramResult {
  readonly native: boolean;
  /** From importing the package to its answer; of a busy program, a turn. */
  readonly ms: number;
  readonly value: unknown;
  /** Where the preload notes them. */
  readonly parts?: ProgramParts;
}

export const programNames: readonly string[] = readdirSync(join(import.meta.dirname, "programs"))
  .filter((name) => name.endsWith(".mjs"))
  .map((name) => name.slice(0, -".mjs".length))
  .sort();

/** What the engine's own WebAssembly gave on a current version, for a program that the oldest supported one cannot run. */
export function recordedResult(name: string): unknown {
  const file = join(import.meta.dirname, "programs", `${name}.expected.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** Once, all of it; or what the program repeats, when it has been at it for some time. */
export type ProgramMode = "cold" | "busy";

/** Programs that can also be kept busy: interpreters, which run the same code again and again. */
export const busyProgramNames: readonly string[] = ["quickjs-emscripten", "sql.js", "wasmoon"];

/**
 * @param preload a CommonJS file that gives the process its WebAssembly object and takes the native one away, so that no
 * package can reach that.
 * @throws what the process wrote to its standard error, if it fails.
 */
export async function runProgram(
  name: string,
  preload?: string,
  node = process.execPath,
  mode: ProgramMode = "cold",
): Promise<ProgramResult> {
  const flags = preload === undefined ? [] : ["--require", preload];
  const { stdout } = await promisify(execFile)(
    node,
    [...flags, "--no-warnings", join(import.meta.dirname, "run-program.mjs"), name, mode],
    { timeout: 120_000, maxBuffer: 1 << 26 },
  );
  return JSON.parse(stdout.trim().split("\n").pop() ?? "") as ProgramResult;
}
