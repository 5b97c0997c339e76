// WASI preview 1 for every engine.
export * from "@anywasm/wasi";
