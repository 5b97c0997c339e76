// The store of the embedding API, whose values are strict.
import type { Engine } from "@anywasm/engine";
import { functionHandles } from "./func.ts";
import { Store as StoreOfAnyEmbedding } from "./store.ts";
import { strictEmbedding } from "./strict.ts";
import { exceptionHandles } from "./tag.ts";

/**
 * Owns everything instantiated in it. Handles (Func, Memory, ...) remember their store; using one with another store
 * throws UsageError.
 * @example
 * using store = new Store(engine, { user: "ada" });
 */
export class Store<T = unknown> extends StoreOfAnyEmbedding<T> {
  constructor(engine: Engine, data: T) {
    super(engine, data, (store) => strictEmbedding(functionHandles(store), exceptionHandles(store)));
  }
}
