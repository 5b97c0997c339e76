// The intermediate representation. Knows neither bytes nor JavaScript.

export * from "./build.ts";
export * from "./events.ts";
export type { CatchClause } from "./exceptions.ts";
export * from "./expressions.ts";
export * from "./factory.ts";
export * from "./nodes.ts";
export * from "./parse.ts";
export * from "./print.ts";
export * from "./rewrite.ts";
export * from "./tree-builder.ts";
export * from "./verify.ts";
export * from "./visit.ts";
