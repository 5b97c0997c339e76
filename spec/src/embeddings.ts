// What the scripts of a test suite run on: Anywasm's ways of compiling, with the features that a script knows.
import { isDeepStrictEqual } from "node:util";
import { checkCustomSections } from "@anywasm/decoder";
import { parseFunc, printFunc, verifyFunc } from "@anywasm/ir";
import { anywasmEmbedding, type Embedding, EmbeddingFailure } from "@anywasm/wast";
import { type Config, Engine, type Feature, type Module } from "anywasm";

/** Ways of compiling that the suite can be run on. */
const configs = {
  baseline: { strategy: "baseline" },
  optimizing: { strategy: "optimizing", int64: "pairs" },
  /** 64-bit integers as BigInts in every function that can. */
  bigint: { strategy: "optimizing", int64: "bigint" },
  /** Every function of more than a few statements split. */
  split: { strategy: "optimizing", int64: "auto", splitAbove: 12 },
  /** Each function compiled again on its second call. */
  auto: { strategy: "auto", promoteAfter: 1 },
} as const satisfies Readonly<Record<string, Config>>;

export type Tier = keyof typeof configs;
export const tiers = Object.keys(configs) as readonly Tier[];

/**
 * Parts of the suite that are forks of older ones, and scripts older than a proposal that changes what they say: features
 * that came later, of which they say that modules which use them are invalid.
 */
const laterFeatures: Readonly<Record<string, readonly Feature[]>> = {
  "proposals/threads": ["reference-types", "multi-memory"],
  // Branches on casts may be from any type of the hierarchy since.
  "br_on_cast.wast": ["custom-descriptors"],
  "br_on_cast_fail.wast": ["custom-descriptors"],
};

/** Features that are off for a part of the suite, or for a script. */
export function featuresWithout(part: string): readonly Feature[] {
  return laterFeatures[part] ?? [];
}

/** What a script of that path runs on. */
export function embeddingFor(file: string, tier: Tier): Embedding<Module, unknown> {
  const without = [...featuresWithout(groupOf(file)), ...featuresWithout(file)];
  const features = Object.fromEntries(without.map((feature) => [feature, false]));
  const engine = new Engine({ ...configs[tier], features });
  const embedding = anywasmEmbedding(engine, checkCustomSections) as Embedding<Module, unknown>;
  return checkingIr({
    ...embedding,
    define: (bytes) => refusing(without, () => embedding.define(bytes)),
  });
}

/** To a script that does not know a feature, a module that needs it is invalid. */
function refusing<T>(unknown: readonly Feature[], run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof EmbeddingFailure && unknown.some((feature) => feature === error.feature))
      throw new EmbeddingFailure("invalid", error.message);
    throw error;
  }
}

/** Holds the IR of every function of every module to what passes rely on: it is well formed, prints and parses back. */
function checkingIr<I>(embedding: Embedding<Module, I>): Embedding<Module, I> {
  return {
    ...embedding,
    define: (bytes) => {
      const module = embedding.define(bytes);
      const { importedFunctionCount, bodies } = module.structure;
      for (let index = importedFunctionCount; index < importedFunctionCount + bodies.length; index++) {
        const func = module.buildFunction(index);
        const problems = verifyFunc(func);
        if (problems.length > 0) throw new Error(`IR of function ${index}: ${problems.join("; ")}`);
        if (!isDeepStrictEqual(parseFunc(printFunc(func)), func))
          throw new Error(`IR of function ${index} does not parse back: ${printFunc(func)}`);
      }
      return module;
    },
  };
}

/** The part of the suite a file belongs to: `main`, or its folder. */
export function groupOf(file: string): string {
  const folder = file.split("/").slice(0, -1).join("/");
  return folder === "" ? "main" : folder;
}
