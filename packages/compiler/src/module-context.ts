// What the compiler knows about the module around a function.
import type { Func, OpenFunction } from "@anywasm/ir";
import { functionBody, type ModuleNames, type ModuleStructure } from "@anywasm/isa";

export interface ModuleContext {
  readonly structure: ModuleStructure;
  readonly names: ModuleNames;
  /** The IR of a function that the module defines. */
  readonly build: (functionIndex: number) => Func;
  /** Tells what `open` makes of each instruction of a function that the module defines. */
  readonly read: (functionIndex: number, open: OpenFunction) => void;
  /** On what optimized code computes with 64-bit integers: pairs of words, BigInts, or what seems better for a function. */
  readonly int64: "auto" | "pairs" | "bigint";
  /** Nodes of JavaScript above which a function is split. */
  readonly splitAbove: number;
  /** The code is to ask for better code when it has run often. */
  readonly countsCalls: boolean;
}

/**
 * Bytes of a body. Passes over a longer one take hundreds of milliseconds in a program that has just started, and gain
 * little: what is inlined into it, or computed in BigInts, is a small part of it.
 */
const maxOptimizedLength = 8192;

/** Whether all that the optimizing compiler does to a function is to split it, if it is large enough for that. */
export function isOnlySplit({ structure }: ModuleContext, functionIndex: number): boolean {
  const body = functionBody(structure, functionIndex);
  return body !== undefined && body.end - body.start > maxOptimizedLength;
}

/** The best name of a function: from the name section, else its export, else its import; `undefined` without any. */
export function functionNames({ structure, names }: ModuleContext): (index: number) => string | undefined {
  const fallback = new Map<number, string>();
  let index = 0;
  for (const { name, type } of structure.imports) if (type.kind === "func") fallback.set(index++, name);
  for (const { name, kind, index: exported } of structure.exports) if (kind === "func") fallback.set(exported, name);
  return (wanted) => names.functions.get(wanted) ?? fallback.get(wanted);
}
