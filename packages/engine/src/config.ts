// Engine options: defaults, checks, and the hash that keys everything made under them.
import { type Feature, type FeatureSet, featureNames, features, implementedFeatures } from "@anywasm/isa";
import { ConfigError } from "./errors.ts";

/** How functions are compiled. */
export type Strategy = "baseline";

/** Options of an Engine; all optional. */
export interface Config {
  /** Default "baseline": each function on its first call, without optimization passes. */
  readonly strategy?: Strategy;
  /** Features switched on or off, by name; the others keep their default (on if implemented). */
  readonly features?: Partial<Readonly<Record<Feature, boolean>>>;
}

export interface ResolvedConfig {
  readonly strategy: Strategy;
  readonly features: FeatureSet;
}

/** @throws ConfigError for an unknown strategy or feature, or one that is not implemented. */
export function resolveConfig(config: Config): ResolvedConfig {
  const strategy = config.strategy ?? "baseline";
  if (strategy !== "baseline")
    throw new ConfigError("invalid_config", `unknown strategy ${JSON.stringify(strategy)}; known: "baseline"`);
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
  return Object.freeze({ strategy, features: enabled });
}

/** FNV-1a over everything that changes what compilation gives; not for security. */
export function compatibilityHash(version: string, { strategy, features: enabled }: ResolvedConfig): string {
  const text = [version, strategy, ...featureNames.filter((name) => enabled.has(name))].join("\n");
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
