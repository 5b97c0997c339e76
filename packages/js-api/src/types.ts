// Names of types in descriptors (JS API, enums ValueType, TableKind, ImportExportKind).
import { type ExternKind, externref, f32, f64, funcref, i32, i64, type Limits, type ValType } from "@anywasm/isa";
import { describe, toUnsignedLong } from "./webidl.ts";

export type ValueTypeName = "i32" | "i64" | "f32" | "f64" | "externref" | "anyfunc";

const valueTypes: ReadonlyMap<string, ValType> = new Map([
  ["i32", i32],
  ["i64", i64],
  ["f32", f32],
  ["f64", f64],
  ["externref", externref],
  ["anyfunc", funcref],
]);

/** @throws TypeError for anything that is no name of a value type. */
export function toValueType(value: unknown, context: string, role: string): ValType {
  const name = String(value);
  const type = valueTypes.get(name);
  if (type === undefined)
    throw new TypeError(`${context}: ${role} must be ${oneOf(valueTypes)}, got ${describe(value)}`);
  return type;
}

/** @throws TypeError for anything that is no name of a reference type. */
export function toTableKind(value: unknown, context: string): ValType {
  const name = String(value);
  if (name === "anyfunc") return funcref;
  if (name === "externref") return externref;
  throw new TypeError(`${context}: property 'element' must be "anyfunc" or "externref", got ${describe(value)}`);
}

function oneOf(names: ReadonlyMap<string, unknown>): string {
  return `one of ${[...names.keys()].map((name) => JSON.stringify(name)).join(", ")}`;
}

const kinds = { func: "function", table: "table", memory: "memory", global: "global" } as const;

export type ImportExportKind = (typeof kinds)[ExternKind];

export function kindName(kind: ExternKind): ImportExportKind {
  return kinds[kind];
}

/**
 * `initial` and `maximum` of a memory's or table's descriptor, read in Web IDL's order.
 * @throws TypeError for what is no size, RangeError for a maximum below the initial size.
 */
export function toLimits(descriptor: Readonly<Record<string, unknown>>, context: string, unit: string): Limits {
  const min = toLimit(descriptor["initial"], "initial", context);
  const max = toLimit(descriptor["maximum"], "maximum", context);
  if (min === undefined) throw new TypeError(`${context}: property 'initial' is required`);
  if (max !== undefined && max < min)
    throw new RangeError(`${context}: property 'maximum' (${max} ${unit}) is below 'initial' (${min} ${unit})`);
  return { min, max };
}

function toLimit(value: unknown, name: string, context: string): number | undefined {
  return value === undefined ? undefined : toUnsignedLong(value, context, `property '${name}'`);
}

/** Until memories and tables can have 64-bit addresses. */
export function checkAddressType(value: unknown, context: string): void {
  if (value === undefined || String(value) === "i32") return;
  if (String(value) === "i64")
    throw new TypeError(
      `${context}: property 'address': 64-bit addresses need the feature "memory64", which is not implemented`,
    );
  throw new TypeError(`${context}: property 'address' must be "i32" or "i64", got ${describe(value)}`);
}
