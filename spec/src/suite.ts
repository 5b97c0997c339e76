// Finds the scripts of a test suite and runs one.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { type Assembler, type Outcome, runScript, ScriptSyntaxError } from "@anywasm/wast";
import { embeddingFor, type Tier } from "./embeddings.ts";
import { threadSource } from "./thread-source.ts";
import { threadsOf } from "./threads.ts";

export interface FileResult {
  /** Path within the suite, with slashes. */
  readonly file: string;
  readonly outcomes: readonly Outcome[];
  readonly milliseconds: number;
}

/** Paths of all scripts below `root`, or `root` itself if it is one. */
export function findScripts(root: string): readonly string[] {
  if (statSync(root).isFile()) return [""];
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".wast"))
    .map((path) => relative(root, join(root, path)).replace(/\\/g, "/"))
    .sort();
}

export function runFile(root: string, file: string, tier: Tier, assembler: Assembler): FileResult {
  const start = performance.now();
  let outcomes: readonly Outcome[];
  try {
    const script = readFileSync(join(root, file));
    outcomes = runScript(script, embeddingFor(file, tier), assembler, threadsOf(file, tier, threadSource));
  } catch (error) {
    if (!(error instanceof ScriptSyntaxError)) throw error;
    outcomes = [{ line: error.line, command: "unsupported", result: "failed", reason: error.message }];
  }
  return { file, outcomes, milliseconds: performance.now() - start };
}
