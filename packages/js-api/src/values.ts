// ToWebAssemblyValue, ToJSValue and exported functions (JS API, §5.6 "Exported Functions", §5.8).
import {
  type DefinedTypes,
  externref,
  f32,
  f64,
  formatValType,
  funcref,
  i32,
  i64,
  isExternType,
  isNullable,
  isRefType,
  type ValType,
} from "@anywasm/isa";
import {
  bigIntToI64,
  type Embedding,
  type ExceptionRecord,
  entryPoint,
  type FuncRecord,
  referenceFromHost,
  type Store,
} from "@anywasm/runtime/embed";
import { type ErrorConstructors, errorOf } from "./errors.ts";
import { describe, type IdentitySlot, type Slot, toSequence } from "./webidl.ts";

export function createEmbedding(
  store: Store,
  functions: Slot<FuncRecord>,
  exceptions: IdentitySlot<ExceptionRecord>,
  errors: ErrorConstructors,
): Embedding {
  return {
    coerces: true,
    toWord: (type, value) => toWord(type, value, functions, store.engine.types.types),
    fromFunction: (record) => record.handle ?? createExportedFunction(store, record, functions),
    toList: (result, count) => {
      const values = toSequence(result, "WebAssembly", `the result of a function with ${count} results`);
      if (values.length === count) return values;
      throw new TypeError(`WebAssembly: a function with ${count} results gave ${values.length}`);
    },
    fromError: (error) => errorOf(errors, error, "WebAssembly"),
    fromException: (record) => exceptions.objectOf(record),
    toException: (error) => exceptions.find(error),
  };
}

/** JS API, "ToWebAssemblyValue". Conversions are those of JavaScript's operators, with their errors. */
function toWord(type: ValType, value: unknown, functions: Slot<FuncRecord>, types: DefinedTypes): unknown {
  switch (type) {
    case i32:
      return +(value as number) | 0;
    case i64:
      return bigIntToI64(value as bigint);
    case f32: {
      const number = typeof value === "number" ? value : +(value as number);
      // Rounding would quiet a NaN, and there is nothing to round.
      if (number === number) return Math.fround(number);
      return number;
    }
    case f64:
      return typeof value === "number" ? value : +(value as number);
    case externref:
      return value;
    default:
      return toReference(type, value, functions, types);
  }
}

function toReference(type: ValType, value: unknown, functions: Slot<FuncRecord>, types: DefinedTypes): unknown {
  if (!isRefType(type))
    throw new TypeError(`WebAssembly: a value of type ${formatValType(type)} cannot come from JavaScript`);
  if (isExternType(type)) {
    if (value !== null || isNullable(type)) return value;
    throw new TypeError(`WebAssembly: a value of type ${formatValType(type)} must not be null`);
  }
  const reference = referenceFromHost(type, value, (each) => functions.find(each), types);
  if (reference !== undefined) return reference;
  if (type === funcref)
    throw new TypeError(
      `WebAssembly: a funcref must be null or a function exported from WebAssembly, got ${describe(value)}; ` +
        "export JavaScript functions from a module that imports them",
    );
  throw new TypeError(`WebAssembly: expected a value of type ${formatValType(type)}, got ${describe(value)}`);
}

/** JS API, "create a new Exported Function": the one JavaScript function of a function of the store. */
function createExportedFunction(store: Store, record: FuncRecord, functions: Slot<FuncRecord>): object {
  const call = entryPoint(store, record);
  Object.defineProperty(call, "name", { value: String(record.index), configurable: true });
  Object.defineProperty(call, "length", { value: record.type.params.length, configurable: true });
  if (functions.prototype !== undefined) Object.setPrototypeOf(call, functions.prototype);
  functions.set(call, record);
  record.handle = call;
  return call;
}
