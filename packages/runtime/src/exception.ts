// A guest's exception on its way, and what guests may catch (core spec, §4.4 "throw_ref"; JS API, §5.6).
//
// Guests throw records, and catch nothing else. What a host function throws becomes one where it enters the guest, and is
// itself again where it leaves. So nobody catches a trap, which is none, and an exception is the same object all the way.
import { WasmError } from "@anywasm/isa";
import type { TagRecord } from "./records.ts";
import type { Store } from "./store.ts";
import { isStackOverflow, Trap } from "./trap.ts";

/** An exception: its identity is the exception's. */
export class ExceptionRecord {
  readonly tag: TagRecord;
  /** What it carries, in the calling convention of several results: the first element is none. */
  readonly words: readonly unknown[];
  /** The embedder's handle, once there is one. */
  handle: object | undefined = undefined;

  constructor(tag: TagRecord, words: readonly unknown[]) {
    this.tag = tag;
    this.words = words;
  }
}

/** What a handler of the guest sees of an error. @throws the error, if guests must not catch it. */
export function caught(error: unknown): ExceptionRecord {
  if (error instanceof ExceptionRecord) return error;
  throw error;
}

/** What to throw for a reference to an exception. */
export function thrown(reference: ExceptionRecord | null): ExceptionRecord | Trap {
  return reference ?? new Trap("null_exception_reference");
}

/** What the guest is thrown for what a host function threw. */
export function fromHostError(store: Store<never> | Store, error: unknown): unknown {
  const known = store.embedding.toException(error);
  if (known !== undefined) return known;
  return isBeyondHandlers(store, error) ? error : new ExceptionRecord(store.jsTag, [null, error]);
}

/**
 * Traps and the engine's stack overflow, also where they come by way of the host, and whatever else this library throws on
 * purpose: the end of a program, say.
 */
function isBeyondHandlers(store: Store<never> | Store, error: unknown): boolean {
  if (error instanceof WasmError || isStackOverflow(error)) return true;
  return typeof error === "object" && error !== null && store.trapErrors.has(error);
}

/** What the host is thrown for an exception that leaves the guest. */
export function toHostError(store: Store<never> | Store, record: ExceptionRecord): unknown {
  return record.tag === store.jsTag ? record.words[1] : store.embedding.fromException(record);
}
