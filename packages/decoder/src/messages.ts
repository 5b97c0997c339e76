// Every reason for which this package refuses a module, one function each. Wording follows the specification's
// test suite where that has a wording.
import { CompileError, type Feature, features, formatValType, type ValType } from "@anywasm/isa";

export function malformed(reason: string, offset: number): CompileError {
  return new CompileError(reason, { code: "malformed_module", offset });
}

export function invalid(reason: string, offset: number): CompileError {
  return new CompileError(reason, { code: "invalid_module", offset });
}

export function limitExceeded(what: string, count: number, limit: number, offset: number): CompileError {
  return new CompileError(`too many ${what}: ${count}, the limit is ${limit}`, { code: "limit_exceeded", offset });
}

export function featureDisabled(feature: Feature, what: string, offset: number): CompileError {
  const advice = features[feature].implemented ? "enable it in Config.features" : "not implemented yet";
  return new CompileError(`${what} needs the feature "${feature}" (${features[feature].about}): ${advice}`, {
    code: "feature_disabled",
    offset,
    feature,
  });
}

export function unexpectedEnd(offset: number): CompileError {
  return malformed(offset === 0 ? "unexpected end: the module is empty" : "unexpected end", offset);
}

/** The file begins with another word, read in little-endian order. */
export function noMagic(word: number): CompileError {
  const bytes = [0, 8, 16, 24].map((shift) => ((word >>> shift) & 0xff).toString(16).padStart(2, "0"));
  return malformed(`magic header not detected: expected 00 61 73 6d, found ${bytes.join(" ")}`, 0);
}

export function integerTooLong(offset: number): CompileError {
  return malformed("integer representation too long", offset);
}

export function integerTooLarge(offset: number): CompileError {
  return malformed("integer too large", offset);
}

export function illegalOpcode(code: readonly number[], offset: number): CompileError {
  return malformed(`illegal opcode ${code.map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}`, offset);
}

export function typeMismatch(expected: ValType, actual: ValType | undefined, offset: number): CompileError {
  const got = actual === undefined ? "but nothing on stack" : `got ${formatValType(actual)}`;
  return invalid(`type mismatch: expected ${formatValType(expected)}, ${got}`, offset);
}

export function referenceExpected(actual: ValType, offset: number): CompileError {
  return invalid(`type mismatch: expected a reference, got ${formatValType(actual)}`, offset);
}

export function valuesRemaining(count: number, offset: number): CompileError {
  return invalid(`type mismatch: values remaining on stack at end of block (${count})`, offset);
}

export function unknown(what: string, index: number, offset: number): CompileError {
  return invalid(`unknown ${what} ${index}`, offset);
}
