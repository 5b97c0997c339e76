// Functions as the embedder holds them: calling into the guest, and host functions the guest can call.
import { type FuncType, f32, i32, i64, isRefType } from "@anywasm/isa";
import { translateException } from "./backtrace.ts";
import { type FunctionHandles, listFromWords, pushWords, resultsFromHost, resultsToHost } from "./convert.ts";
import { UsageError } from "./errors.ts";
import { type Code, FuncRecord } from "./records.ts";
import type { Store } from "./store.ts";
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
    return new Func(store, new FuncRecord(type, hostCode(store, type, f as HostFunction)));
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
   * @throws Trap, UsageError for wrong arguments, or whatever a host function on the way throws.
   */
  call(...args: readonly unknown[]): unknown {
    const { type } = this.record;
    if (args.length !== type.params.length)
      throw new UsageError("wrong_type", `expected ${type.params.length} arguments, got ${args.length}`);
    const handles = handlesOf(this.store);
    const words = boxedArray();
    type.params.forEach((param, i) => pushWords(words, param, args[i], handles));
    return resultsToHost(type, this.enter(words), handles);
  }

  /** @internal Runs the code on words. */
  enter(words: readonly unknown[]): unknown {
    try {
      return this.record.code(...words);
    } catch (error) {
      throw translateException(this.store, error);
    }
  }

  /**
   * The function as a plain JavaScript function, its types checked now instead of at each call.
   * @throws UsageError if the function has other types.
   */
  typed<const P extends Types, const R extends Types>(params: P, results: R): TypedFunc<P, R> {
    const type = funcTypeOf(this.store, params, results);
    if (type !== this.record.type) {
      const list = (types: Types): string => types.map(({ name }) => name).join(", ");
      throw new UsageError(
        "wrong_type",
        `the function is (${list(this.params)}) -> (${list(this.results)}), not (${list(params)}) -> (${list(results)})`,
      );
    }
    return (
      isPlain(type) ? plainFunction(this.store, this.record) : (...args: unknown[]) => this.call(...args)
    ) as TypedFunc<P, R>;
  }
}

/** Whether each value is one word that a cheap coercion makes, and so is the result. */
function isPlain({ params, results }: FuncType): boolean {
  return ![...params, ...results].some((type) => type === i64 || isRefType(type)) && results.length <= 1;
}

/**
 * A typed function without i64 or references: each argument is coerced in place. Spelled out for few parameters, since
 * rest parameters cost more than the call.
 */
function plainFunction(store: AnyStore, record: FuncRecord): Code {
  const [first, second] = record.type.params.map(coercionTo);
  if (record.type.params.length > 2 || first === undefined) {
    const coercions = record.type.params.map(coercionTo);
    return (...args: number[]) => {
      try {
        return record.code(...coercions.map((coerce, i) => coerce(args[i] as number)));
      } catch (error) {
        throw translateException(store, error);
      }
    };
  }
  if (second === undefined) {
    return (a: number) => {
      try {
        return record.code(first(a));
      } catch (error) {
        throw translateException(store, error);
      }
    };
  }
  return (a: number, b: number) => {
    try {
      return record.code(first(a), second(b));
    } catch (error) {
      throw translateException(store, error);
    }
  };
}

const toInt32 = (value: number): number => value | 0;
const toFloat32 = (value: number): number => (value === value ? Math.fround(value) : +value);
const toFloat64 = (value: number): number => +value;

function coercionTo(type: number): (value: number) => number {
  return type === i32 ? toInt32 : type === f32 ? toFloat32 : toFloat64;
}

type HostFunction = (...args: readonly unknown[]) => unknown;

/** @internal Code for a host function. */
export function hostCode(store: AnyStore, type: FuncType, f: HostFunction): Code {
  const handles = handlesOf(store);
  const direct = !type.params.some((param) => param === i64 || isRefType(param));
  return (...words: unknown[]) => {
    let result: unknown;
    try {
      result = f(...(direct ? words : listFromWords(type.params, words, 0, handles)));
    } catch (error) {
      store.foreign = { error };
      throw error;
    }
    return hostResult(store, type, result, handles);
  };
}

function hostResult(store: AnyStore, type: FuncType, result: unknown, handles: FunctionHandles): unknown {
  try {
    return resultsFromHost(type, result, handles);
  } catch (error) {
    store.foreign = { error };
    throw error;
  }
}

/** @internal The canonical type of a signature written with value descriptors. */
function funcTypeOf(store: AnyStore, params: Types, results: Types): FuncType {
  return store.engine.canonicalType({
    kind: "func",
    params: params.map(({ code }) => code),
    results: results.map(({ code }) => code),
  });
}

const handlesByStore = new WeakMap<AnyStore, FunctionHandles>();

/** @internal */
export function handlesOf(store: AnyStore): FunctionHandles {
  let handles = handlesByStore.get(store);
  if (handles === undefined) {
    handles = {
      handleOf: (record) => Func.of(store, record),
      recordOf: (value) => {
        if (!(value instanceof Func)) return undefined;
        store.owns(value, "the function");
        return value.record;
      },
    };
    handlesByStore.set(store, handles);
  }
  return handles;
}
