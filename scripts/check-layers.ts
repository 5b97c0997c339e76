// Proves that imports between packages point one way (docs/architecture.md, "Layers"), that core packages use neither
// Node nor third parties, and that every package imports only what its package.json names. Run by `pnpm lint`.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** What a package may import. `types` are for `import type` alone. */
interface Layer {
  readonly values: readonly string[];
  readonly types?: readonly string[];
  /** Runs in any engine: no Node, no third parties. */
  readonly core?: true;
}

const layers: Readonly<Record<string, Layer>> = {
  isa: { values: [], core: true },
  ir: { values: ["isa"], core: true },
  decoder: { values: ["isa", "ir"], core: true },
  compiler: { values: ["isa", "ir"], core: true },
  engine: { values: ["isa"], types: ["ir", "decoder", "compiler"], core: true },
  runtime: { values: ["isa", "engine"], core: true },
  wat: { values: ["isa", "engine", "runtime", "wast"] },
  wasi: { values: ["isa", "runtime"] },
  wast: { values: ["isa", "engine", "runtime"], core: true },
  anywasm: { values: ["isa", "decoder", "compiler", "engine", "runtime", "wat", "wasi"] },
  cli: { values: ["anywasm", "decoder", "ir", "wast"] },
};

export interface SourceFile {
  /** Folder below `packages`. */
  readonly package: string;
  /** Path below the package. */
  readonly path: string;
  readonly text: string;
}

interface ImportStatement {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** The static and dynamic imports and re-exports of a source. */
function importsOf(text: string): readonly ImportStatement[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const found: ImportStatement[] = [];
  for (const match of code.matchAll(/^(?:import|export)\s+(type\s)?([^;"']*?\sfrom\s*)?["']([^"']+)["']/gm)) {
    const names = /\{([^}]*)\}/.exec(match[2] ?? "")?.[1];
    const allTypes = names?.split(",").every((each) => each.trim() === "" || each.trim().startsWith("type ")) ?? false;
    found.push({
      specifier: match[3] as string,
      typeOnly: match[1] !== undefined || (allTypes && !/^[^{]*\w\s*,/.test(match[2] ?? "")),
    });
  }
  for (const match of code.matchAll(/\bimport\(\s*["']([^"']+)["']/g))
    found.push({ specifier: match[1] as string, typeOnly: false });
  return found;
}

/** Everything that breaks the rules, one line each. */
export function violations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const layer = layers[file.package];
    if (layer === undefined) return [`packages/${file.package}: not in the list of layers`];
    const where = `packages/${file.package}/${file.path}`;
    return importsOf(file.text).flatMap((statement) =>
      problemOf(file, layer, statement).map((why) => `${where}: ${why}`),
    );
  });
}

function problemOf(file: SourceFile, layer: Layer, { specifier, typeOnly }: ImportStatement): string[] {
  if (specifier.startsWith(".")) {
    const target = resolve("/", file.package, dirname(file.path), specifier);
    return target.startsWith(`/${file.package}/`) ? [] : [`imports ${specifier}, which is in another package`];
  }
  const own = /^(?:@anywasm\/([\w-]+)|(anywasm))(\/.*)?$/.exec(specifier);
  const target = own?.[1] ?? own?.[2];
  if (target === undefined) return layer.core === true ? [`is core, but imports ${specifier}`] : [];
  if (layer.values.includes(target) || target === file.package) return [];
  if (layer.types?.includes(target) === true) return typeOnly ? [] : [`may import ${specifier} for types only`];
  return [`must not import ${specifier}`];
}

/** Files that must be refused: a check that refuses nothing proves nothing. */
const wrong: readonly SourceFile[] = [
  { package: "isa", path: "src/a.ts", text: 'import { x } from "@anywasm/ir";' },
  { package: "compiler", path: "src/a.ts", text: 'export { x } from "@anywasm/decoder";' },
  { package: "engine", path: "src/a.ts", text: 'import { type A, decode } from "@anywasm/decoder";' },
  { package: "runtime", path: "src/a.ts", text: 'import type { A } from "@anywasm/decoder";' },
  { package: "runtime", path: "src/a.ts", text: 'import fs from "node:fs";' },
  { package: "decoder", path: "src/a.ts", text: 'import {\n  b,\n} from "acorn";' },
  { package: "decoder", path: "src/a.ts", text: 'import { x } from "../../ir/src/nodes.ts";' },
  { package: "wasi", path: "src/a.ts", text: 'const x = await import("@anywasm/cli");' },
];

function readSources(root: string): readonly SourceFile[] {
  return readdirSync(root).flatMap((name) => {
    const folder = join(root, name, "src");
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts") && !/\.(test|test-support)\.ts$/.test(path))
      .map((path) => ({
        package: name,
        path: `src/${path.replace(/\\/g, "/")}`,
        text: readFileSync(join(folder, path), "utf8"),
      }));
  });
}

const root = join(dirname(fileURLToPath(import.meta.url)), "../packages");
const missed = wrong.filter((file) => violations([file]).length === 0);
const problems = [
  ...missed.map(({ package: name, text }) => `the check itself misses ${JSON.stringify(text)} in ${name}`),
  ...violations(readSources(root)),
];
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(`layers: ${problems.length} problems in ${relative(process.cwd(), root)}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
