// JavaScript functions that enter guest code, and code by which guest code leaves for host functions. Rest parameters and
// spreads cost more than the call itself, so both are made for each type.
import type { FunctionFactory, Module } from "@anywasm/engine";
import { type DefinedType, type FuncType, f32, f64, i32, i64 } from "@anywasm/isa";
import { translateException } from "./backtrace.ts";
import { listFromWords, pushWords, refusalOf, resultsToHost, wordsOfResults } from "./convert.ts";
import { fromHostError } from "./exception.ts";
import { bigIntToI64, i64ToBigInt } from "./numerics/boundary.ts";
import { high } from "./numerics/high.ts";
import { referenceToHost } from "./objects.ts";
import { type Code, FuncRecord } from "./records.ts";
import type { Store } from "./store.ts";
import { boxedArray } from "./words.ts";

// biome-ignore lint/suspicious/noExplicitAny: a store of any data
type AnyStore = Store<any>;

/** A function of the host, given and giving its values. */
export type HostFunction = (...args: readonly unknown[]) => unknown;

/**
 * A function that calls `record` with host values, as many as it is given: missing ones are `undefined`. Arguments are
 * converted in order before anything runs.
 */
export function entryPoint(store: AnyStore, record: FuncRecord): Code {
  const refusal = refusalOf(record.type, store.embedding);
  if (refusal === undefined) return record.entry?.(store) ?? sharedEntry(store, record);
  return () => {
    throw refusal();
  };
}

/** Entries of exported functions, of `module.directExports` in order. */
export function makeEntries(store: AnyStore, module: Module, records: readonly FuncRecord[]): readonly Code[] {
  return entriesOf(store, module.evaluateEntries(store.embedding.coerces), records);
}

function entriesOf(store: AnyStore, factory: FunctionFactory, records: readonly FuncRecord[]): readonly Code[] {
  const { embedding } = store;
  const convert = {
    // One function less on the way, where it does the same.
    toInt64: embedding.coerces ? bigIntToI64 : (value: unknown) => embedding.toWord(i64, value),
    toFloat32: (value: unknown) => embedding.toWord(f32, value),
    toFloat64: (value: unknown) => embedding.toWord(f64, value),
    fromInt64: i64ToBigInt,
    early: callEarly,
  };
  const fail = (error: unknown): unknown => translateException(store, error);
  const make = factory as (...values: readonly unknown[]) => unknown;
  return make(records, convert, high, fail) as readonly Code[];
}

/** Calls code that is still to be compiled, or may be replaced. */
function callEarly(record: FuncRecord, ...words: readonly unknown[]): unknown {
  return record.code(...words);
}

/** For functions that are not exported: code shared by all of the same type. @throws CodeGenerationError. */
function sharedEntry(store: AnyStore, record: FuncRecord): Code {
  const factory = store.engine.evaluateEntry(record.type, store.embedding.coerces);
  return factory === undefined ? entryOfAny(store, record) : (entriesOf(store, factory, [record])[0] as Code);
}

/** Converts arguments by their types each time. */
function entryOfAny(store: AnyStore, record: FuncRecord): Code {
  const { type } = record;
  const { embedding } = store;
  return (...args: unknown[]) => {
    const words = boxedArray();
    type.params.forEach((param, i) => pushWords(words, param, args[i], embedding));
    return resultsToHost(type, enter(store, record, words), embedding);
  };
}

/** Runs a function on words. */
export function enter(store: AnyStore, record: FuncRecord, words: readonly unknown[]): unknown {
  try {
    return record.code(...words);
  } catch (error) {
    throw translateException(store, error);
  }
}

/** Code for a host function. Its errors, and those of converting what it returns, become the guest's exceptions. */
function hostCode(store: AnyStore, type: FuncType, f: HostFunction): Code {
  const { embedding, engine } = store;
  const { params } = type;
  const back = resultConversion(store, type);
  const fail = (error: unknown): unknown => foreign(store, error);
  const refusal = refusalOf(type, embedding);
  if (refusal !== undefined)
    return () => {
      throw fail(refusal());
    };
  const factory = engine.evaluateHostCall(type) as ((...values: readonly unknown[]) => Code) | undefined;
  if (factory !== undefined) {
    const fromReference = (word: unknown): unknown => referenceToHost(word, embedding.fromFunction);
    return factory(f, back, { fromInt64: i64ToBigInt, fromReference }, fail);
  }
  return (...words: unknown[]) => {
    try {
      return back(f(...listFromWords(params, words, 0, embedding)));
    } catch (error) {
      throw fail(error);
    }
  };
}

/** A host function as one of the store. */
export function hostFunction(store: AnyStore, type: DefinedType<FuncType>, f: HostFunction): FuncRecord {
  return new FuncRecord(type, hostCode(store, type, f));
}

function foreign(store: AnyStore, error: unknown): unknown {
  const made = fromHostError(store, error);
  if (made === error) store.foreign = { error };
  return made;
}

/** From what a host function of this type returns to the calling convention. */
function resultConversion(store: AnyStore, { results }: FuncType): (result: unknown) => unknown {
  const { embedding } = store;
  const [only] = results;
  if (only === undefined) return () => undefined;
  if (results.length > 1) return (result) => wordsOfResults(results, result, embedding);
  if (only === i32) return (result) => (typeof result === "number" ? result | 0 : embedding.toWord(i32, result));
  if (only === i64 && embedding.coerces) return bigIntToI64 as (result: unknown) => unknown;
  return (result) => embedding.toWord(only, result);
}
