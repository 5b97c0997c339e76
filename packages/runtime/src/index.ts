// The embedding API: stores, linking, instances and everything in them.
export { formatBacktrace } from "./backtrace.ts";
export { LinkError, UsageError } from "./errors.ts";
export { Func, type TypedFunc } from "./func.ts";
export { Global } from "./global.ts";
export { type Exports, type Extern, Instance } from "./instance.ts";
export type { HostDefinition, ImportObject, ImportResolver } from "./link.ts";
export { Caller, type InstancePre, Linker } from "./linker.ts";
export { Memory } from "./memory.ts";
export { f32FromBits, f32ToBits, f64FromBits, f64ToBits } from "./numerics/boundary.ts";
export { kindOfObject } from "./objects.ts";
export { type Layout, layouts, MemoryPointer, MemorySlice } from "./pointer.ts";
export type { SharedMemory } from "./shared-memory.ts";
export { Store } from "./strict-store.ts";
export { Table } from "./table.ts";
export { Tag, WasmException } from "./tag.ts";
export { type FrameInfo, Trap, type TrapCode } from "./trap.ts";
export {
  anyref,
  arrayref,
  eqref,
  externref,
  f32,
  f64,
  funcref,
  i31ref,
  i32,
  i64,
  type Return,
  structref,
  type Types,
  type ValType,
  type Values,
} from "./values.ts";
