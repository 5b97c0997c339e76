// A global as the embedder holds it.
import { type GlobalType, i64 } from "@anywasm/isa";
import { fromWords, pushWords } from "./convert.ts";
import { UsageError } from "./errors.ts";
import { createGlobal, type GlobalRecord } from "./records.ts";
import type { Store } from "./store.ts";
import { type ValType, valTypeOf } from "./values.ts";
import { boxedArray } from "./words.ts";

// biome-ignore lint/suspicious/noExplicitAny: a store of any data
type AnyStore = Store<any>;

/** A global of a store. */
export class Global {
  readonly store: AnyStore;
  /** @internal */
  readonly record: GlobalRecord;

  /** @internal Use `Global.create`, or get one from an instance. */
  constructor(store: AnyStore, record: GlobalRecord) {
    this.store = store;
    this.record = record;
    record.handle = this;
  }

  /** A new global. @throws UsageError for a value of the wrong type. */
  static create<T>(store: AnyStore, type: ValType<T>, value: T, options: { readonly mutable?: boolean } = {}): Global {
    const words = boxedArray();
    pushWords(words, type.code, value, store.embedding);
    const globalType: GlobalType = { value: type.code, mutable: options.mutable ?? false };
    return new Global(store, createGlobal(globalType, words[0], (words[1] ?? 0) as number));
  }

  /** @internal The one handle of a global. */
  static of(store: AnyStore, record: GlobalRecord): Global {
    return record.handle instanceof Global ? record.handle : new Global(store, record);
  }

  get type(): ValType {
    return valTypeOf(this.record.type.value);
  }

  get mutable(): boolean {
    return this.record.type.mutable;
  }

  get value(): unknown {
    const { type, value, high } = this.record;
    return fromWords(type.value, value, high, this.store.embedding);
  }

  /** @throws UsageError if the global is immutable, or for a value of the wrong type. */
  set value(value: unknown) {
    const { record } = this;
    if (!record.type.mutable) throw new UsageError("immutable_global", "the global is immutable");
    const words = boxedArray();
    pushWords(words, record.type.value, value, this.store.embedding);
    record.value = words[0];
    if (record.type.value === i64) record.high = words[1] as number;
  }
}
