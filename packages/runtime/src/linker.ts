// A Linker: names for imports, and modules instantiated with them.
import type { Engine, Module } from "@anywasm/engine";
import { type DefinedType, type FuncType, i64, isRefType } from "@anywasm/isa";
import { hostFunction } from "./entry.ts";
import { LinkError, UsageError } from "./errors.ts";
import { type Extern, Instance } from "./instance.ts";
import { type HostDefinition, unknownImport } from "./link.ts";
import { Memory } from "./memory.ts";
import type { Store } from "./store.ts";
import { Trap } from "./trap.ts";
import type { Return, Types, Values } from "./values.ts";

/** Who calls a host function: the instance that imported it, and its store. */
export class Caller<T> {
  readonly store: Store<T>;
  private readonly instance: () => Instance | undefined;

  /** @internal */
  constructor(store: Store<T>, instance: () => Instance | undefined) {
    this.store = store;
    this.instance = instance;
  }

  get data(): T {
    return this.store.data;
  }

  /** An export of the calling instance; `undefined` if it has none of that name, or has no exports yet. */
  getExport(name: string): Extern | undefined {
    return this.instance()?.exports[name];
  }

  /** The calling instance's exported memory of that name. */
  getMemory(name: string): Memory | undefined {
    const item = this.getExport(name);
    return item instanceof Memory ? item : undefined;
  }
}

type HostFunction<T> = (caller: Caller<T>, ...args: readonly unknown[]) => unknown;

type Definition<T> =
  | { readonly kind: "extern"; readonly extern: Extern }
  | { readonly kind: "host"; readonly type: DefinedType<FuncType>; readonly f: HostFunction<T> };

/**
 * Collects definitions by module and name, and instantiates modules with them.
 *
 * Name resolution: an import is looked up by both its names; definitions do not change once made, unless the linker
 * allows shadowing.
 * @example
 * const linker = new Linker(engine);
 * linker.func("env", "log", [i32], [], (caller, value) => console.log(value));
 * const instance = linker.instantiate(store, module);
 */
export class Linker<T = unknown> {
  readonly engine: Engine;
  private readonly definitions = new Map<string, Map<string, Definition<T>>>();
  private readonly allowShadowing: boolean;

  constructor(engine: Engine, options: { readonly allowShadowing?: boolean } = {}) {
    this.engine = engine;
    this.allowShadowing = options.allowShadowing ?? false;
  }

  /**
   * Defines a host function. What it throws passes through the guest unchanged, unless a handler of the guest catches it.
   * @throws LinkError if the name is taken.
   */
  func<const P extends Types, const R extends Types>(
    module: string,
    name: string,
    params: P,
    results: R,
    f: (caller: Caller<T>, ...args: Values<P>) => Return<R>,
  ): this {
    const type = this.engine.canonicalType({
      kind: "func",
      params: params.map(({ code }) => code),
      results: results.map(({ code }) => code),
    });
    return this.add(module, name, { kind: "host", type, f: f as unknown as HostFunction<T> });
  }

  /** Defines anything that lives in a store. @throws LinkError if the name is taken. */
  define(module: string, name: string, item: Extern): this {
    return this.add(module, name, { kind: "extern", extern: item });
  }

  /** Defines all exports of an instance under the module name `name`. @throws LinkError if a name is taken. */
  instance(name: string, instance: Instance): this {
    for (const [exported, item] of Object.entries(instance.exports)) this.define(name, exported, item);
    return this;
  }

  /** Instantiates `module` and defines its exports as `name`. */
  module(store: Store<T>, name: string, module: Module): this {
    return this.instance(name, this.instantiate(store, module));
  }

  /** Makes everything defined under `module` known as `as` too. @throws LinkError if a name is taken. */
  alias(module: string, as: string): this {
    for (const [name, definition] of this.definitions.get(module) ?? []) this.add(as, name, definition);
    return this;
  }

  /** Defines each function `module` imports and the linker lacks as one that traps with `unreachable`. */
  defineUnknownImportsAsTraps(module: Module): this {
    return this.defineUnknown(module, () => () => {
      throw new Trap("unreachable");
    });
  }

  /** Defines each function `module` imports and the linker lacks as one that gives zeros and nulls. */
  defineUnknownImportsAsDefaultValues(module: Module): this {
    return this.defineUnknown(module, ({ results }) => {
      const values = results.map((type) => (type === i64 ? 0n : isRefType(type) ? null : 0));
      return () => (values.length === 1 ? values[0] : values);
    });
  }

  /**
   * @throws LinkError for an import that is not defined or does not fit, UsageError for a module or definition of
   * another engine or store, Trap from the start function or an active segment.
   */
  instantiate(store: Store<T>, module: Module): Instance {
    if (store.engine !== this.engine) throw new UsageError("wrong_store", "the store belongs to another engine");
    return Instance.create(store, module, (moduleName, name) => this.resolve(store, moduleName, name));
  }

  /**
   * Looks up the imports of `module` now, to instantiate it many times later.
   * @throws LinkError for an import that is not defined. Types are checked when instantiating, since the sizes of
   * memories and tables change.
   */
  instantiatePre(module: Module): InstancePre<T> {
    if (module.engine !== this.engine)
      throw new UsageError("wrong_store", "the module was compiled by another engine than the linker's");
    const found = new Map<string, Map<string, Definition<T>>>();
    for (const { module: moduleName, name, type } of module.imports) {
      const definition = this.definitions.get(moduleName)?.get(name);
      if (definition === undefined) throw unknownImport(moduleName, name, type.kind);
      let names = found.get(moduleName);
      if (names === undefined) {
        names = new Map();
        found.set(moduleName, names);
      }
      names.set(name, definition);
    }
    return {
      module,
      instantiate: (store) =>
        Instance.create(store, module, (moduleName, name) => resolved(store, found.get(moduleName)?.get(name))),
    };
  }

  /** As `instantiate`, in a later turn of the event loop, so that a page can draw between compiling and starting. */
  async instantiateAsync(store: Store<T>, module: Module): Promise<Instance> {
    await Promise.resolve();
    return this.instantiate(store, module);
  }

  private resolve(store: Store<T>, module: string, name: string): Extern | HostDefinition | undefined {
    return resolved(store, this.definitions.get(module)?.get(name));
  }

  private add(module: string, name: string, definition: Definition<T>): this {
    let names = this.definitions.get(module);
    if (names === undefined) this.definitions.set(module, (names = new Map()));
    if (names.has(name) && !this.allowShadowing)
      throw new LinkError(
        "duplicate_definition",
        `${JSON.stringify(module)} ${JSON.stringify(name)} is defined already; allowShadowing lets later definitions win`,
      );
    names.set(name, definition);
    return this;
  }

  private defineUnknown(module: Module, make: (type: FuncType) => HostFunction<T>): this {
    for (const { module: moduleName, name, type } of module.imports) {
      if (type.kind !== "func" || this.definitions.get(moduleName)?.has(name) === true) continue;
      const defined = module.types[type.typeIndex] as DefinedType<FuncType>;
      this.add(moduleName, name, { kind: "host", type: defined, f: make(type.type) });
    }
    return this;
  }
}

/** A module whose imports have been looked up. */
export interface InstancePre<T> {
  readonly module: Module;
  /** @throws LinkError for an import that does not fit, Trap from the start function or an active segment. */
  instantiate(store: Store<T>): Instance;
}

/** A definition as something to link; a host function is made anew, so that it knows who calls it. */
function resolved<T>(store: Store<T>, definition: Definition<T> | undefined): Extern | HostDefinition | undefined {
  if (definition === undefined) return undefined;
  if (definition.kind === "extern") return definition.extern;
  const { type, f } = definition;
  return {
    kind: "host",
    type,
    bind: (instance) => {
      const caller = new Caller(store, instance);
      return hostFunction(store, type, (...args) => f(caller, ...args));
    },
  };
}
