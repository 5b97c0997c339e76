// How files that need nothing else are built, for any ES2020 engine: the classic script, for a `<script>` tag, and the modules
// that are imported for what they do.
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

/** Properties of objects that never leave the compiler, and that nothing names in a string: renamed to save bytes. */
const internalProperties =
  "trimmedLevel|highLevel|reachableBefore|thenReachable|labelVariables|settledBelow|settleBefore|settleReadersOf|" +
  "settleConflicting|settleIndices|settleAll|settleTop|computesWithBigInts|pooledVariables|pooledNames|variableNames|" +
  "readsLeft|usedLabels|innermostLoop|innermostBreakable|fixedViews|wideParameters|callFreeLoops|manyTemporaries|" +
  "labelUses|isBranchedTo|discardFrom|discardDead|becomeUnreachable|immediates|jsIgnoringNaNBits|localCount|labelCount|" +
  "int64Slots|maySignal|highVariable|temporary|popMany|newVariable|movesBits";

const standaloneOptions = {
  ...bundleOptions,
  mangleProps: new RegExp(`^(?:${internalProperties})$`),
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
