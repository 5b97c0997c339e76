// Proves that imports between packages point one way (docs/architecture.md, "Layers"), that core packages use neither
// Node nor third parties, and that every package imports only what its package.json names. Tests obey the same layers,
// but may use Node, the test tools and their package's dev dependencies. Run by `pnpm lint`.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type ImportStatement, importsOf } from "./imports.ts";

/** What a package may import. `types` are for `import type` alone. */
interface Layer {
  readonly values: readonly string[];
  readonly types?: readonly string[];
  /** Runs in any engine: no Node, no third parties. */
  readonly core?: true;
}

/** From the bottom up: a package imports from lines above its own, so the packages form no cycle. */
const layers: Readonly<Record<string, Layer>> = {
  isa: { values: [], core: true },
  ir: { values: ["isa"], core: true },
  decoder: { values: ["isa", "ir"], core: true },
  compiler: { values: ["isa", "ir"], core: true },
  engine: { values: ["isa"], types: ["ir", "decoder", "compiler"], core: true },
  runtime: { values: ["isa", "engine"], core: true },
  "js-api": { values: ["isa", "engine", "runtime"], core: true },
  wasi: { values: ["isa", "runtime"] },
  wast: { values: ["isa", "engine", "runtime"], core: true },
  wat: { values: ["isa", "engine", "runtime", "wast"] },
  anywasm: { values: ["isa", "decoder", "compiler", "engine", "runtime", "js-api", "wat", "wasi"] },
  cli: { values: ["anywasm", "decoder", "ir", "wast"] },
};

interface SourceFile {
  /** Folder below `packages`. */
  readonly package: string;
  /** Path below the package. */
  readonly path: string;
  readonly text: string;
}

/** The names a file may import by its package's package.json. */
type Declared = (file: SourceFile) => readonly string[];

/** What tests in any package may import. */
const testTools: readonly string[] = ["vitest", "fast-check"];

function isTest({ path }: SourceFile): boolean {
  return path.startsWith("test/") || /\.(test|test-support)\.ts$/.test(path);
}

/** Everything that breaks the rules, one line each. */
function violations(files: readonly SourceFile[], declared: Declared): string[] {
  return files.flatMap((file) => {
    const layer = layers[file.package];
    if (layer === undefined) return [`packages/${file.package}: not in the list of layers`];
    const where = `packages/${file.package}/${file.path}`;
    return importsOf(file.path, file.text).flatMap((statement) =>
      problemsOf(file, layer, statement, declared(file)).map((why) => `${where}: ${why}`),
    );
  });
}

function problemsOf(
  file: SourceFile,
  layer: Layer,
  { specifier, typeOnly }: ImportStatement,
  declared: readonly string[],
): string[] {
  const core = layer.core === true && !isTest(file);
  // A computed name could be anything. Outside the core that is for a person to judge.
  if (specifier === undefined) return core ? ["is core, but imports a computed name"] : [];
  if (specifier.startsWith(".")) {
    const target = resolve("/", file.package, dirname(file.path), specifier);
    return target.startsWith(`/${file.package}/`) ? [] : [`imports ${specifier}, which is in another package`];
  }
  const own = /^(?:@anywasm\/([\w-]+)|(anywasm))(\/.*)?$/.exec(specifier);
  const target = own?.[1] ?? own?.[2];
  if (target === undefined && core) return [`is core, but imports ${specifier}`];
  if (target === file.package) return [`imports itself as ${specifier}, which hides cycles`];
  if (target !== undefined && !layer.values.includes(target)) {
    if (layer.types?.includes(target) !== true) return [`must not import ${specifier}`];
    if (!typeOnly) return [`may import ${specifier} with \`import type\` only: \`{ type A }\` still loads it`];
  }
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  if (declared.includes(name) || specifier.startsWith("node:") || builtinModules.includes(name)) return [];
  return [`imports ${name}, which its package.json does not name`];
}

/** Files that must be refused: a check that refuses nothing proves nothing. */
const wrong: readonly (readonly [packageFolder: string, text: string, path?: string])[] = [
  ["isa", 'import { x } from "@anywasm/ir";'],
  ["isa", 'const a = 1; import { x } from "@anywasm/ir";'],
  ["compiler", 'export { x } from "@anywasm/decoder";'],
  ["compiler", 'export * from "@anywasm/decoder";'],
  ["engine", 'import { type A, decode } from "@anywasm/decoder";'],
  ["engine", 'import { type A } from "@anywasm/decoder";'],
  ["engine", 'export { type A } from "@anywasm/decoder";'],
  ["engine", 'import "@anywasm/compiler";'],
  ["runtime", 'import type { A } from "@anywasm/decoder";'],
  ["runtime", 'type A = import("@anywasm/decoder").A;'],
  ["runtime", 'import fs from "node:fs";'],
  ["runtime", 'import fs = require("fs");'],
  ["decoder", 'import {\n  b,\n} from "acorn";'],
  ["decoder", 'import { x } from "../../ir/src/nodes.ts";'],
  ["decoder", 'import { x } from "@anywasm/decoder";'],
  ["ir", '/// <reference types="node" />'],
  ["ir", 'const open = "/*", x = import("node:fs"), close = "*/";'],
  ["ir", "const x = import(`node:fs`);"],
  ["ir", 'const x = import("node:" + "fs");'],
  ["wasi", 'const x = await import("@anywasm/cli");'],
  ["cli", 'import x from "undeclared/file.js";'],
  ["isa", 'import { x } from "@anywasm/cli";', "src/a.test.ts"],
  ["isa", 'import x from "undeclared";', "src/a.test-support.ts"],
  ["decoder", 'import type { A } from "@anywasm/compiler";', "test/a.ts"],
  ["decoder", 'import { x } from "../../ir/src/nodes.ts";', "src/a.test.ts"],
  ["decoder", 'import { test } from "vitest";'],
];

/** Files that must pass: a check that refuses everything proves nothing either. */
const right: typeof wrong = [
  ["engine", 'import type { A } from "@anywasm/decoder";\nexport type { B } from "@anywasm/compiler";'],
  ["compiler", 'import { a } from "@anywasm/ir";\n// import "node:fs"\nconst text = `import "node:fs";`;'],
  ["decoder", 'import { x } from "../../decoder/src/reader.ts";'],
  ["wasi", 'import fs from "node:fs/promises";\nimport { x } from "@anywasm/runtime";'],
  ["cli", 'import { x } from "anywasm/wasi/node";'],
  ["isa", 'import fs from "node:fs";\nimport { test } from "vitest";\nimport fc from "fast-check";', "src/a.test.ts"],
  ["ir", 'import fc from "fast-check";\nimport { x } from "@anywasm/isa";', "src/a.test-support.ts"],
];

function faultsOfTheCheckItself(): string[] {
  const names = Object.keys(layers);
  const packages = names.map((name) => (name === "anywasm" ? name : `@anywasm/${name}`));
  const declared: Declared = (file) => (isTest(file) ? [...packages, ...testTools] : packages);
  const refused = ([packageFolder, text, path = "src/a.ts"]: (typeof wrong)[number]) =>
    violations([{ package: packageFolder, path, text }], declared).length > 0;
  return [
    ...wrong.filter((each) => !refused(each)).map((each) => `the check itself misses ${JSON.stringify(each)}`),
    ...right.filter(refused).map((each) => `the check itself refuses ${JSON.stringify(each)}`),
    ...Object.entries(layers).flatMap(([name, { values, types = [] }]) =>
      [...values, ...types]
        .filter((below) => !names.slice(0, names.indexOf(name)).includes(below))
        .map((below) => `layers: ${name} may import ${below}, which does not stand above it in the list`),
    ),
  ];
}

function readSources(): readonly SourceFile[] {
  return packageFolders().flatMap((name) =>
    ["src", "test"].flatMap((folder) => {
      if (!existsSync(join(root, name, folder))) return [];
      return readdirSync(join(root, name, folder), { recursive: true, encoding: "utf8" })
        .filter((path) => /\.[cm]?[jt]sx?$/.test(path))
        .map((path) => ({
          package: name,
          path: `${folder}/${path.replace(/\\/g, "/")}`,
          text: readFileSync(join(root, name, folder, path), "utf8"),
        }));
    }),
  );
}

/** Globals need no import: core packages must not be given Node's types. */
function coreWithAmbientTypes(): string[] {
  return packageFolders()
    .filter((name) => layers[name]?.core === true)
    .filter((name) => (readJson(name, "tsconfig.json").compilerOptions?.types ?? []).length > 0)
    .map((name) => `packages/${name}/tsconfig.json: is core, but sets compilerOptions.types`);
}

function declaredBy(file: SourceFile): readonly string[] {
  const { dependencies, peerDependencies, devDependencies } = readJson(file.package, "package.json");
  const installed = Object.keys({ ...dependencies, ...peerDependencies });
  return isTest(file) ? [...installed, ...Object.keys({ ...devDependencies }), ...testTools] : installed;
}

interface Manifest {
  readonly compilerOptions?: { readonly types?: readonly string[] };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function readJson(packageFolder: string, file: string): Manifest {
  return JSON.parse(readFileSync(join(root, packageFolder, file), "utf8")) as Manifest;
}

function packageFolders(): readonly string[] {
  return readdirSync(root).filter((name) => existsSync(join(root, name, "package.json")));
}

const root = join(dirname(fileURLToPath(import.meta.url)), "../packages");
const sources = readSources();
const problems = [...faultsOfTheCheckItself(), ...coreWithAmbientTypes(), ...violations(sources, declaredBy)];
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(
  `layers: ${problems.length} problems in ${sources.length} files of ${relative(process.cwd(), root)}; ` +
    `${wrong.length} wrong and ${right.length} right examples tried\n`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
