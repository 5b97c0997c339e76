// Anywasm as an engine under test.
import { type Engine, Module } from "@anywasm/engine";
import { CompileError, type ModuleStructure } from "@anywasm/isa";
import {
  type Extern,
  Func,
  f32,
  f32FromBits,
  f32ToBits,
  f64,
  f64FromBits,
  f64ToBits,
  funcref,
  Global,
  type Instance,
  i32,
  i64,
  kindOfObject,
  LinkError,
  Linker,
  Memory,
  type SharedMemory,
  Store,
  Table,
  Trap,
  type ValType,
  WasmException,
} from "@anywasm/runtime";
import { callWithWords, vectorOfGlobal } from "@anywasm/runtime/embed";
import { type Embedding, EmbeddingFailure } from "./embedding.ts";
import type { Value } from "./values.ts";

/** What scripts do with instances. */
type ScriptInstance = Pick<Instance, "exports" | "getFunc" | "getGlobal">;

/** Says what is wrong in a module's custom sections. */
export type CheckCustomSections = (bytes: Uint8Array, structure: ModuleStructure) => readonly CompileError[];

/**
 * A fresh store with the host module `spectest` that scripts import from.
 * @param problemsOf without it, commands on custom sections are unsupported.
 */
export function anywasmEmbedding(engine: Engine, problemsOf?: CheckCustomSections): Embedding<Module, ScriptInstance> {
  const store = new Store(engine, undefined);
  const linker = new Linker<undefined>(engine, { allowShadowing: true });
  defineSpectest(linker, store);
  return {
    define: (bytes) => guarded(() => new Module(engine, bytes)),
    instantiate: (module) => guarded(() => linker.instantiate(store, module)),
    register: (name, { exports }) => {
      for (const [exported, item] of Object.entries(exports)) linker.define(name, exported, item);
    },
    checkCustomSections:
      problemsOf &&
      (({ bytes, structure }) => {
        for (const { reason, code } of problemsOf(bytes, structure))
          throw new EmbeddingFailure(code === "malformed_module" ? "malformed" : "invalid", reason);
      }),
    share: ({ exports }) =>
      Object.fromEntries(
        Object.entries(exports).flatMap(([name, item]) =>
          item instanceof Memory && item.type.isShared === true ? [[name, item.share()]] : [],
        ),
      ),
    receive: (shared) => {
      const memories = Object.entries(shared).map(([name, each]): [string, Memory] => [
        name,
        Memory.fromShared(store, each as SharedMemory),
      ]);
      return { exports: Object.fromEntries(memories), getFunc: () => undefined, getGlobal: () => undefined };
    },
    invoke: (instance, name, args) => {
      const func = instance.getFunc(byteStringToText(name));
      if (func === undefined) throw new Error(`no exported function ${name}`);
      if (isInternal(func)) return callInside(func, args);
      const result = guarded(() => func.call(...toHostValues(args)));
      const { results } = func;
      const [only] = results;
      // Not by way of an array: an engine's array of floats alone would quiet signalling NaNs.
      if (results.length === 1 && only !== undefined) return [fromHost(only, result)];
      return results.map((type, i) => fromHost(type, (result as readonly unknown[])[i]));
    },
    get: (instance, name) => {
      const global = instance.getGlobal(byteStringToText(name));
      if (global === undefined) throw new Error(`no exported global ${name}`);
      if (isVector(global.type)) return { type: "v128", bits: bitsOf(vectorOfGlobal(global)) };
      return fromHost(global.type, global.value);
    },
  };
}

function isVector({ name }: ValType): boolean {
  return name === "v128";
}

/** Whether a function takes or gives what does not cross the border: vectors and exceptions. */
function isInternal({ params, results }: Func): boolean {
  return [...params, ...results].some(({ name }) => name === "v128" || /exn/.test(name));
}

/** The call goes around the border: with words instead of values. */
function callInside(func: Func, args: readonly Value[]): readonly Value[] {
  // As in `hostValues`.
  const words: unknown[] = [null];
  words.length = 0;
  for (const arg of args)
    if (arg.type === "v128") words.push(...wordsOf(arg.bits, 4));
    else if (arg.type === "i64") words.push(...wordsOf(arg.bits, 2));
    else words.push(toHost(arg));
  const results = guarded(() => callWithWords(func, words));
  let next = 0;
  const take = (count: number): readonly number[] => results.slice(next, (next += count)) as readonly number[];
  return func.results.map((type): Value => {
    if (isVector(type)) return { type: "v128", bits: bitsOf(take(4)) };
    if (type === i64) return { type: "i64", bits: bitsOf(take(2)) };
    return fromHost(type, results[next++]);
  });
}

function wordsOf(bits: bigint, count: number): unknown[] {
  return Array.from({ length: count }, (_, i) => Number(BigInt.asIntN(32, bits >> BigInt(32 * i))));
}

function bitsOf(words: readonly number[]): bigint {
  return words.reduceRight((bits, word) => (bits << 32n) | BigInt(word >>> 0), 0n);
}

function byteStringToText(text: string): string {
  return decodeURIComponent(text.replace(/[^\w]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0")}`));
}

function defineSpectest(linker: Linker<undefined>, store: Store<undefined>): void {
  const nothing = (): void => undefined;
  const items: Readonly<Record<string, Extern>> = {
    print: Func.wrap(store, [], [], nothing),
    print_i32: Func.wrap(store, [i32], [], nothing),
    print_i64: Func.wrap(store, [i64], [], nothing),
    print_f32: Func.wrap(store, [f32], [], nothing),
    print_f64: Func.wrap(store, [f64], [], nothing),
    print_i32_f32: Func.wrap(store, [i32, f32], [], nothing),
    print_f64_f64: Func.wrap(store, [f64, f64], [], nothing),
    global_i32: Global.create(store, i32, 666),
    global_i64: Global.create(store, i64, 666n),
    global_f32: Global.create(store, f32, Math.fround(666.6)),
    global_f64: Global.create(store, f64, 666.6),
    table: new Table(store, { element: funcref.code, limits: { min: 10, max: 20 } }),
    table64: new Table(store, { element: funcref.code, limits: { min: 10, max: 20 }, address: "i64" }),
    memory: new Memory(store, { limits: { min: 1, max: 2 } }),
    ...(store.engine.config.features.has("threads")
      ? { shared_memory: new Memory(store, { limits: { min: 1, max: 2 }, isShared: true }) }
      : {}),
  };
  for (const [name, item] of Object.entries(items)) linker.define("spectest", name, item);
}

/** Says of Anywasm's errors what they are to a script. */
function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof CompileError) throw new EmbeddingFailure(kindOf(error), error.message, error.feature);
    if (error instanceof LinkError) throw new EmbeddingFailure("unlinkable", error.message);
    if (error instanceof WasmException) throw new EmbeddingFailure("exception", error.message);
    if (error instanceof Trap)
      throw new EmbeddingFailure(error.code === "stack_overflow" ? "exhaustion" : "trap", error.message);
    throw error;
  }
}

function kindOf({ code }: CompileError): "malformed" | "invalid" | "unsupported" {
  if (code === "feature_disabled") return "unsupported";
  return code === "malformed_module" ? "malformed" : "invalid";
}

/** As `args.map(toHost)`, but boxed: an engine's array of floats alone would quiet signalling NaNs. */
function toHostValues(args: readonly Value[]): unknown[] {
  const values: unknown[] = [null];
  values.length = 0;
  for (const arg of args) values.push(toHost(arg));
  return values;
}

/** A host value of a script: an object, since numbers are references that guests can look into. */
class HostValue {
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }
}

/** A host value may be compared with itself. */
const hostValues = new Map<number, HostValue>();

function hostValue(number: number): HostValue {
  let known = hostValues.get(number);
  if (known === undefined) hostValues.set(number, (known = new HostValue(number)));
  return known;
}

function toHost(value: Value): unknown {
  switch (value.type) {
    case "i32":
      return value.bits | 0;
    case "i64":
      return BigInt.asIntN(64, value.bits);
    case "f32":
      return f32FromBits(value.bits);
    case "f64":
      return f64FromBits(value.bits);
    case "ref":
      return value.kind === "null" ? null : hostValue(value.number ?? 0);
    case "v128":
      throw new TypeError("no host value is a vector");
  }
}

function fromHost(type: ValType, value: unknown): Value {
  switch (type) {
    case i32:
      return { type: "i32", bits: (value as number) >>> 0 };
    case i64:
      return { type: "i64", bits: BigInt.asUintN(64, value as bigint) };
    case f32:
      return { type: "f32", bits: f32ToBits(value as number) };
    case f64:
      return { type: "f64", bits: f64ToBits(value as number) };
    default:
      return fromReference(type, value);
  }
}

function fromReference(type: ValType, value: unknown): Value {
  if (value === null) return { type: "ref", kind: "null" };
  const isExtern = /^\(ref extern\)$|externref$/.test(type.name);
  if (value instanceof HostValue) return { type: "ref", kind: isExtern ? "extern" : "host", number: value.number };
  if (isExtern) return { type: "ref", kind: "extern" };
  if (value instanceof Func) return { type: "ref", kind: "func" };
  if (typeof value === "number") return { type: "ref", kind: "i31" };
  const kind = kindOfObject(value);
  if (kind === undefined) throw new Error(`a reference of type ${type.name} that is none`);
  return { type: "ref", kind };
}
