// Values between the host and the words of generated code (see docs/architecture.md, "Calling convention").
import { externref, type FuncType, f32, f64, formatValType, funcref, i32, i64, type ValType } from "@anywasm/isa";
import { UsageError } from "./errors.ts";
import { bigIntToI64, i64ToBigInt } from "./numerics/boundary.ts";
import { high } from "./numerics/high.ts";
import { FuncRecord } from "./records.ts";
import { boxedArray } from "./words.ts";

/** Turns a function's record into the embedder's handle and back. */
export interface FunctionHandles {
  handleOf(record: FuncRecord): unknown;
  /** The record of a handle; `undefined` for anything else. @throws UsageError for a handle of another store. */
  recordOf(value: unknown): FuncRecord | undefined;
}

/** Appends the words of one host value. @throws UsageError for a value of the wrong type. */
export function pushWords(words: unknown[], type: ValType, value: unknown, handles: FunctionHandles): void {
  switch (type) {
    case i32:
      words.push(numberFrom(value, type) | 0);
      return;
    case i64: {
      if (typeof value !== "bigint") throw wrongType(type, value);
      words.push(bigIntToI64(value), high[0]);
      return;
    }
    case f32: {
      const number = numberFrom(value, type);
      // Rounding would quiet a NaN, and there is nothing to round. Not one expression: where two ways of computing a
      // number meet, optimizing compilers may quiet it too.
      if (number === number) words.push(Math.fround(number));
      else words.push(value);
      return;
    }
    case f64:
      words.push(numberFrom(value, type));
      return;
    default:
      words.push(referenceFrom(type, value, handles));
  }
}

/** The word of a host value of reference type. */
export function referenceFrom(type: ValType, value: unknown, handles: FunctionHandles): unknown {
  if (type === externref) return value;
  if (type !== funcref) throw wrongType(type, value);
  if (value === null) return null;
  const record = handles.recordOf(value);
  if (record === undefined) throw wrongType(type, value);
  return record;
}

function numberFrom(value: unknown, type: ValType): number {
  if (typeof value !== "number") throw wrongType(type, value);
  return value;
}

function wrongType(type: ValType, value: unknown): UsageError {
  const expected = type === i64 ? "a bigint" : type === funcref ? "a Func of this store, or null" : "a number";
  return new UsageError("wrong_type", `expected ${expected} for ${formatValType(type)}, got ${describe(value)}`);
}

function describe(value: unknown): string {
  return value === null ? "null" : typeof value;
}

/** A host value from its words. `word` is the low one, `hiWord` the high one of an i64. */
export function fromWords(type: ValType, word: unknown, hiWord: unknown, handles: FunctionHandles): unknown {
  if (type === i64) return i64ToBigInt(word as number, hiWord as number);
  if (word instanceof FuncRecord && type !== externref) return handles.handleOf(word);
  return word;
}

/** Host values from a list of words that begin at `position`. */
export function listFromWords(
  types: readonly ValType[],
  words: readonly unknown[],
  position: number,
  handles: FunctionHandles,
): unknown[] {
  const values = boxedArray();
  let next = position;
  for (const type of types) {
    const word = words[next++];
    values.push(fromWords(type, word, type === i64 ? words[next++] : 0, handles));
  }
  return values;
}

/** What the host sees of a call's result: nothing, one value, or an array. */
export function resultsToHost(type: FuncType, result: unknown, handles: FunctionHandles): unknown {
  const { results } = type;
  const [only] = results;
  if (only === undefined) return undefined;
  if (results.length === 1) return fromWords(only, result, high[0], handles);
  // The first element is no result: see docs/architecture.md, "Calling convention".
  return listFromWords(results, result as readonly unknown[], 1, handles);
}

/** The result of a host function in the calling convention. @throws UsageError for a value of the wrong type. */
export function resultsFromHost(type: FuncType, result: unknown, handles: FunctionHandles): unknown {
  const { results } = type;
  if (results.length === 0) return undefined;
  const words = boxedArray();
  if (results.length === 1) {
    pushWords(words, results[0] as ValType, result, handles);
    if (words.length === 2) high[0] = words[1] as number;
    return words[0];
  }
  const values = Array.isArray(result) ? (result as readonly unknown[]) : undefined;
  if (values?.length !== results.length)
    throw new UsageError("wrong_type", `expected an array of ${results.length} results, got ${describe(result)}`);
  words.push(null);
  results.forEach((each, i) => pushWords(words, each, values[i], handles));
  return words;
}
