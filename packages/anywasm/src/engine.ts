// The Engine people construct: the core one with the full toolchain.
import { type Config, Engine as CoreEngine } from "@anywasm/engine";
import { toolchain } from "./toolchain.ts";

/**
 * Compilation settings, shared by modules and stores.
 * @throws ConfigError for options that do not exist.
 * @example
 * const engine = new Engine({ strategy: "baseline" });
 */
export class Engine extends CoreEngine {
  constructor(config: Config = {}) {
    super(config, toolchain);
  }
}
