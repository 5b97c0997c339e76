// What WebAssembly is, as data. Depends on nothing.

export * from "./compile-error.ts";
export * from "./errors.ts";
export * from "./features.ts";
export * from "./helpers.ts";
export * from "./instructions.ts";
export * from "./limits.ts";
export * from "./module.ts";
export * from "./row.ts";
export * from "./subtyping.ts";
export * from "./types.ts";
