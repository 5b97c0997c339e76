// Engine options: defaults, checks, and the hash that keys everything made under them.
import { type Feature, type FeatureSet, featureNames, features, implementedFeatures } from "@anywasm/isa";
import { ConfigError } from "./errors.ts";

/**
 * How functions are compiled, always when they are first called:
 * - `auto`: by the baseline compiler, and again by the optimizing one when they turn out to be called, or to loop, often;
 * - `baseline`: without optimization passes;
 * - `optimizing`: with all of them, at once;
 * - `binaryen`: as `optimizing`, after binaryen's optimizer has had the whole module. Modules must then be made by
 *   `Module.compile`, which loads it.
 */
export type Strategy = (typeof strategies)[number];

export const strategies = ["auto", "baseline", "optimizing", "binaryen"] as const;

/** Options of an Engine; all optional. */
export interface Config {
  /** Default "auto". */
  readonly strategy?: Strategy;
  /**
   * How the optimizing compiler makes 64-bit integers: as pairs of 32-bit words, which every engine runs well, or as
   * BigInts in slots, which V8 turns into machine words. "auto", the default, decides for each function where the engine is
   * known to be such a V8, and takes pairs elsewhere.
   */
  readonly int64?: Int64Representation;
  /** Calls and turns of loops after which "auto" compiles a function again; default 2000000. */
  readonly promoteAfter?: number;
  /**
   * Functions of more nodes of JavaScript than this are split; default 11000. V8 never optimizes more than 61,440 bytes of
   * bytecode, some four of which a node takes.
   */
  readonly splitAbove?: number;
  /** Features switched on or off, by name; the others keep their default (on if implemented). */
  readonly features?: Partial<Readonly<Record<Feature, boolean>>>;
}

export type Int64Representation = "auto" | "pairs" | "bigint";

const defaultPromoteAfter = 2_000_000;
const defaultSplitAbove = 11_000;

export interface ResolvedConfig {
  readonly strategy: Strategy;
  readonly int64: Int64Representation;
  readonly promoteAfter: number;
  readonly splitAbove: number;
  readonly features: FeatureSet;
}

/** @throws ConfigError for an unknown strategy or feature, or one that is not implemented. */
export function resolveConfig(config: Config): ResolvedConfig {
  const strategy = config.strategy ?? "auto";
  if (!strategies.includes(strategy))
    throw new ConfigError(
      "invalid_config",
      `unknown strategy ${JSON.stringify(strategy)}; known: ${strategies.join(", ")}`,
    );
  const int64 = config.int64 ?? "auto";
  if (int64 !== "auto" && int64 !== "pairs" && int64 !== "bigint")
    throw new ConfigError("invalid_config", `unknown int64 ${JSON.stringify(int64)}; known: auto, pairs, bigint`);
  if (int64 === "bigint" && typeof BigInt === "undefined")
    throw new ConfigError("invalid_config", 'int64 is "bigint", but this engine has no BigInt');
  const promoteAfter = wholeNumber("promoteAfter", config.promoteAfter ?? defaultPromoteAfter);
  const splitAbove = wholeNumber("splitAbove", config.splitAbove ?? defaultSplitAbove);
  const enabled = new Set(implementedFeatures);
  for (const [name, on] of Object.entries(config.features ?? {})) {
    if (!featureNames.some((known) => known === name))
      throw new ConfigError(
        "invalid_config",
        `unknown feature ${JSON.stringify(name)}; known: ${featureNames.join(", ")}`,
      );
    const feature = name as Feature;
    if (on && !features[feature].implemented)
      throw new ConfigError("invalid_config", `the feature "${feature}" is not implemented yet`);
    if (on) enabled.add(feature);
    else enabled.delete(feature);
  }
  return Object.freeze({ strategy, int64, promoteAfter, splitAbove, features: enabled });
}

function wholeNumber(option: string, value: number): number {
  if (Number.isInteger(value) && value >= 0) return value;
  throw new ConfigError("invalid_config", `${option} must be a whole number from 0 on, got ${value}`);
}

/** FNV-1a over everything that changes what compilation gives; not for security. */
export function compatibilityHash(
  version: string,
  { strategy, int64, splitAbove, features: enabled }: ResolvedConfig,
): string {
  const text = [version, strategy, int64, String(splitAbove), ...featureNames.filter((name) => enabled.has(name))].join(
    "\n",
  );
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
