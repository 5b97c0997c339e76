// A table as the embedder holds it.
import { implementationLimits, isNullable, type TableType } from "@anywasm/isa";
import { fromWords } from "./convert.ts";
import { UsageError } from "./errors.ts";
import { type Reference, TableRecord } from "./records.ts";
import type { Store } from "./store.ts";

// biome-ignore lint/suspicious/noExplicitAny: a store of any data
type AnyStore = Store<any>;

/** A table of a store: `Func` or null in tables of functions, any value in tables of externref. */
export class Table {
  readonly store: AnyStore;
  /** @internal */
  readonly record: TableRecord;

  /**
   * A new table, filled with `init` or null.
   * @throws UsageError past the limit of elements, or for an initial value of the wrong type.
   */
  constructor(store: AnyStore, type: TableType | TableRecord, ...init: readonly [unknown?]) {
    this.store = store;
    this.record = type instanceof TableRecord ? type : createTable(type, wordOf(store, type, init));
    this.record.handle = this;
  }

  /** @internal The one handle of a table. */
  static of(store: AnyStore, record: TableRecord): Table {
    return record.handle instanceof Table ? record.handle : new Table(store, record);
  }

  get type(): TableType {
    return this.record.type;
  }

  /** Number of elements. */
  get size(): number {
    return this.record.elements.length;
  }

  /** @throws UsageError out of bounds. */
  get(index: number): unknown {
    this.check(index);
    return fromWords(this.record.type.element, this.record.elements[index], 0, this.store.embedding);
  }

  /** @throws UsageError out of bounds, or for a value of the wrong type. */
  set(index: number, value: unknown): void {
    this.check(index);
    this.record.elements[index] = this.store.embedding.toWord(this.record.type.element, value);
  }

  /** Grows by `delta` elements. @returns the size before. @throws UsageError if that is not possible. */
  grow(delta: number, ...value: readonly [unknown?]): number {
    const { elements, max, type } = this.record;
    const before = elements.length;
    const word = wordOf(this.store, type, value);
    if (!Number.isInteger(delta) || delta < 0 || before + delta > max)
      throw new UsageError(
        "limit_exceeded",
        `cannot grow the table of ${before} elements by ${delta} (maximum ${max})`,
      );
    for (let i = 0; i < delta; i++) elements.push(word);
    return before;
  }

  private check(index: number): void {
    if (!Number.isInteger(index) || index < 0 || index >= this.size)
      throw new UsageError("out_of_bounds", `element ${index} of a table of ${this.size}`);
  }
}

/** An optional value: `undefined` is one that a table of externref can hold. */
function wordOf(store: AnyStore, { element }: TableType, value: readonly [unknown?]): Reference {
  return value.length === 0 && isNullable(element) ? null : store.embedding.toWord(element, value[0]);
}

/** @internal @throws UsageError past the limit of elements. */
export function createTable(type: TableType, init: Reference): TableRecord {
  const { min, max } = type.limits;
  const limit = implementationLimits.tableElements;
  if (min > limit) throw new UsageError("limit_exceeded", `a table of ${min} elements, the limit is ${limit}`);
  if (init === null && !isNullable(type.element))
    throw new UsageError("wrong_type", "a table of references that cannot be null needs an initial value");
  const most = max !== undefined && max < limit ? Number(max) : limit;
  return new TableRecord(type, new Array<Reference>(Number(min)).fill(init), most);
}
