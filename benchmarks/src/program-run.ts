// Runs real programs of npm through their own glue: one cold process each, from importing the package to its answer; or busy
// ones, a turn of what they repeat.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  busyProgramNames,
  type ProgramMode,
  type ProgramParts,
  type ProgramResult as ProgramSample,
  preloadOf,
  programNames,
  recordedResult,
  removeNative,
  runProgram,
} from "@anywasm/spec/packages";
import { build } from "esbuild";
import { reasonOf } from "./failure.ts";

export const programContenders = ["native", "anywasm", "polywasm"] as const;
type ProgramContender = (typeof programContenders)[number];

export interface ProgramResult {
  readonly program: string;
  readonly contender: ProgramContender;
  /** One measurement a round. */
  readonly ms: readonly number[];
  /** What compiling took of each, where that was asked for. */
  readonly parts?: readonly ProgramParts[];
  /** Why there are none. */
  readonly failure?: string;
}

const folder = join(import.meta.dirname, "../node_modules/.cache/programs");
const require = createRequire(import.meta.url);

/**
 * Programs for Node's `--require` that give a process its WebAssembly object, the engine's own taken away.
 * @param withParts built from the sources then, since what is published does not tell.
 */
async function preloads(withParts: boolean): Promise<Readonly<Record<ProgramContender, string | undefined>>> {
  mkdirSync(folder, { recursive: true });
  const written = (name: string, code: string): string => {
    const file = join(folder, `${name}.cjs`);
    writeFileSync(file, code);
    return file;
  };
  const polywasm = await bundle(`import { WebAssembly } from ${JSON.stringify(require.resolve("polywasm"))};
    globalThis.WebAssembly = WebAssembly; globalThis.Anywasm = null;`);
  return {
    native: undefined,
    anywasm: withParts
      ? written("anywasm-parts", `${removeNative}\n${await bundle('import "./parts-preload.ts";')}`)
      : written("anywasm", preloadOf(classicScript())),
    polywasm: written("polywasm", `${removeNative}\n${polywasm}`),
  };
}

function classicScript(): string {
  const script = require.resolve("anywasm/script");
  if (!existsSync(script)) throw new Error("there is no classic script yet: run `pnpm build` first");
  return readFileSync(script, "utf8");
}

async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: "cjs",
    platform: "node",
    conditions: ["anywasm-source"],
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

export async function runPrograms(
  engine: string,
  mode: ProgramMode,
  rounds: number,
  withParts: boolean,
  isChosen: (program: string) => boolean,
  progress: (program: string) => void,
): Promise<ProgramResult[]> {
  const files = await preloads(withParts);
  const results: ProgramResult[] = [];
  for (const program of (mode === "busy" ? busyProgramNames : programNames).filter(isChosen)) {
    progress(program);
    const samples = new Map<ProgramContender, (ProgramSample | { readonly error: string })[]>();
    for (let round = 0; round < rounds; round++)
      for (const contender of programContenders) {
        const known = samples.get(contender) ?? [];
        if (known.some((each) => "error" in each)) continue;
        samples.set(contender, [...known, await attempt(program, mode, files[contender], engine)]);
      }
    const [reference] = samples.get("native") ?? [];
    // What this engine cannot run natively, a later one has.
    const expected = reference !== undefined && "value" in reference ? reference.value : recordedResult(program);
    for (const contender of programContenders)
      results.push(judged(program, contender, samples.get(contender) ?? [], expected));
  }
  return results;
}

function judged(
  program: string,
  contender: ProgramContender,
  samples: readonly (ProgramSample | { readonly error: string })[],
  expected: unknown,
): ProgramResult {
  const ms: number[] = [];
  const parts: ProgramParts[] = [];
  for (const sample of samples) {
    if ("error" in sample) return { program, contender, ms: [], failure: sample.error };
    if (!isDeepStrictEqual(sample.value, expected))
      return { program, contender, ms: [], failure: "gives another result than the native engine" };
    ms.push(sample.ms);
    if (sample.parts !== undefined) parts.push(sample.parts);
  }
  return { program, contender, ms, ...(parts.length > 0 && { parts }) };
}

async function attempt(
  program: string,
  mode: ProgramMode,
  preload: string | undefined,
  engine: string,
): Promise<ProgramSample | { readonly error: string }> {
  try {
    return await runProgram(program, preload, engine, mode);
  } catch (error) {
    return { error: reasonOf(error) };
  }
}
