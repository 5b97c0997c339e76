// Proves that imports between packages point one way (docs/architecture.md, "Layers"), that core packages use neither
// Node nor third parties, and that every package imports only what its package.json names. Run by `pnpm lint`.
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

interface SourceFile {
  /** Folder below `packages`. */
  readonly package: string;
  /** Path below the package. */
  readonly path: string;
  readonly text: string;
}

/** The names a package's package.json gives to whoever installs it. */
type Declared = (packageFolder: string) => readonly string[];

/** Everything that breaks the rules, one line each. */
function violations(files: readonly SourceFile[], declared: Declared): string[] {
  return files.flatMap((file) => {
    const layer = layers[file.package];
    if (layer === undefined) return [`packages/${file.package}: not in the list of layers`];
    const where = `packages/${file.package}/${file.path}`;
    return importsOf(file.path, file.text).flatMap((statement) =>
      problemsOf(file, layer, statement, declared(file.package)).map((why) => `${where}: ${why}`),
    );
  });
}

function problemsOf(
  file: SourceFile,
  layer: Layer,
  { specifier, typeOnly }: ImportStatement,
  declared: readonly string[],
): string[] {
  // A computed name could be anything. Outside the core that is for a person to judge.
  if (specifier === undefined) return layer.core === true ? ["is core, but imports a computed name"] : [];
  if (specifier.startsWith(".")) {
    const target = resolve("/", file.package, dirname(file.path), specifier);
    return target.startsWith(`/${file.package}/`) ? [] : [`imports ${specifier}, which is in another package`];
  }
  const own = /^(?:@anywasm\/([\w-]+)|(anywasm))(\/.*)?$/.exec(specifier);
  const target = own?.[1] ?? own?.[2];
  if (target === undefined && layer.core === true) return [`is core, but imports ${specifier}`];
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
const wrong: readonly (readonly [packageFolder: string, text: string])[] = [
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
];

/** Files that must pass: a check that refuses everything proves nothing either. */
const right: typeof wrong = [
  ["engine", 'import type { A } from "@anywasm/decoder";\nexport type { B } from "@anywasm/compiler";'],
  ["compiler", 'import { a } from "@anywasm/ir";\n// import "node:fs"\nconst text = `import "node:fs";`;'],
  ["decoder", 'import { x } from "../../decoder/src/reader.ts";'],
  ["wasi", 'import fs from "node:fs/promises";\nimport { x } from "@anywasm/runtime";'],
  ["cli", 'import { x } from "anywasm/wasi/node";'],
];

function faultsOfTheCheckItself(): string[] {
  const refused = ([packageFolder, text]: (typeof wrong)[number]) => {
    const declared = Object.keys(layers).map((name) => (name === "anywasm" ? name : `@anywasm/${name}`));
    return violations([{ package: packageFolder, path: "src/a.ts", text }], () => declared).length > 0;
  };
  return [
    ...wrong.filter((each) => !refused(each)).map((each) => `the check itself misses ${JSON.stringify(each)}`),
    ...right.filter(refused).map((each) => `the check itself refuses ${JSON.stringify(each)}`),
  ];
}

function readSources(): readonly SourceFile[] {
  return packageFolders().flatMap((name) => {
    const folder = join(root, name, "src");
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.[cm]?[jt]sx?$/.test(path) && !/\.(test|test-support)\.ts$/.test(path))
      .map((path) => ({
        package: name,
        path: `src/${path.replace(/\\/g, "/")}`,
        text: readFileSync(join(folder, path), "utf8"),
      }));
  });
}

/** Globals need no import: core packages must not be given Node's types. */
function coreWithAmbientTypes(): string[] {
  return packageFolders()
    .filter((name) => layers[name]?.core === true)
    .filter((name) => (readJson(name, "tsconfig.json").compilerOptions?.types ?? []).length > 0)
    .map((name) => `packages/${name}/tsconfig.json: is core, but sets compilerOptions.types`);
}

function declaredBy(packageFolder: string): readonly string[] {
  const { dependencies, peerDependencies } = readJson(packageFolder, "package.json");
  return Object.keys({ ...dependencies, ...peerDependencies });
}

interface Manifest {
  readonly compilerOptions?: { readonly types?: readonly string[] };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
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
