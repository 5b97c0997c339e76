// Names of types in descriptors (JS API, enums ValueType, TableKind, ImportExportKind).
import {
  type AddressType,
  type ExternKind,
  externref,
  f32,
  f64,
  funcref,
  i32,
  i64,
  type Limits,
  type ValType,
  v128,
} from "@anywasm/isa";
import { describe, toUnsignedLong, toUnsignedLongLong } from "./webidl.ts";

export type ValueTypeName = "i32" | "i64" | "f32" | "f64" | "v128" | "externref" | "anyfunc";

const valueTypes: ReadonlyMap<string, ValType> = new Map([
  ["i32", i32],
  ["i64", i64],
  ["f32", f32],
  ["f64", f64],
  ["v128", v128],
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

const kinds = { func: "function", table: "table", memory: "memory", global: "global", tag: "tag" } as const;

export type ImportExportKind = (typeof kinds)[ExternKind];

export function kindName(kind: ExternKind): ImportExportKind {
  return kinds[kind];
}

/** @throws TypeError for anything but the name of a type of addresses; "i32" stands for none. */
export function toAddressType(value: unknown, context: string): AddressType {
  if (value === undefined) return "i32";
  const name = String(value);
  if (name === "i32" || name === "i64") return name;
  throw new TypeError(`${context}: property 'address' must be "i32" or "i64", got ${describe(value)}`);
}

/**
 * JS API, "AddressValueToU64": a number for 32-bit addresses, a bigint for 64-bit ones. Comes as a bigint only where a number
 * would not be exact.
 * @throws TypeError for what is no address.
 */
export function fromAddressValue(
  type: AddressType | undefined,
  value: unknown,
  context: string,
  role: string,
): number | bigint {
  if (type !== "i64") return toUnsignedLong(value, context, role);
  const wide = toUnsignedLongLong(value, context, role);
  return wide <= Number.MAX_SAFE_INTEGER ? Number(wide) : wide;
}

/** JS API, "U64ToAddressValue". */
export function toAddressValue(type: AddressType | undefined, value: number): number | bigint {
  return type === "i64" ? BigInt(value) : value;
}

/**
 * `initial` and `maximum` of a memory's or table's descriptor, read in Web IDL's order.
 * @throws TypeError for what is no size, RangeError for a maximum below the initial size.
 */
export function toLimits(
  descriptor: Readonly<Record<string, unknown>>,
  address: AddressType,
  context: string,
  unit: string,
): Limits {
  const min = toLimit(descriptor["initial"], "initial", address, context);
  const max = toLimit(descriptor["maximum"], "maximum", address, context);
  if (min === undefined) throw new TypeError(`${context}: property 'initial' is required`);
  if (max !== undefined && max < min)
    throw new RangeError(`${context}: property 'maximum' (${max} ${unit}) is below 'initial' (${min} ${unit})`);
  return { min, max };
}

function toLimit(value: unknown, name: string, address: AddressType, context: string): number | bigint | undefined {
  return value === undefined ? undefined : fromAddressValue(address, value, context, `property '${name}'`);
}
