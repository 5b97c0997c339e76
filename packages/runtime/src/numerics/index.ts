// Helpers of numeric instructions by name: `i32.div_s` is `i32_div_s`. A row of the instruction table without inline
// JavaScript and without a helper here is a type error.
import type { InstructionHelperName } from "@anywasm/isa";
import * as convert from "./convert.ts";
import * as float from "./float.ts";
import * as i32 from "./i32.ts";
import * as i64 from "./i64.ts";
import * as wide from "./wide.ts";

export * from "./convert.ts";
export * from "./float.ts";
export * from "./i32.ts";
export * from "./i64.ts";
export * from "./wide.ts";

export const numerics = { ...i32, ...i64, ...float, ...convert, ...wide } satisfies Record<
  InstructionHelperName,
  unknown
>;

export type NumericHelperName = keyof typeof numerics;
