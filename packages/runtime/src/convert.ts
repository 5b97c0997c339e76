// Lists of values between the host and the words of generated code (see docs/architecture.md, "Calling convention").
// What one value becomes is the embedding's to say.
import {
  abstractHeapTypes,
  type FuncType,
  formatValType,
  heapTypeOf,
  i64,
  isExternType,
  isRefType,
  type ValType,
  v128,
} from "@anywasm/isa";
import type { Embedding } from "./embedding.ts";
import { UsageError } from "./errors.ts";
import { i64ToBigInt } from "./numerics/boundary.ts";
import { high } from "./numerics/high.ts";
import { referenceToHost } from "./objects.ts";
import { boxedArray } from "./words.ts";

/** Appends the words of one host value. @throws what the embedding throws for a value of the wrong type. */
export function pushWords(words: unknown[], type: ValType, value: unknown, embedding: Embedding): void {
  words.push(embedding.toWord(type, value));
  if (type === i64) words.push(high[0]);
}

/** Vectors and references to exceptions never leave the guest (JS API, "ToJSValue"). */
function staysInside(type: ValType): boolean {
  if (!isRefType(type)) return type === v128;
  const heap = heapTypeOf(type);
  return heap === abstractHeapTypes.exn || heap === abstractHeapTypes.noexn;
}

/** What to throw when the host calls a function of this type, or is called; `undefined` where that is possible. */
export function refusalOf({ params, results }: FuncType, embedding: Embedding): (() => unknown) | undefined {
  const types = [...params, ...results].filter(staysInside);
  const type = types.find(isRefType) ?? types[0];
  return type === undefined ? undefined : () => cannotCross(type, embedding);
}

function cannotCross(type: ValType, embedding: Embedding): unknown {
  if (isRefType(type)) {
    const reason = `a value of type ${formatValType(type)} cannot cross between guest and host`;
    return embedding.fromError(new UsageError("wrong_type", reason));
  }
  try {
    // No host value is a vector: each embedding says so in its own words.
    return embedding.toWord(type, undefined);
  } catch (error) {
    return error;
  }
}

/** A host value from its words. `word` is the low one, `hiWord` the high one of an i64. */
export function fromWords(type: ValType, word: unknown, hiWord: unknown, embedding: Embedding): unknown {
  if (type === i64) return i64ToBigInt(word as number, hiWord as number);
  if (staysInside(type)) throw cannotCross(type, embedding);
  if (!isRefType(type) || isExternType(type)) return word;
  return referenceToHost(word, embedding.fromFunction);
}

/** Host values from a list of words that begin at `position`. */
export function listFromWords(
  types: readonly ValType[],
  words: readonly unknown[],
  position: number,
  embedding: Embedding,
): unknown[] {
  const values = boxedArray();
  let next = position;
  for (const type of types) {
    const word = words[next++];
    values.push(fromWords(type, word, type === i64 ? words[next++] : 0, embedding));
  }
  return values;
}

/** What the host sees of a call's result: nothing, one value, or an array. */
export function resultsToHost(type: FuncType, result: unknown, embedding: Embedding): unknown {
  const { results } = type;
  const [only] = results;
  if (only === undefined) return undefined;
  if (results.length === 1) return fromWords(only, result, high[0], embedding);
  // The first element is no result: see docs/architecture.md, "Calling convention".
  return listFromWords(results, result as readonly unknown[], 1, embedding);
}

/** The results of a host function that has several, in the calling convention. @throws as `Embedding.toList`, `toWord`. */
export function wordsOfResults(types: readonly ValType[], result: unknown, embedding: Embedding): unknown[] {
  return wordsOfValues(types, embedding.toList(result, types.length), embedding);
}

/** Several values in the calling convention. @throws as `Embedding.toWord`. */
export function wordsOfValues(types: readonly ValType[], values: readonly unknown[], embedding: Embedding): unknown[] {
  const words = boxedArray();
  words.push(null);
  types.forEach((type, i) => pushWords(words, type, values[i], embedding));
  return words;
}
