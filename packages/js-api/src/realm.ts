// What all parts of one WebAssembly object share: its store, its error classes, and what its objects stand for.
import type { Engine } from "@anywasm/engine";
import type { Global, Table } from "@anywasm/runtime";
import {
  type ExceptionRecord,
  type FuncRecord,
  type MemoryHandle,
  Store,
  type TagRecord,
} from "@anywasm/runtime/embed";
import { createErrors, type ErrorConstructors } from "./errors.ts";
import type { CompiledModule } from "./module.ts";
import { createEmbedding } from "./values.ts";
import { IdentitySlot, Slot } from "./webidl.ts";

/** JS API, "Store": one for all modules of an agent. */
export interface Realm {
  readonly engine: Engine;
  /** Whether types can be seen: see reflection.ts. */
  readonly reflectsTypes: boolean;
  readonly store: Store;
  readonly errors: ErrorConstructors;
  readonly modules: IdentitySlot<CompiledModule>;
  /** By their exports objects. */
  readonly instances: IdentitySlot<object>;
  readonly memories: IdentitySlot<MemoryHandle>;
  readonly tables: IdentitySlot<Table>;
  readonly globals: IdentitySlot<Global>;
  readonly tags: IdentitySlot<TagRecord>;
  readonly exceptions: IdentitySlot<ExceptionRecord>;
  /** Exported functions: JS API, "Exported Function exotic object". */
  readonly functions: Slot<FuncRecord>;
}

export function createRealm(engine: Engine, reflectsTypes: boolean): Realm {
  const errors = createErrors();
  const functions = new Slot<FuncRecord>("function exported from WebAssembly");
  const exceptions = new IdentitySlot<ExceptionRecord>("WebAssembly.Exception");
  const store = new Store<unknown>(engine, undefined, (owner) => createEmbedding(owner, functions, exceptions, errors));
  return {
    engine,
    reflectsTypes,
    store,
    errors,
    functions,
    exceptions,
    modules: new IdentitySlot("WebAssembly.Module"),
    instances: new IdentitySlot("WebAssembly.Instance"),
    memories: new IdentitySlot("WebAssembly.Memory"),
    tables: new IdentitySlot("WebAssembly.Table"),
    globals: new IdentitySlot("WebAssembly.Global"),
    tags: new IdentitySlot("WebAssembly.Tag"),
  };
}
