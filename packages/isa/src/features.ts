// WebAssembly's proposals as data: names, whether Anywasm implements them, what part of the binary they own.

/** Each feature: `implemented` ones are on by default; the others are recognised and named in errors. */
export const features = {
  mvp: { implemented: true, about: "WebAssembly 1.0" },
  "sign-extension": { implemented: true, about: "i32.extend8_s and its like" },
  "saturating-float-to-int": { implemented: true, about: "i32.trunc_sat_f32_s and its like" },
  "multi-value": { implemented: true, about: "several results, and parameters of blocks" },
  "mutable-globals": { implemented: true, about: "mutable globals imported and exported" },
  "bulk-memory": { implemented: true, about: "memory.copy, table.init, passive segments" },
  "reference-types": { implemented: true, about: "externref, several tables, table.get" },
  "tail-calls": { implemented: true, about: "return_call, return_call_indirect" },
  "extended-const": { implemented: true, about: "arithmetic in constant expressions" },
  "multi-memory": { implemented: true, about: "several memories" },
  simd: { implemented: true, about: "v128" },
  "relaxed-simd": { implemented: true, about: "relaxed v128 operations" },
  threads: { implemented: true, about: "shared memories and atomics" },
  exceptions: { implemented: true, about: "try_table, throw, exnref" },
  "legacy-exceptions": { implemented: true, about: "try, catch, delegate, rethrow" },
  "function-references": { implemented: true, about: "call_ref, (ref $t)" },
  gc: { implemented: true, about: "structs, arrays, i31ref, recursive types" },
  memory64: { implemented: true, about: "64-bit memory and table addresses" },
  "custom-page-sizes": { implemented: true, about: "memories with other page sizes" },
  "wide-arithmetic": { implemented: true, about: "i64.add128, i64.mul_wide_s and their like" },
  "custom-descriptors": { implemented: true, about: "type descriptors and exact references" },
  "stack-switching": { implemented: false, about: "cont.new, resume, suspend" },
} as const;

export type Feature = keyof typeof features;

export const featureNames = Object.keys(features) as readonly Feature[];

/** What a module may use. */
export type FeatureSet = ReadonlySet<Feature>;

export const implementedFeatures: FeatureSet = new Set(featureNames.filter((name) => features[name].implemented));

/** Opcodes of features that have no rows yet: `[prefix, first, last, feature]`; prefix 0 means a one-byte opcode. */
const opcodesWithoutRows: readonly (readonly [prefix: number, first: number, last: number, feature: Feature])[] = [
  [0, 0xe0, 0xe6, "stack-switching"],
];

/** The feature an opcode without a row belongs to, or `undefined` when no known proposal has it. */
export function featureOfUnknownOpcode(prefix: number, code: number): Feature | undefined {
  return opcodesWithoutRows.find(([p, first, last]) => p === prefix && code >= first && code <= last)?.[3];
}
