// Functions that take or give vectors, called with words: for running the specification's scripts. Not for embedders.
import { i64, v128 } from "@anywasm/isa";
import { enter } from "./entry.ts";
import type { Func } from "./func.ts";
import type { Global } from "./global.ts";
import { high } from "./numerics/high.ts";

/** The words of a call's results, given those of its arguments (see docs/architecture.md, "Calling convention"). */
export function callWithWords({ store, record }: Func, words: readonly unknown[]): readonly unknown[] {
  const result: unknown = enter(store, record, words);
  const { results } = record.type;
  if (results.length === 0) return [];
  if (results.length > 1) return (result as readonly unknown[]).slice(1);
  const [only] = results;
  if (only === v128) return [result, ...high.subarray(3)];
  return only === i64 ? [result, high[0]] : [result];
}

/** The four words of a global that is a vector. */
export function vectorOfGlobal({ record }: Global): readonly number[] {
  return [...(record.value as Int32Array)];
}
