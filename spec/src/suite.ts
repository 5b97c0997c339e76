// Finds the scripts of a test suite and runs one.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parseFunc, printFunc, verifyFunc } from "@anywasm/ir";
import {
  type Assembler,
  anywasmEmbedding,
  type Embedding,
  type Outcome,
  runScript,
  ScriptSyntaxError,
} from "@anywasm/wast";
import { type Config, Engine, type Module } from "anywasm";

/** Ways of compiling that the suite can be run on. */
const configs = {
  baseline: { strategy: "baseline" },
  optimizing: { strategy: "optimizing", int64: "pairs" },
  /** 64-bit integers as BigInts in every function that can. */
  bigint: { strategy: "optimizing", int64: "bigint" },
  /** Every function of more than a few statements split. */
  split: { strategy: "optimizing", int64: "auto", splitAbove: 12 },
  /** Each function compiled again on its second call. */
  auto: { strategy: "auto", promoteAfter: 1 },
} as const satisfies Readonly<Record<string, Config>>;

export type Tier = keyof typeof configs;
export const tiers = Object.keys(configs) as readonly Tier[];

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
  const engine = new Engine(configs[tier]);
  let outcomes: readonly Outcome[];
  try {
    outcomes = runScript(readFileSync(join(root, file)), checkingIr(anywasmEmbedding(engine)), assembler);
  } catch (error) {
    if (!(error instanceof ScriptSyntaxError)) throw error;
    outcomes = [{ line: error.line, command: "unsupported", result: "failed", reason: error.message }];
  }
  return { file, outcomes, milliseconds: performance.now() - start };
}

/** Holds the IR of every function of every module to what passes rely on: it is well formed, prints and parses back. */
function checkingIr<I>(embedding: Embedding<Module, I>): Embedding<Module, I> {
  return {
    ...embedding,
    define: (bytes) => {
      const module = embedding.define(bytes);
      const { importedFunctionCount, bodies } = module.structure;
      for (let index = importedFunctionCount; index < importedFunctionCount + bodies.length; index++) {
        const func = module.buildFunction(index);
        const problems = verifyFunc(func);
        if (problems.length > 0) throw new Error(`IR of function ${index}: ${problems.join("; ")}`);
        if (!isDeepStrictEqual(parseFunc(printFunc(func)), func))
          throw new Error(`IR of function ${index} does not parse back: ${printFunc(func)}`);
      }
      return module;
    },
  };
}

/** The part of the suite a file belongs to: `main`, or its folder. */
export function groupOf(file: string): string {
  const folder = file.split("/").slice(0, -1).join("/");
  return folder === "" ? "main" : folder;
}
