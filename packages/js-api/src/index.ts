// The WebAssembly JavaScript Interface over an Engine.
export type * from "./interface.ts";
export { createWebAssembly } from "./namespace.ts";
