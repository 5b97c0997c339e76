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

/** Properties of objects that never leave the compiler, and that nothing names in a string: renamed to save bytes. */
const internalProperties =
  "trimmedLevel|highLevel|reachableBefore|thenReachable|labelVariables|settledBelow|settleBefore|settleReadersOf|" +
  "settleConflicting|settleIndices|settleAll|settleTop|computesWithBigInts|pooledVariables|pooledNames|variableNames|" +
  "readsLeft|usedLabels|innermostLoop|innermostBreakable|fixedViews|wideParameters|callFreeLoops|manyTemporaries|" +
  "labelUses|isBranchedTo|discardFrom|discardDead|becomeUnreachable";

export const classicScriptOptions = {
  ...bundleOptions,
  mangleProps: new RegExp(`^(?:${internalProperties})$`),
  entryPoints: [join(root, "packages/anywasm/src/script.ts")],
  format: "iife",
  globalName: "Anywasm",
  banner: { js: "/* Anywasm. Apache-2.0 */" },
} satisfies BuildOptions;
