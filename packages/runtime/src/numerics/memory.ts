// Float accesses for values whose NaN bits may be looked at: getFloat32 and setFloat32 quiet a signalling NaN, and so
// does setFloat64 in V8's middle tier (see convert.ts). getFloat64 gives the bits as they are in all of V8's tiers.
import { f32_reinterpret_i32, i32_reinterpret_f32, i64_reinterpret_f64 } from "./convert.ts";
import { high } from "./high.ts";

export function f32_load(view: DataView, address: number): number {
  const value = view.getFloat32(address, true);
  if (value === value) return value;
  return f32_reinterpret_i32(view.getInt32(address, true));
}

export function f32_store(view: DataView, address: number, value: number): void {
  if (value === value) view.setFloat32(address, value, true);
  else view.setInt32(address, i32_reinterpret_f32(value), true);
}

export function f64_store(view: DataView, address: number, value: number): void {
  if (value === value) view.setFloat64(address, value, true);
  else storeNaN(view, address, value);
}

function storeNaN(view: DataView, address: number, value: number): void {
  // A trap leaves memory as it was: this throws unless all eight bytes are there.
  view.getFloat64(address, true);
  view.setInt32(address, i64_reinterpret_f64(value), true);
  view.setInt32(address + 4, high[0] as number, true);
}
