// Value types as values: what embedders write in signatures, and how values cross between host and guest.
import {
  anyref as anyrefType,
  arrayref as arrayrefType,
  eqref as eqrefType,
  externref as externrefType,
  f32 as f32Type,
  f64 as f64Type,
  formatValType,
  funcref as funcrefType,
  i31ref as i31refType,
  i32 as i32Type,
  i64 as i64Type,
  structref as structrefType,
  type ValType as TypeCode,
} from "@anywasm/isa";
import type { Func } from "./func.ts";

declare const hostValue: unique symbol;

/** A value type that knows the JavaScript type of its values. */
export interface ValType<T = unknown> {
  /** As in the text format. */
  readonly name: string;
  /** @internal */
  readonly code: TypeCode;
  /** Never present at run time: carries `T` for inference. */
  readonly [hostValue]?: T;
}

function define<T>(code: TypeCode): ValType<T> {
  return Object.freeze({ name: formatValType(code), code });
}

/** 32-bit integer: a number, signed when it comes from the guest. */
export const i32 = define<number>(i32Type);
/** 64-bit integer: a bigint, signed when it comes from the guest. */
export const i64 = define<bigint>(i64Type);
/** Single-precision float: a number. */
export const f32 = define<number>(f32Type);
/** Double-precision float: a number. */
export const f64 = define<number>(f64Type);
/** Reference to a function, or null. */
export const funcref = define<Func | null>(funcrefType);
/** Any host value. */
export const externref = define<unknown>(externrefType);

/** Reference to anything but functions and host values as such: a number of 31 bits is one, any other host value is wrapped. */
export const anyref = define<unknown>(anyrefType);
/** Reference that can be compared: an i31, a structure or an array. */
export const eqref = define<number | object | null>(eqrefType);
/** An integer of 31 bits, or null. */
export const i31ref = define<number | null>(i31refType);
/** An opaque object, or null. */
export const structref = define<object | null>(structrefType);
/** An opaque object, or null. */
export const arrayref = define<object | null>(arrayrefType);

export type Types = readonly ValType[];

/** The JavaScript types of a list of value types. */
export type Values<T extends Types> = { readonly [K in keyof T]: T[K] extends ValType<infer V> ? V : never };

/** What a function with results `R` returns: nothing, one value, or a tuple. */
export type Return<R extends Types> = R extends readonly []
  ? void
  : R extends readonly [ValType<infer V>]
    ? V
    : Values<R>;

const byCode: ReadonlyMap<TypeCode, ValType> = new Map(
  [i32, i64, f32, f64, funcref, externref, anyref, eqref, i31ref, structref, arrayref].map((type) => [
    type.code,
    type as ValType,
  ]),
);

/** The public face of a type of the module. */
export function valTypeOf(code: TypeCode): ValType {
  return byCode.get(code) ?? define(code);
}
