// The world that instances, memories and functions live in, with the embedder's data, whatever values look like to the host.
import type { Engine } from "@anywasm/engine";
import type { Embedding } from "./embedding.ts";
import { UsageError } from "./errors.ts";

/** Owns everything instantiated in it. Handles (Func, Memory, ...) remember their store. */
export class Store<T = unknown> {
  readonly engine: Engine;
  /** Whatever the embedder wants its host functions to reach. */
  data: T;
  /** @internal The last exception thrown by a host function: it passes through guest code unchanged. */
  foreign: { readonly error: unknown } | undefined = undefined;

  /** @internal How host values look. */
  readonly embedding: Embedding;

  /** @internal Interfaces over stores say what values look like in theirs; `embed` is called once. */
  constructor(engine: Engine, data: T, embed: (store: Store<T>) => Embedding) {
    this.engine = engine;
    this.data = data;
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
