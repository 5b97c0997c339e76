// Makes the WebAssembly object global, with the property attributes that built-in objects have.
import { WebAssembly } from "./js-api.ts";

export function install(): void {
  Object.defineProperty(globalThis, "WebAssembly", { value: WebAssembly, writable: true, configurable: true });
}
