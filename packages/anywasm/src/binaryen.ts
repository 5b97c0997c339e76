// The optimizer of the strategy "binaryen": the package of that name, which people install beside this one if they want it.
import { ConfigError, type ModuleOptimizer } from "@anywasm/engine";
import type { Feature, FeatureSet } from "@anywasm/isa";

/** The part of binaryen's interface that is used. */
interface Binaryen {
  readonly Features: Readonly<Record<string, number>>;
  readBinary(bytes: Uint8Array): BinaryenModule;
  setOptimizeLevel(level: number): void;
  setShrinkLevel(level: number): void;
  setDebugInfo(on: boolean): void;
}

interface BinaryenModule {
  setFeatures(features: number): void;
  optimize(): void;
  emitBinary(): Uint8Array;
  dispose(): void;
}

const featureBits: Readonly<Partial<Record<Feature, string>>> = {
  "sign-extension": "SignExt",
  "saturating-float-to-int": "NontrappingFPToInt",
  "multi-value": "Multivalue",
  "mutable-globals": "MutableGlobals",
  "bulk-memory": "BulkMemory",
  "reference-types": "ReferenceTypes",
  "tail-calls": "TailCall",
  "extended-const": "ExtendedConst",
  "multi-memory": "MultiMemory",
  memory64: "Memory64",
  exceptions: "ExceptionHandling",
  threads: "Atomics",
};

let loaded: ModuleOptimizer | undefined;

/** @throws ConfigError unless `loadModuleOptimizer` has finished. */
export function optimizeModule(bytes: Uint8Array, features: FeatureSet): Uint8Array {
  if (loaded !== undefined) return loaded(bytes, features);
  throw new ConfigError(
    "optimizer_unavailable",
    'the strategy "binaryen" has not loaded its optimizer: use `await Module.compile(engine, bytes)`',
  );
}

/** @throws ConfigError where the package is not installed. */
export async function loadModuleOptimizer(): Promise<ModuleOptimizer> {
  if (loaded === undefined) {
    const binaryen = await importBinaryen();
    loaded = (bytes, features) => optimize(binaryen, bytes, features);
  }
  return loaded;
}

async function importBinaryen(): Promise<Binaryen> {
  // In a variable, so that bundlers leave it alone.
  const name = "binaryen";
  try {
    return ((await import(name)) as { readonly default: Binaryen }).default;
  } catch (error) {
    throw new ConfigError(
      "optimizer_unavailable",
      `the strategy "binaryen" needs the package binaryen, which cannot be loaded (${String(error)}): npm install binaryen`,
    );
  }
}

function optimize(binaryen: Binaryen, bytes: Uint8Array, features: FeatureSet): Uint8Array {
  let bits = binaryen.Features["MVP"] ?? 0;
  for (const feature of features) bits |= binaryen.Features[featureBits[feature] ?? "MVP"] ?? 0;
  // The settings are global to the package; names are kept for backtraces and readable code. What level 4 adds does not work
  // on handlers.
  binaryen.setOptimizeLevel(features.has("exceptions") ? 3 : 4);
  binaryen.setShrinkLevel(0);
  binaryen.setDebugInfo(true);
  const module = binaryen.readBinary(bytes);
  try {
    module.setFeatures(bits);
    module.optimize();
    return Uint8Array.from(module.emitBinary());
  } finally {
    module.dispose();
  }
}
