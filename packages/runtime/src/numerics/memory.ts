// Float accesses for values whose NaN bits may be looked at: getFloat32 and setFloat32 quiet a signalling NaN.
import { f32_reinterpret_i32, i32_reinterpret_f32 } from "./convert.ts";

export function f32_load(view: DataView, address: number): number {
  const value = view.getFloat32(address, true);
  if (value === value) return value;
  return f32_reinterpret_i32(view.getInt32(address, true));
}

export function f32_store(view: DataView, address: number, value: number): void {
  if (value === value) view.setFloat32(address, value, true);
  else view.setInt32(address, i32_reinterpret_f32(value), true);
}
