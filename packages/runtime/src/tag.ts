// Exception tags and exceptions as the embedder holds them.
import { WasmError } from "@anywasm/isa";
import { listFromWords, wordsOfValues } from "./convert.ts";
import { UsageError } from "./errors.ts";
import { ExceptionRecord } from "./exception.ts";
import { TagRecord } from "./records.ts";
import type { Store } from "./store.ts";
import type { ExceptionHandles } from "./strict.ts";
import { type Types, type ValType, valTypeOf } from "./values.ts";

// biome-ignore lint/suspicious/noExplicitAny: a store of any data
type AnyStore = Store<any>;

/**
 * An exception tag of a store: tells kinds of exceptions apart by its identity, and says what they carry.
 * @example
 * const overflow = new Tag(store, [i32]);
 * linker.define("env", "overflow", overflow);
 */
export class Tag {
  readonly store: AnyStore;
  /** @internal */
  readonly record: TagRecord;

  /** A new tag, whose exceptions carry values of the types `params`. */
  constructor(store: AnyStore, params: Types | TagRecord) {
    this.store = store;
    this.record =
      params instanceof TagRecord
        ? params
        : createTag(
            store,
            params.map(({ code }) => code),
          );
    this.record.handle = this;
  }

  /** @internal The one handle of a tag. */
  static of(store: AnyStore, record: TagRecord): Tag {
    return record.handle instanceof Tag ? record.handle : new Tag(store, record);
  }

  /** The tag of whatever host functions throw: such exceptions carry an externref, the value that was thrown. */
  static ofHostErrors(store: AnyStore): Tag {
    return Tag.of(store, store.jsTag);
  }

  /** The types of what exceptions carry. */
  get params(): readonly ValType[] {
    return this.record.type.params.map(valTypeOf);
  }
}

function createTag(store: AnyStore, params: TagRecord["type"]["params"]): TagRecord {
  return new TagRecord(store.engine.canonicalType({ kind: "func", params, results: [] }));
}

/**
 * An exception of a guest. It reaches the host where no handler has caught it; a host function may throw it, the same one or a
 * new one, and handlers of the guest catch it.
 * @example
 * try {
 *   instance.getFunc("run")?.call();
 * } catch (error) {
 *   if (error instanceof WasmException && error.tag === overflow) console.log(error.values[0]);
 *   else throw error;
 * }
 */
export class WasmException extends WasmError {
  override readonly name = "WasmException";
  readonly code = "exception";
  readonly tag: Tag;
  /** @internal */
  readonly record: ExceptionRecord;

  /** @throws UsageError for values of other types than the tag's, or more or fewer of them. */
  constructor(tag: Tag, values: readonly unknown[] | ExceptionRecord) {
    super("an exception of a WebAssembly function");
    this.tag = tag;
    this.record = values instanceof ExceptionRecord ? values : createException(tag, values);
    this.record.handle = this;
  }

  /** What it carries. @throws UsageError if there is a reference to an exception among it. */
  get values(): readonly unknown[] {
    const { store, record } = this.tag;
    return listFromWords(record.type.params, this.record.words, 1, store.embedding);
  }
}

function createException({ store, record }: Tag, values: readonly unknown[]): ExceptionRecord {
  const { params } = record.type;
  if (record === store.jsTag)
    throw new UsageError("wrong_type", "exceptions of the tag of host errors are thrown as they are: throw the value");
  if (values.length !== params.length)
    throw new UsageError("wrong_type", `expected ${params.length} values for the tag, got ${values.length}`);
  return new ExceptionRecord(record, wordsOfValues(params, values, store.embedding));
}

/** @internal How the embedding API sees exceptions of a store. */
export function exceptionHandles(store: AnyStore): ExceptionHandles {
  return {
    fromException: (record) =>
      record.handle instanceof WasmException ? record.handle : new WasmException(Tag.of(store, record.tag), record),
    toException: (error) => (error instanceof WasmException && error.tag.store === store ? error.record : undefined),
  };
}
