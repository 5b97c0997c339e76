// How the classic script is built: one file for a `<script>` tag, without modules, for any ES2020 engine.
import { join, resolve } from "node:path";
import type { BuildOptions } from "esbuild";

const root = resolve(import.meta.dirname, "..");

/** What every bundle of the package is measured with. */
export const bundleOptions = {
  bundle: true,
  minify: true,
  target: "es2020",
  platform: "neutral",
  conditions: ["anywasm-source"],
} satisfies BuildOptions;

export const classicScriptOptions = {
  ...bundleOptions,
  entryPoints: [join(root, "packages/anywasm/src/script.ts")],
  format: "iife",
  globalName: "Anywasm",
  banner: { js: "/* Anywasm. Apache-2.0 */" },
} satisfies BuildOptions;
