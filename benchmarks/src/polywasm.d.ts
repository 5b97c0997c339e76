declare module "polywasm" {
  /** The part that is used; it is meant to be the standard object. */
  const polywasm: typeof globalThis.WebAssembly;

  export { polywasm as WebAssembly };
}
