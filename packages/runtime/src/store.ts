// The world that instances, memories and functions live in, with the embedder's data, whatever values look like to the host.
import type { Engine } from "@anywasm/engine";
import { externref } from "@anywasm/isa";
import type { Embedding } from "./embedding.ts";
import { UsageError } from "./errors.ts";
import { TagRecord } from "./records.ts";

/** Owns everything instantiated in it. Handles (Func, Memory, ...) remember their store. */
export class Store<T = unknown> {
  readonly engine: Engine;
  /** Whatever the embedder wants its host functions to reach. */
  data: T;
  /** @internal The last error of a host function that guests cannot catch: it passes through them unchanged. */
  foreign: { readonly error: unknown } | undefined = undefined;
  /** @internal What the host has been thrown for traps: guests catch it no more when it comes back. */
  readonly trapErrors = new WeakSet<object>();
  /** @internal The tag of exceptions that are values of JavaScript. */
  readonly jsTag: TagRecord;

  /** @internal How host values look. */
  readonly embedding: Embedding;

  /** @internal Interfaces over stores say what values look like in theirs; `embed` is called once. */
  constructor(engine: Engine, data: T, embed: (store: Store<T>) => Embedding) {
    this.engine = engine;
    this.data = data;
    this.jsTag = new TagRecord(engine.canonicalType({ kind: "func", params: [externref], results: [] }));
    this.embedding = embed(this);
  }

  /** Lets go of what the store holds for the embedder. Instances stay usable while something refers to them. */
  [Symbol.dispose](): void {
    this.foreign = undefined;
  }

  /** @internal */
  owns(handle: { readonly store: Store<never> | Store }, what: string): void {
    if ((handle.store as unknown) !== this)
      throw new UsageError("wrong_store", `${what} belongs to another store; handles cannot cross stores`);
  }
}
