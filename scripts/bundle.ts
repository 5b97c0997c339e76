// Builds the classic script and measures what people's bundlers make of the package, against budgets. Part of
// `pnpm build`; fails where a budget is exceeded.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { type BuildOptions, build } from "esbuild";
import { bundleOptions, classicScriptOptions, standaloneModule } from "./classic-script.ts";

const root = resolve(import.meta.dirname, "..");
const anywasm = join(root, "packages/anywasm");

interface Bundle {
  readonly name: string;
  /** In bytes, minified and compressed with brotli. */
  readonly budget: number;
  readonly options: BuildOptions;
  /** Where to keep it. */
  readonly outfile?: string;
}

/** What an application that contains `code` pays. */
function imported(code: string): BuildOptions {
  return { stdin: { contents: code, resolveDir: join(root, "spec") }, format: "esm" };
}

/** Of everything that a polyfill needs for the whole of WebAssembly 3.0 and threads; WebAssembly 2.0 alone took 60 KB. */
const polyfillBudget = 90 * 1024;

const bundles: readonly Bundle[] = [
  {
    name: "classic script (all of the polyfill)",
    budget: polyfillBudget,
    options: classicScriptOptions,
    outfile: join(anywasm, "dist/anywasm.min.js"),
  },
  {
    name: 'import "anywasm/polyfill"',
    budget: polyfillBudget,
    options: standaloneModule("polyfill"),
    outfile: join(anywasm, "dist/polyfill.min.js"),
  },
  {
    name: 'import "anywasm/polyfill/force"',
    budget: polyfillBudget,
    options: standaloneModule("polyfill-force"),
    outfile: join(anywasm, "dist/polyfill-force.min.js"),
  },
  {
    // Shares modules with `anywasm` in an application that imports both, so its properties keep their names.
    name: 'import { WebAssembly } from "anywasm/js-api"',
    budget: 94_000,
    options: imported('import { WebAssembly } from "anywasm/js-api"; console.log(WebAssembly);'),
  },
  {
    name: 'import { createWebAssembly } from "anywasm/js-api" (unused: shaken off)',
    budget: 100,
    options: imported('import { createWebAssembly } from "anywasm/js-api"; console.log(1);'),
  },
  {
    name: 'import { LinkError } from "anywasm" (one class, the rest shaken off)',
    budget: 500,
    options: imported('import { LinkError } from "anywasm"; console.log(LinkError);'),
  },
];

let exceeded = false;
const row = (name: string, ...sizes: readonly (number | string)[]): void => {
  process.stdout.write(`${name.padEnd(72)}${sizes.map((size) => String(size).padStart(10)).join("")}\n`);
};
row("bundle, bytes", "minified", "brotli", "budget");
for (const { name, budget, options, outfile } of bundles) {
  const { outputFiles } = await build({ ...bundleOptions, ...options, external: ["node:*"], write: false });
  const contents = outputFiles[0]?.contents ?? new Uint8Array();
  const compressed = brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  row(name, contents.length, compressed, budget);
  if (compressed > budget) {
    exceeded = true;
    process.stderr.write(`${name}: ${compressed} bytes are over the budget of ${budget}\n`);
  }
  if (outfile !== undefined) {
    mkdirSync(dirname(outfile), { recursive: true });
    writeFileSync(outfile, contents);
  }
}
if (exceeded) process.exit(1);
