// The option that says how functions are compiled.
import { type Strategy, strategies } from "anywasm";
import { Option } from "commander";

export interface StrategyOption {
  readonly strategy: Strategy;
}

export function strategyOption(fallback: Strategy): Option {
  return new Option("--strategy <name>", "how functions are compiled").choices(strategies).default(fallback);
}
