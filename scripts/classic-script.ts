// How files that need nothing else are built, for any ES2020 engine: the classic script, for a `<script>` tag, and the modules
// that are imported for what they do.
import { join, resolve } from "node:path";
import type { BuildOptions } from "esbuild";
import { internalProperties } from "./internal-properties.ts";

const root = resolve(import.meta.dirname, "..");

/** What every bundle of the package is measured with. */
export const bundleOptions = {
  bundle: true,
  minify: true,
  target: "es2020",
  platform: "neutral",
  conditions: ["anywasm-source"],
} satisfies BuildOptions;

const standaloneOptions = {
  ...bundleOptions,
  mangleProps: new RegExp(`^(?:${internalProperties().join("|")})$`),
  banner: { js: "/* Anywasm. Apache-2.0 */" },
} satisfies BuildOptions;

export const classicScriptOptions = {
  ...standaloneOptions,
  entryPoints: [join(root, "packages/anywasm/src/script.ts")],
  format: "iife",
  globalName: "Anywasm",
} satisfies BuildOptions;

/** A module of the package that nobody shares anything with. */
export function standaloneModule(name: "polyfill" | "polyfill-force"): BuildOptions {
  return { ...standaloneOptions, entryPoints: [join(root, `packages/anywasm/src/${name}.ts`)], format: "esm" };
}
