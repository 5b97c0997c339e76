// What WebAssembly is, as data. Depends on nothing.
export * from "./errors.ts";
export * from "./types.ts";
export * from "./features.ts";
export * from "./limits.ts";
export * from "./row.ts";
export * from "./instructions.ts";
export * from "./module.ts";
export * from "./compile-error.ts";
export * from "./helpers.ts";
