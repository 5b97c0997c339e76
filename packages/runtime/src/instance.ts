// An instance as the embedder holds it: exports by name.
import type { Module } from "@anywasm/engine";
import { exportedRecord, type InstanceRecord } from "./allocate.ts";
import { UsageError } from "./errors.ts";
import { Func, type TypedFunc } from "./func.ts";
import { Global } from "./global.ts";
import { instantiate } from "./instantiate.ts";
import { type ImportObject, type ImportResolver, importsFrom } from "./link.ts";
import { Memory } from "./memory.ts";
import { MemoryRecord } from "./memory-record.ts";
import { FuncRecord, TableRecord, TagRecord } from "./records.ts";
import type { Store } from "./store.ts";
import { Table } from "./table.ts";
import { Tag } from "./tag.ts";
import type { Types } from "./values.ts";

// biome-ignore lint/suspicious/noExplicitAny: a store of any data
type AnyStore = Store<any>;

/** Anything that can be imported or exported. */
export type Extern = Func | Table | Memory | Global | Tag;

/** Exports by name; an object without prototype, so no name is special. */
export type Exports = Readonly<Record<string, Extern>>;

export class Instance {
  readonly store: AnyStore;
  readonly module: Module;
  readonly exports: Exports;

  /** @internal */
  constructor(store: AnyStore, record: InstanceRecord) {
    this.store = store;
    this.module = record.module;
    const exports = Object.create(null) as Record<string, Extern>;
    for (const item of record.module.structure.exports)
      exports[item.name] = externOf(store, exportedRecord(record, item));
    this.exports = Object.freeze(exports);
  }

  /**
   * Instantiates `module` with imports from plain objects, or from a function that finds them.
   * @throws LinkError for a missing or unfitting import, Trap from an active segment or the start function, or what else the
   * start function throws.
   * @example
   * Instance.create(store, module, { env: { now: () => Date.now() } });
   */
  static create(store: AnyStore, module: Module, imports: ImportResolver | ImportObject = {}): Instance {
    if (module.engine !== store.engine)
      throw new UsageError("wrong_store", "the module was compiled by another engine than the store's");
    // Host functions may ask for the exports of the instance that calls them, which does not exist yet.
    let instance: Instance | undefined;
    const resolve = typeof imports === "function" ? imports : importsFrom(store, module, imports);
    const allocated = (record: InstanceRecord): void => {
      instance = new Instance(store, record);
    };
    const record = instantiate(store, module, resolve, allocated, () => instance);
    return instance ?? new Instance(store, record);
  }

  /**
   * An exported function with types checked once.
   * @throws UsageError if there is no such function, or its types differ.
   * @example
   * const add = instance.getTypedFunc("add", [i32, i32], [i32]);
   * add(1, 2);
   */
  getTypedFunc<const P extends Types, const R extends Types>(name: string, params: P, results: R): TypedFunc<P, R> {
    const func = this.getFunc(name);
    if (func === undefined) throw new UsageError("no_such_export", `no exported function ${JSON.stringify(name)}`);
    return func.typed(params, results);
  }

  getFunc(name: string): Func | undefined {
    const item = this.exports[name];
    return item instanceof Func ? item : undefined;
  }

  getMemory(name: string): Memory | undefined {
    const item = this.exports[name];
    return item instanceof Memory ? item : undefined;
  }

  getTable(name: string): Table | undefined {
    const item = this.exports[name];
    return item instanceof Table ? item : undefined;
  }

  getGlobal(name: string): Global | undefined {
    const item = this.exports[name];
    return item instanceof Global ? item : undefined;
  }

  getTag(name: string): Tag | undefined {
    const item = this.exports[name];
    return item instanceof Tag ? item : undefined;
  }
}

function externOf(store: AnyStore, record: ReturnType<typeof exportedRecord>): Extern {
  if (record instanceof FuncRecord) return Func.of(store, record);
  if (record instanceof MemoryRecord) return Memory.of(store, record);
  if (record instanceof TableRecord) return Table.of(store, record);
  if (record instanceof TagRecord) return Tag.of(store, record);
  return Global.of(store, record);
}
