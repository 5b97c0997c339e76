// The passes of the optimizing compiler, in their order.
import type { Func } from "@anywasm/ir";
import type { ModuleContext } from "../module-context.ts";
import { casts } from "./casts.ts";
import { direct, directReferences } from "./direct.ts";
import { fold } from "./fold.ts";
import { globals } from "./globals.ts";
import { inline } from "./inline.ts";
import { narrow } from "./narrow.ts";
import type { Pass } from "./pass.ts";
import { propagate } from "./propagate.ts";
import { ranges } from "./ranges.ts";
import { split } from "./split.ts";

const passes: readonly Pass[] = [
  direct,
  inline,
  directReferences,
  globals,
  split,
  propagate,
  casts,
  fold,
  ranges,
  narrow,
  propagate,
];

/** Runs all passes. */
export function optimize(func: Func, module: ModuleContext): Func {
  return passes.reduce((current, pass) => pass(current, module), func);
}
