// A Store: the world that instances, memories and functions live in, with the embedder's data.
import type { Engine } from "@anywasm/engine";
import type { Embedding } from "./embedding.ts";
import { UsageError } from "./errors.ts";
import { functionHandles } from "./func.ts";
import { strictEmbedding } from "./strict.ts";

/**
 * Owns everything instantiated in it. Handles (Func, Memory, ...) remember their store; using one with another store
 * throws UsageError.
 * @example
 * using store = new Store(engine, { user: "ada" });
 */
export class Store<T = unknown> {
  readonly engine: Engine;
  /** Whatever the embedder wants its host functions to reach. */
  data: T;
  /** @internal The last exception thrown by a host function: it passes through guest code unchanged. */
  foreign: { readonly error: unknown } | undefined = undefined;

  /** @internal How host values look. */
  readonly embedding: Embedding;

  constructor(engine: Engine, data: T, /** @internal */ embedding?: Embedding) {
    this.engine = engine;
    this.data = data;
    this.embedding = embedding ?? strictEmbedding(functionHandles(this));
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
