// What an embedder's values and errors are: the seam between the store and the two interfaces over it, this package's
// own (strict, see strict.ts) and the WebAssembly JavaScript Interface (coercing, in js-api).
import type { ValType, WasmError } from "@anywasm/isa";
import type { ExceptionRecord } from "./exception.ts";
import type { FuncRecord } from "./records.ts";

export interface Embedding {
  /** Whether `toWord` makes numbers of other values as JavaScript's operators do. */
  readonly coerces: boolean;
  /** The word of a host value; the high word of an i64 goes to `high`. @throws for a value of the wrong type. */
  toWord(type: ValType, value: unknown): unknown;
  /** The one host value that stands for a function. */
  fromFunction(record: FuncRecord): unknown;
  /** The values in what a host function with `count` > 1 results returned. @throws unless there are `count`. */
  toList(result: unknown, count: number): readonly unknown[];
  /** What is thrown to the host for a trap, or for a function that turned out to be beyond the compiler's limits. */
  fromError(error: WasmError): unknown;
  /** What is thrown to the host for a guest's exception: always the same for one. */
  fromException(record: ExceptionRecord): unknown;
  /** The exception that the host throws, if it is one of the store's. */
  toException(error: unknown): ExceptionRecord | undefined;
}
