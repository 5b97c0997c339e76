// Times the programs on the native engine, Anywasm and polywasm, and prints a table in Markdown.
//   pnpm build && pnpm packages [--rounds N] [--node PATH] [--only NAME]
// Engines take turns, so that a slow moment of the machine is nobody's; medians are shown.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { type ProgramResult, preloadOf, programNames, removeNative, runProgram } from "./run.ts";

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "3" }, node: { type: "string" }, only: { type: "string" } },
});
const node = options.node ?? process.execPath;
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds must be a number from 1 on: ${options.rounds}`);

const folder = join(import.meta.dirname, "../../node_modules/.cache/packages");
mkdirSync(folder, { recursive: true });

function preload(name: string, code: string): string {
  const file = join(folder, `${name}.cjs`);
  writeFileSync(file, code);
  return file;
}

const require = createRequire(import.meta.url);
const script = require.resolve("anywasm/script");
if (!existsSync(script)) throw new Error("there is no classic script yet: run `pnpm build` first");
const anywasm = preloadOf(readFileSync(script, "utf8"));
const polywasm = await build({
  stdin: {
    contents: `import { WebAssembly } from ${JSON.stringify(require.resolve("polywasm"))};
      globalThis.WebAssembly = WebAssembly; globalThis.Anywasm = null;`,
    resolveDir: import.meta.dirname,
  },
  bundle: true,
  minify: true,
  format: "cjs",
  platform: "node",
  write: false,
});

const engines = {
  native: undefined,
  anywasm: preload("anywasm", anywasm),
  polywasm: preload("polywasm", `${removeNative}\n${polywasm.outputFiles[0]?.text ?? ""}`),
} as const;
type EngineName = keyof typeof engines;
const engineNames = Object.keys(engines) as readonly EngineName[];

type Attempt = ProgramResult | { readonly error: string };

async function attempt(program: string, engine: EngineName): Promise<Attempt> {
  try {
    return await runProgram(program, engines[engine], node);
  } catch (error) {
    const text = (error as { readonly stderr?: string }).stderr ?? String(error);
    return { error: /^\s*(\w*(?:Error|Exception)\b.*)$/m.exec(text)?.[1]?.slice(0, 90) ?? "failed" };
  }
}

function cell(attempts: readonly Attempt[], expected: unknown): string {
  const failed = attempts.find((each) => "error" in each);
  if (failed !== undefined) return `fails: ${(failed as { readonly error: string }).error}`;
  const results = attempts as readonly ProgramResult[];
  const times = results.map(({ ms }) => ms).sort((a, b) => a - b);
  const median = Math.round(times[times.length >> 1] ?? 0);
  const isEqual = results.every(({ value }) => JSON.stringify(value) === JSON.stringify(expected));
  return isEqual ? `${median}` : `${median}, WRONG RESULT`;
}

process.stdout.write(`| package | ${engineNames.map((name) => `${name}, ms`).join(" | ")} |\n|---|---|---|---|\n`);
for (const program of programNames.filter((name) => options.only === undefined || name === options.only)) {
  const attempts: Record<EngineName, Attempt[]> = { native: [], anywasm: [], polywasm: [] };
  for (let round = 0; round < rounds; round++)
    for (const engine of engineNames) attempts[engine].push(await attempt(program, engine));
  const [reference] = attempts.native;
  const expected = reference !== undefined && "value" in reference ? reference.value : undefined;
  process.stdout.write(`| ${program} | ${engineNames.map((name) => cell(attempts[name], expected)).join(" | ")} |\n`);
}
