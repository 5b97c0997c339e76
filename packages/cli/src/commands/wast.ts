// `anywasm wast`: runs scripts of the specification's test suite.
import type { Command } from "commander";

export function addWastCommand(_program: Command): void {
  // filled in below
}
