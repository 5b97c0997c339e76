// Memory instructions (core spec, §5.4.7).
import { instructions } from "../row.ts";

export const loads = instructions(
  { immediates: "memarg", effect: ["readsMemory", "traps"] },
  {
    "i32.load": { code: 0x28, type: "at -> i32", access: { method: "getInt32", bytes: 4 } },
    "i64.load": { code: 0x29, type: "at -> i64", access: { method: "getInt64", bytes: 8 } },
    "f32.load": { code: 0x2a, type: "at -> f32", access: { method: "getFloat32", bytes: 4 } },
    "f64.load": { code: 0x2b, type: "at -> f64", access: { method: "getFloat64", bytes: 8 } },
    "i32.load8_s": { code: 0x2c, type: "at -> i32", access: { method: "getInt8", bytes: 1 } },
    "i32.load8_u": { code: 0x2d, type: "at -> i32", access: { method: "getUint8", bytes: 1 } },
    "i32.load16_s": { code: 0x2e, type: "at -> i32", access: { method: "getInt16", bytes: 2 } },
    "i32.load16_u": { code: 0x2f, type: "at -> i32", access: { method: "getUint16", bytes: 2 } },
    "i64.load8_s": { code: 0x30, type: "at -> i64", access: { method: "getInt8", bytes: 1, hi: "lo >> 31" } },
    "i64.load8_u": { code: 0x31, type: "at -> i64", access: { method: "getUint8", bytes: 1, hi: "0" } },
    "i64.load16_s": { code: 0x32, type: "at -> i64", access: { method: "getInt16", bytes: 2, hi: "lo >> 31" } },
    "i64.load16_u": { code: 0x33, type: "at -> i64", access: { method: "getUint16", bytes: 2, hi: "0" } },
    "i64.load32_s": { code: 0x34, type: "at -> i64", access: { method: "getInt32", bytes: 4, hi: "lo >> 31" } },
    "i64.load32_u": { code: 0x35, type: "at -> i64", access: { method: "getInt32", bytes: 4, hi: "0" } },
  },
);

export const stores = instructions(
  { immediates: "memarg", effect: ["writesMemory", "traps"] },
  {
    "i32.store": { code: 0x36, type: "at i32 ->", access: { method: "setInt32", bytes: 4 } },
    "i64.store": { code: 0x37, type: "at i64 ->", access: { method: "setInt64", bytes: 8 } },
    "f32.store": { code: 0x38, type: "at f32 ->", access: { method: "setFloat32", bytes: 4 } },
    "f64.store": { code: 0x39, type: "at f64 ->", access: { method: "setFloat64", bytes: 8 } },
    "i32.store8": { code: 0x3a, type: "at i32 ->", access: { method: "setInt8", bytes: 1 } },
    "i32.store16": { code: 0x3b, type: "at i32 ->", access: { method: "setInt16", bytes: 2 } },
    "i64.store8": { code: 0x3c, type: "at i64 ->", access: { method: "setInt8", bytes: 1 } },
    "i64.store16": { code: 0x3d, type: "at i64 ->", access: { method: "setInt16", bytes: 2 } },
    "i64.store32": { code: 0x3e, type: "at i64 ->", access: { method: "setInt32", bytes: 4 } },
  },
);

export const memory = instructions(
  { feature: "bulk-memory" },
  {
    "memory.size": { code: 0x3f, immediates: "memory", effect: "readsMemory", feature: "mvp" },
    "memory.grow": { code: 0x40, immediates: "memory", effect: ["readsMemory", "writesMemory"], feature: "mvp" },
    "memory.init": { code: [0xfc, 8], immediates: "data_memory", effect: ["writesMemory", "traps"] },
    "data.drop": { code: [0xfc, 9], immediates: "data", effect: "writesMemory" },
    "memory.copy": {
      code: [0xfc, 10],
      immediates: "memory_memory",
      effect: ["readsMemory", "writesMemory", "traps"],
    },
    "memory.fill": { code: [0xfc, 11], immediates: "memory", effect: ["writesMemory", "traps"] },
  },
);
