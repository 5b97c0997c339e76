// WASI preview 1 over the Node process.
export * from "@anywasm/wasi/node";
