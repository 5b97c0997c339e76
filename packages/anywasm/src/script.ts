// The classic script, for a `<script>` tag: the WebAssembly object where the page has none, and the global `Anywasm`
// with everything to do more by hand (`Anywasm.install()` replaces the page's own).
import { install } from "./install.ts";

export { install } from "./install.ts";
export * from "./js-api.ts";
export { version } from "./version.ts";

if (!("WebAssembly" in globalThis)) install();
