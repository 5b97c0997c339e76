// Makes modules of the kernels' sources, and JavaScript of the modules with wasm2js; keeps both until a source changes.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { loadTextParser } from "anywasm";
import { isText, type Kernel, kernelFile } from "./kernels.ts";

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, "..");
const cache = join(root, "node_modules/.cache/kernels");

/** What every contender can run: no runtime library, no feature that wasm2js lacks. */
const ascFlags = ["-O3", "--runtime", "stub", "--noAssert", "--use", "abort=", "--disable", "bulk-memory"];
const wasm2jsFlags = ["-O3", "--enable-sign-ext", "--enable-nontrapping-float-to-int", "--enable-mutable-globals"];

export interface BuiltKernel {
  readonly module: string;
  /** `undefined` where wasm2js does not make anything of the module. */
  readonly wasm2js: string | undefined;
}

export async function buildKernel(kernel: Kernel): Promise<BuiltKernel> {
  mkdirSync(cache, { recursive: true });
  const isSimd = kernel.group === "simd";
  const flags = isSimd ? [...ascFlags, "--enable", "simd"] : ascFlags;
  const text = kernel.text?.() ?? readFileSync(join(root, kernelFile(kernel)), "utf8");
  const key = createHash("sha256")
    .update([text, ...flags, ...wasm2jsFlags].join("\n"))
    .digest("hex")
    .slice(0, 16);
  const base = join(cache, `${kernel.name.replace("/", "-")}-${key}`);
  const module = `${base}.wasm`;
  if (!existsSync(module)) {
    if (!isText(kernel)) await compileAssemblyScript(join(root, kernelFile(kernel)), module, flags);
    else writeFileSync(module, (await loadTextParser())(text));
  }
  const script = `${base}.mjs`;
  if (!isBeyondWasm2js(kernel) && !existsSync(script)) await translate(module, script);
  return { module, wasm2js: existsSync(script) ? script : undefined };
}

/** It knows no vectors, objects or exceptions. */
function isBeyondWasm2js({ group }: Kernel): boolean {
  return group === "simd" || group === "gc" || group === "exceptions";
}

async function compileAssemblyScript(source: string, module: string, flags: readonly string[]): Promise<void> {
  const compiler = join(dirname(require.resolve("assemblyscript/package.json")), "bin/asc.js");
  // asc puts source paths into names, relative to where it runs.
  const args = [compiler, relative(root, source), "-o", `${module}.part`, ...flags];
  await run(process.execPath, args, { cwd: root });
  renameSync(`${module}.part`, module);
}

async function translate(module: string, script: string): Promise<void> {
  const wasm2js = join(dirname(require.resolve("binaryen/package.json")), "bin/wasm2js");
  try {
    await run(process.execPath, [wasm2js, module, "-o", `${script}.part`, ...wasm2jsFlags]);
    renameSync(`${script}.part`, script);
  } catch (error) {
    process.stderr.write(`wasm2js cannot translate ${module}: ${String(error).split("\n").slice(0, 3).join(" ")}\n`);
  }
}
