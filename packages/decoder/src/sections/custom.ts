// What is wrong in the custom sections that the specification gives a meaning. It never makes a module invalid, so nothing
// here is part of decoding one: tools that want to warn of it ask.
import { CompileError, type ModuleStructure } from "@anywasm/isa";
import { checkBranchHints } from "./branch-hint.ts";
import { checkNames } from "./name.ts";

/** One error for each section that has any, of a module that is valid. */
export function checkCustomSections(bytes: Uint8Array, module: ModuleStructure): readonly CompileError[] {
  return [checkNames, checkBranchHints].flatMap((check) => {
    try {
      check(bytes, module);
      return [];
    } catch (error) {
      if (error instanceof CompileError) return [error];
      throw error;
    }
  });
}
