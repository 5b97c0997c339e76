// A decoded module as the rest of the system holds it.
import { CompileError, type DefinedTypes, type FeatureSet, type ModuleStructure } from "@anywasm/isa";
import { readNames } from "./sections/name.ts";

/** A module whose every section and function body has been found valid. */
export interface DecodedModule extends ModuleStructure {
  readonly bytes: Uint8Array;
  readonly features: FeatureSet;
  /** Definitions by type index; equal ones are the same. */
  readonly defined: DefinedTypes;
  readonly dataCount: number | undefined;
  /** Functions for which `ref.func` is valid. */
  readonly declaredFunctions: ReadonlySet<number>;
  /** Imported functions that are known to be of exactly their type. */
  readonly exactImports: ReadonlySet<number>;
}

/** Adds the function's name to an error that knows its index only. */
export function withFunctionName(error: CompileError, module: DecodedModule): CompileError {
  const { functionIndex } = error;
  if (functionIndex === undefined) return error;
  return new CompileError(error.reason, {
    code: error.code,
    offset: error.offset,
    functionIndex,
    functionName: readNames(module.bytes, module).functions.get(functionIndex),
    feature: error.feature,
  });
}
