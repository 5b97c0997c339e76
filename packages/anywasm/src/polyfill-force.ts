// `import "anywasm/polyfill/force"`: replaces the engine's own WebAssembly object, too.
import { install } from "./install.ts";

install();
