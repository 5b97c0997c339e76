// Functions as the embedder holds them: calling into the guest, and host functions the guest can call.
import { type DefinedType, type FuncType, i64, isRefType, type ValType as TypeCode } from "@anywasm/isa";
import { pushWords, refusalOf, resultsToHost } from "./convert.ts";
import { enter, entryPoint, type HostFunction, hostFunction } from "./entry.ts";
import { UsageError } from "./errors.ts";
import type { FuncRecord } from "./records.ts";
import type { Store } from "./store.ts";
import type { FunctionHandles } from "./strict.ts";
import { type Return, type Types, type ValType, type Values, valTypeOf } from "./values.ts";
import { boxedArray } from "./words.ts";

/** A function whose type is known to TypeScript: call it like any other. */
export type TypedFunc<P extends Types, R extends Types> = (...args: Values<P>) => Return<R>;

// biome-ignore lint/suspicious/noExplicitAny: a store of any data
type AnyStore = Store<any>;

/** A function of a store: of an instance, or of the host. */
export class Func {
  readonly store: AnyStore;
  /** @internal */
  readonly record: FuncRecord;

  /** @internal Use `Func.wrap`, or get one from an instance. */
  constructor(store: AnyStore, record: FuncRecord) {
    this.store = store;
    this.record = record;
    record.handle = this;
  }

  /** @internal The one handle of a function. */
  static of(store: AnyStore, record: FuncRecord): Func {
    return record.handle instanceof Func ? record.handle : new Func(store, record);
  }

  /**
   * A host function. Exceptions it throws pass through guest code unchanged.
   * @example
   * const add = Func.wrap(store, [i32, i32], [i32], (a, b) => a + b);
   */
  static wrap<const P extends Types, const R extends Types>(
    store: AnyStore,
    params: P,
    results: R,
    f: (...args: Values<P>) => Return<R>,
  ): Func {
    const type = funcTypeOf(store, params, results);
    return new Func(store, hostFunction(store, type, f as HostFunction));
  }

  get params(): readonly ValType[] {
    return this.record.type.params.map(valTypeOf);
  }

  get results(): readonly ValType[] {
    return this.record.type.results.map(valTypeOf);
  }

  /**
   * Calls the function: numbers for i32, f32 and f64, bigints for i64, `Func` or null for funcref, anything for
   * externref. Several results come as an array.
   * @throws Trap, WasmException, UsageError for wrong arguments, or whatever a host function on the way throws.
   */
  call(...args: readonly unknown[]): unknown {
    const { type } = this.record;
    if (args.length !== type.params.length)
      throw new UsageError("wrong_type", `expected ${type.params.length} arguments, got ${args.length}`);
    const { embedding } = this.store;
    const refusal = refusalOf(type, embedding);
    if (refusal !== undefined) throw refusal();
    const words = boxedArray();
    type.params.forEach((param, i) => pushWords(words, param, args[i], embedding));
    return resultsToHost(type, enter(this.store, this.record, words), embedding);
  }

  /**
   * The function as a plain JavaScript function, its types checked now instead of at each call.
   * @throws UsageError if the function has other types.
   */
  typed<const P extends Types, const R extends Types>(params: P, results: R): TypedFunc<P, R> {
    const type = funcTypeOf(this.store, params, results);
    if (!isSameSignature(type, this.record.type)) {
      const list = (types: Types): string => types.map(({ name }) => name).join(", ");
      throw new UsageError(
        "wrong_type",
        `the function is (${list(this.params)}) -> (${list(this.results)}), not (${list(params)}) -> (${list(results)})`,
      );
    }
    return (
      isPlain(type) ? entryPoint(this.store, this.record) : (...args: unknown[]) => this.call(...args)
    ) as TypedFunc<P, R>;
  }
}

function isSameSignature(a: FuncType, b: FuncType): boolean {
  const isSame = (first: readonly TypeCode[], second: readonly TypeCode[]): boolean =>
    first.length === second.length && first.every((type, i) => type === second[i]);
  return isSame(a.params, b.params) && isSame(a.results, b.results);
}

/** Whether converting to words is all the checking that values of TypeScript's types need. */
function isPlain({ params, results }: FuncType): boolean {
  return ![...params, ...results].some((type) => type === i64 || isRefType(type)) && results.length <= 1;
}

/** @internal The canonical type of a signature written with value descriptors. */
function funcTypeOf(store: AnyStore, params: Types, results: Types): DefinedType<FuncType> {
  return store.engine.canonicalType({
    kind: "func",
    params: params.map(({ code }) => code),
    results: results.map(({ code }) => code),
  });
}

/** @internal How the embedding API sees functions of a store. */
export function functionHandles(store: AnyStore): FunctionHandles {
  return {
    types: store.engine.types.types,
    handleOf: (record) => Func.of(store, record),
    recordOf: (value) => {
      if (!(value instanceof Func)) return undefined;
      store.owns(value, "the function");
      return value.record;
    },
  };
}
