// The intermediate representation. Knows neither bytes nor JavaScript.
export * from "./nodes.ts";
export * from "./build.ts";
export * from "./expressions.ts";
export * from "./visit.ts";
export * from "./print.ts";
export * from "./parse.ts";
export * from "./verify.ts";
