// How the classic script is built: one file for a `<script>` tag, without modules, for any ES2020 engine.
import { join, resolve } from "node:path";
import type { BuildOptions } from "esbuild";

const root = resolve(import.meta.dirname, "..");

/**
 * Fields of classes are assigned, as tsc does for ES2020. esbuild would define them through a helper, whose keyed stores
 * make V8 give up fast properties on objects of more than a dozen fields: compiling took a fifth longer.
 */
export const assignedFields = { compilerOptions: { useDefineForClassFields: false } };

export const classicScriptOptions = {
  entryPoints: [join(root, "packages/anywasm/src/script.ts")],
  format: "iife",
  globalName: "Anywasm",
  bundle: true,
  minify: true,
  target: "es2020",
  platform: "neutral",
  conditions: ["anywasm-source"],
  tsconfigRaw: assignedFields,
  banner: { js: "/* Anywasm: WebAssembly compiled to JavaScript. Apache-2.0 */" },
} satisfies BuildOptions;
