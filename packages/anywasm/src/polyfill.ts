// `import "anywasm/polyfill"`: the WebAssembly object where the engine has none.
import { install } from "./install.ts";

if (!("WebAssembly" in globalThis)) install();
