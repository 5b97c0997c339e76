// The store's entities as generated code sees them: records whose fields it reads and writes directly.
//
// Generated functions are closed over these records. Whatever can change while code runs (a memory's view when it
// grows, a function's code when it is compiled) is one field of one record, so nothing ever has to be refreshed.
import type { DefinedType, FuncType, GlobalType, TableType } from "@anywasm/isa";
import { f32, f64, i64, isRefType, v128 } from "@anywasm/isa";
import type { Store } from "./store.ts";

/** Generated code in the internal calling convention: see docs/architecture.md, "Calling convention". */
// biome-ignore lint/suspicious/noExplicitAny: words of any type; generated code is typed by WebAssembly's validation
export type Code = (...words: any[]) => any;

function nothing(): undefined {}

export class FuncRecord {
  /** Canonical: equal types are the same object. */
  declare readonly type: DefinedType<FuncType>;
  /** Called by generated code. Replaced when the function is compiled. Declared only: see `MemoryRecord.view`. */
  declare code: Code;
  /**
   * The code of the first tier, by which code of that tier calls the function. Never replaced: engines compile callers for the
   * function that they have seen called, and again when it is another one. It goes on in `code` once that is better.
   */
  declare first: Code;
  /** As `code`, but may return a `TailCall`; only functions that make tail calls have one. */
  body: Code | undefined = undefined;
  /** Whether `code` will not be replaced any more. */
  isFinal = true;
  /** Compiles the function, if that has not been done. */
  prepare: (() => void) | undefined = undefined;
  /** Calls until code that counts asks for better code. */
  calls = 0;
  /** Turns of loops until it does. */
  turns = 0;
  /** Replaces `code` by better code; `depth` says how many callers are waiting for that. */
  promoteFrom: (depth: number) => void = nothing;
  /** As `promoteFrom(0)`; gives code that goes on from the start of the loop of that label, given all locals, if it can. */
  resumeAt: (label: number) => Code | undefined = nothing;
  /** By number of a `br_table`: how often each position was taken, in code that counts that. */
  profile: Int32Array[] | undefined = undefined;
  /** Makes the JavaScript function by which the host enters it, where that is made for it alone. */
  entry: ((store: Store) => Code) | undefined = undefined;
  /** In the instance that defines the function, or that a host function was made for. */
  index = 0;
  /** The embedder's handle, once there is one: its identity is the function's. */
  handle: object | undefined = undefined;

  constructor(type: DefinedType<FuncType>, code: Code) {
    this.type = type;
    this.code = code;
    this.first = code;
  }

  /** Whether `code` is better than `first` by now: what `first` asks when it has been called often, and from then on always. */
  isReplaced(): boolean {
    if (this.code === this.first) this.promoteFrom(0);
    if (this.code === this.first) return false;
    this.calls = 0;
    return true;
  }
}

/** What a value of reference type is in generated code: a function's record, a host value, what objects.ts has, or null. */
export type Reference = unknown;

export class TableRecord {
  readonly type: TableType;
  declare readonly elements: Reference[];
  readonly max: number;
  handle: object | undefined = undefined;

  constructor(type: TableType, elements: Reference[], max: number) {
    this.type = type;
    this.elements = elements;
    this.max = max;
  }
}

/** A global of one word. */
export class GlobalRecord {
  readonly type: GlobalType;
  // biome-ignore lint/suspicious/noExplicitAny: a number or a reference, as `type` says
  declare value: any;
  /** The high word of an i64; otherwise unused. */
  declare high: number;
  handle: object | undefined = undefined;

  // biome-ignore lint/suspicious/noExplicitAny: as the field
  constructor(type: GlobalType, value: any, high: number) {
    this.type = type;
    this.value = value;
    this.high = high;
  }
}

// One class a kind of value, so that engines keep each field in its own representation.
class Int64GlobalRecord extends GlobalRecord {}
class FloatGlobalRecord extends GlobalRecord {}
/** `value` is an Int32Array of four words, which changes in place. */
class VectorGlobalRecord extends GlobalRecord {}
class ReferenceGlobalRecord extends GlobalRecord {}

export function createGlobal(type: GlobalType, value: unknown, high: number): GlobalRecord {
  // A vector of its own: another global may have been the initial value.
  if (type.value === v128) return new VectorGlobalRecord(type, Int32Array.from(value as Int32Array), 0);
  if (type.value === i64) return new Int64GlobalRecord(type, value, high);
  if (type.value === f32 || type.value === f64) return new FloatGlobalRecord(type, value, high);
  if (!isRefType(type.value)) return new GlobalRecord(type, value, high);
  return new ReferenceGlobalRecord(type, value, high);
}

/** A data segment: emptied when dropped. */
export interface DataRecord {
  bytes: Uint8Array;
}

/** An element segment: emptied when dropped. */
export interface ElementRecord {
  elements: readonly Reference[];
}

/** An exception tag: its identity is the tag's. */
export class TagRecord {
  /** Without results. */
  readonly type: FuncType;
  handle: object | undefined = undefined;

  constructor(type: FuncType) {
    this.type = type;
  }
}
