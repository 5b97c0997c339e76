// Atomic instructions (threads proposal), all of prefix 0xfe.
//
// Loads, stores and each read-modify-write operation come in the same seven widths, with opcodes in the same order, so
// their rows are made of a table of widths. What they do is a helper's: see `AtomicAccess`.
import { type AtomicAccess, type AtomicOperation, type InstructionRow, instructions } from "../row.ts";

const widths = [
  ["i32", "", 4],
  ["i64", "", 8],
  ["i32", "8", 1],
  ["i32", "16", 2],
  ["i64", "8", 1],
  ["i64", "16", 2],
  ["i64", "32", 4],
] as const;

type NamesInAllWidths<Stem extends string, End extends string, NarrowEnd extends string> =
  | `${"i32" | "i64"}.atomic.${Stem}${End}`
  | `i32.atomic.${Stem}${"8" | "16"}${NarrowEnd}`
  | `i64.atomic.${Stem}${"8" | "16" | "32"}${NarrowEnd}`;

type TypedRow = InstructionRow & { readonly type: string };

/** Rows named `i64.atomic.` and the stem, the bits if fewer than the type's, and the end. `T` in `type` is the operand type. */
function inAllWidths<const Stem extends string, const End extends string, const NarrowEnd extends string>(
  firstCode: number,
  [stem, end, narrowEnd]: readonly [Stem, End, NarrowEnd],
  type: string,
  operation: AtomicOperation,
): Readonly<Record<NamesInAllWidths<Stem, End, NarrowEnd>, TypedRow>> {
  const rows = widths.map(([operand, bits, bytes], i): readonly [string, TypedRow] => [
    `${operand}.atomic.${stem}${bits}${bits === "" ? end : narrowEnd}`,
    {
      code: [0xfe, firstCode + i],
      type: type.replace(/T/g, operand),
      access: { method: "atomic", bytes, operation, wraps: bytes < 8 },
    },
  ]);
  return Object.fromEntries(rows) as Record<NamesInAllWidths<Stem, End, NarrowEnd>, TypedRow>;
}

function waiting(operation: AtomicOperation, bytes: 4 | 8): AtomicAccess {
  return { method: "atomic", bytes, operation, wraps: false };
}

export const atomics = instructions(
  // Nothing may change places with an atomic access, not even another read: its place is what orders what agents see.
  { feature: "threads", immediates: "memarg", effect: ["readsMemory", "writesMemory", "traps"] },
  {
    "memory.atomic.notify": { code: [0xfe, 0x00], type: "at i32 -> i32", access: waiting("notify", 4) },
    "memory.atomic.wait32": { code: [0xfe, 0x01], type: "at i32 i64 -> i32", access: waiting("wait", 4) },
    "memory.atomic.wait64": { code: [0xfe, 0x02], type: "at i64 i64 -> i32", access: waiting("wait", 8) },
    "atomic.fence": { code: [0xfe, 0x03], immediates: "zero" },
    ...inAllWidths(0x10, ["load", "", "_u"], "at -> T", "load"),
    ...inAllWidths(0x17, ["store", "", ""], "at T ->", "store"),
    ...inAllWidths(0x1e, ["rmw", ".add", ".add_u"], "at T -> T", "add"),
    ...inAllWidths(0x25, ["rmw", ".sub", ".sub_u"], "at T -> T", "sub"),
    ...inAllWidths(0x2c, ["rmw", ".and", ".and_u"], "at T -> T", "and"),
    ...inAllWidths(0x33, ["rmw", ".or", ".or_u"], "at T -> T", "or"),
    ...inAllWidths(0x3a, ["rmw", ".xor", ".xor_u"], "at T -> T", "xor"),
    ...inAllWidths(0x41, ["rmw", ".xchg", ".xchg_u"], "at T -> T", "xchg"),
    ...inAllWidths(0x48, ["rmw", ".cmpxchg", ".cmpxchg_u"], "at T T -> T", "cmpxchg"),
  },
);
