// The WebAssembly JavaScript Interface over an Engine.
export type * from "./interface.ts";
export { createWebAssembly, type WebAssemblyOptions } from "./namespace.ts";
