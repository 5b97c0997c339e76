// The values of the embedding API: of exactly the right JavaScript type, functions as `Func`.
import {
  type DefinedTypes,
  externref,
  f32,
  f64,
  formatValType,
  funcref,
  i32,
  i64,
  isExternType,
  isNullable,
  isRefType,
  type ValType,
  v128,
} from "@anywasm/isa";
import type { Embedding } from "./embedding.ts";
import { UsageError } from "./errors.ts";
import { bigIntToI64 } from "./numerics/boundary.ts";
import { referenceFromHost } from "./objects.ts";
import type { FuncRecord } from "./records.ts";

/** Turns a function's record into the embedder's handle and back. */
export interface FunctionHandles {
  /** Definitions of the store's engine. */
  readonly types: DefinedTypes;
  handleOf(record: FuncRecord): unknown;
  /** The record of a handle; `undefined` for anything else. @throws UsageError for a handle of another store. */
  recordOf(value: unknown): FuncRecord | undefined;
}

/** Turns exceptions into what the embedder sees of them, and back. */
export type ExceptionHandles = Pick<Embedding, "fromException" | "toException">;

export function strictEmbedding(handles: FunctionHandles, exceptions: ExceptionHandles): Embedding {
  return {
    ...exceptions,
    coerces: false,
    toWord: (type, value) => toWord(type, value, handles),
    fromFunction: handles.handleOf,
    toList: (result, count) => {
      if (Array.isArray(result) && result.length === count) return result;
      const got = Array.isArray(result) ? `an array of ${result.length}` : describe(result);
      throw new UsageError("wrong_type", `expected an array of ${count} results, got ${got}`);
    },
    fromError: (error) => error,
  };
}

function toWord(type: ValType, value: unknown, handles: FunctionHandles): unknown {
  switch (type) {
    case i32:
      return numberFrom(value, type) | 0;
    case i64:
      if (typeof value !== "bigint") throw wrongType(type, value);
      return bigIntToI64(value);
    case f32: {
      const number = numberFrom(value, type);
      // Rounding would quiet a NaN, and there is nothing to round. Not one expression: where two ways of computing a
      // number meet, optimizing compilers may quiet it too.
      if (number === number) return Math.fround(number);
      return value;
    }
    case f64:
      return numberFrom(value, type);
    case externref:
      return value;
    case v128:
      throw new UsageError("wrong_type", "values of type v128 do not leave the guest");
    default: {
      const reference = toReference(type, value, handles);
      if (reference === undefined) throw wrongType(type, value);
      return reference;
    }
  }
}

function toReference(type: ValType, value: unknown, handles: FunctionHandles): unknown {
  if (!isRefType(type)) return undefined;
  if (isExternType(type)) return value === null && !isNullable(type) ? undefined : value;
  return referenceFromHost(type, value, handles.recordOf, handles.types);
}

function numberFrom(value: unknown, type: ValType): number {
  if (typeof value !== "number") throw wrongType(type, value);
  return value;
}

function wrongType(type: ValType, value: unknown): UsageError {
  const expected =
    type === i64
      ? "a bigint"
      : type === funcref
        ? "a Func of this store, or null"
        : isRefType(type)
          ? "a reference of this type"
          : "a number";
  return new UsageError("wrong_type", `expected ${expected} for ${formatValType(type)}, got ${describe(value)}`);
}

function describe(value: unknown): string {
  return value === null ? "null" : typeof value;
}
