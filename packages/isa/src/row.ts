// The shape of one row of the instruction table, and what a row means. Knows no instruction by name.
import type { Feature } from "./features.ts";
import { abstractHeapTypes, bottom, f32, f64, i32, i64, parseValType, refType, type ValType } from "./types.ts";

/** What follows the opcode in the binary format (core spec, §5.4). */
export type ImmediateKind =
  | "none"
  | "block_type"
  | "label"
  | "labels"
  | "tag"
  /** A block type, and the clauses of `try_table`. */
  | "catches"
  | "function"
  | "indirect"
  | "local"
  | "global"
  | "table"
  | "memarg"
  | "memory"
  | "memory_memory"
  | "data_memory"
  | "data"
  | "elem_table"
  | "elem"
  | "table_table"
  | "value_types"
  | "heap_type"
  | "type"
  | "type_field"
  | "type_count"
  | "type_type"
  | "type_data"
  | "type_elem"
  | "cast"
  | "i32"
  | "i64"
  | "f32"
  | "f64"
  /** A reserved byte. */
  | "zero"
  /** Sixteen bytes. */
  | "v128"
  /** The number of a lane; those of sixteen, out of two vectors. */
  | "lane"
  | "lanes"
  | "memarg_lane";

/**
 * What evaluating an instruction does besides giving its result, as a bit set. Two computations may change
 * places only if `effectsConflict` says no.
 */
export const Effect = {
  none: 0,
  traps: 1 << 0,
  readsMemory: 1 << 1,
  writesMemory: 1 << 2,
  readsGlobal: 1 << 3,
  writesGlobal: 1 << 4,
  readsTable: 1 << 5,
  writesTable: 1 << 6,
  /** Leaves the function other than by falling through: branches, returns, traps for certain. */
  control: 1 << 7,
  /** Fields of structures, elements of arrays. */
  readsObjects: 1 << 9,
  writesObjects: 1 << 10,
  /** Anything a function may do. */
  calls: (1 << 8) | 0x7f | (3 << 9),
} as const;

export type Effects = number;

/** What nobody notices. */
export const READS: Effects = Effect.readsMemory | Effect.readsGlobal | Effect.readsTable | Effect.readsObjects;
/** What changes the state that others read. */
export const WRITES: Effects = Effect.writesMemory | Effect.writesGlobal | Effect.writesTable | Effect.writesObjects;

/**
 * Whether the order of two computations can be observed. Reads commute; a write does not commute with a read or
 * write of the same kind of state; a trap commutes with neither a write nor another trap, since both the state left
 * behind and which trap came first can be seen.
 */
export function effectsConflict(first: Effects, second: Effects): boolean {
  // A write bit sits one above the read bit of the same state.
  const firstWrites = first & WRITES;
  const secondWrites = second & WRITES;
  if ((firstWrites & (secondWrites | ((second & READS) << 1))) !== 0) return true;
  if ((secondWrites & ((first & READS) << 1)) !== 0) return true;
  const firstTraps = (first & (Effect.traps | Effect.control)) !== 0;
  const secondTraps = (second & (Effect.traps | Effect.control)) !== 0;
  return (firstTraps && (secondTraps || secondWrites !== 0)) || (secondTraps && firstWrites !== 0);
}

type EffectName = Exclude<keyof typeof Effect, "none">;

/**
 * JavaScript for an instruction. `a`, `b`, `c` are the operands' (low) words, `A`, `B`, `C` the high words of 64-bit
 * ones; other names are helpers. A 64-bit result is a pair; its high word may name `lo`, the low word just made.
 */
export type JsTemplate = string | readonly [lo: string, hi: string];

/** What a shift or rotation of 64 bits does; its second operand is the count, modulo 64. */
export type ShiftKind = "shl" | "shr_s" | "shr_u" | "rotl" | "rotr";

/** A DataView access. `hi` is the template of the high word where a narrow load is widened to 64 bits. */
export interface MemoryAccess {
  readonly method:
    | "getInt8"
    | "getUint8"
    | "getInt16"
    | "getUint16"
    | "getInt32"
    | "getFloat32"
    | "getFloat64"
    | "setInt8"
    | "setInt16"
    | "setInt32"
    | "setFloat32"
    | "setFloat64"
    /** Two 32-bit accesses. */
    | "getInt64"
    | "setInt64"
    /** What the name says, made of other accesses. */
    | "getVector"
    | "setVector";
  readonly bytes: 1 | 2 | 4 | 8 | 16;
  readonly hi?: string;
}

/** What is done to the cell of an atomic access. */
export type AtomicOperation =
  | ("load" | "store" | "add" | "sub" | "and" | "or" | "xor" | "xchg" | "cmpxchg")
  /** Of a cell that other agents change. */
  | ("wait" | "notify");

/** Atomic accesses call helpers: one for cells of 64 bits, one for smaller ones, which is told how many bytes there are. */
export type AtomicHelperName = `atomic_${AtomicOperation}` | `atomic64_${Exclude<AtomicOperation, "notify">}`;

/** An atomic access, at an address that must be a multiple of `bytes`. */
export interface AtomicAccess {
  readonly method: "atomic";
  readonly operation: AtomicOperation;
  readonly bytes: 1 | 2 | 4 | 8;
  /** Of 64-bit operands only the low words matter, and the high word of a 64-bit result is zero. */
  readonly wraps: boolean;
  readonly hi?: undefined;
}

/** One row, as written in the table. */
export interface InstructionRow {
  /** One byte, or a prefix byte and a sub-opcode, which the binary format writes as LEB128. */
  readonly code: number | readonly [prefix: number, code: number];
  /** Operands and results where they are the same everywhere: `"i32 i32 -> i32"`. Other instructions have a rule in the validator. */
  readonly type?: string;
  readonly immediates?: ImmediateKind;
  readonly effect?: EffectName | readonly EffectName[];
  readonly feature?: Feature;
  readonly js?: JsTemplate;
  /** Cheaper JavaScript, right whenever nobody can see the bits of a NaN result. */
  readonly jsIgnoringNaNBits?: string;
  readonly access?: MemoryAccess | AtomicAccess;
  /** A 64-bit shift: cheap where the count is a constant. */
  readonly shift?: ShiftKind;
  /**
   * JavaScript on BigInts, for engines that compile them to machine words. 64-bit operands and results are BigInts from 0
   * to 2^64-1, others as in `js`. Without it, words are computed as in `js`.
   */
  readonly jsBigInt?: string;
  /** The operands' NaN bits cannot be seen through the result: arithmetic, comparison, conversion. */
  readonly arithmetic?: true;
  /** The result may be a NaN with any bits: those of an operand, or whatever an integer says. */
  readonly movesBits?: true;
}

/** One row, expanded: what every stage reads. */
export interface Instruction {
  readonly name: string;
  /** Dense number of the opcode; see `denseOpcode`. */
  readonly opcode: number;
  readonly code: number | readonly [prefix: number, code: number];
  /** `undefined` where operands and results depend on immediates or context. */
  readonly signature: { readonly params: readonly ValType[]; readonly results: readonly ValType[] } | undefined;
  readonly immediates: ImmediateKind;
  readonly effects: Effects;
  readonly feature: Feature;
  readonly js: JsTemplate | undefined;
  readonly jsIgnoringNaNBits: string | undefined;
  readonly access: MemoryAccess | AtomicAccess | undefined;
  readonly shift: ShiftKind | undefined;
  readonly jsBigInt: string | undefined;
  readonly arithmetic: boolean;
  readonly movesBits: boolean;
}

/** In a row's type, the address type of the memory or table that the instruction names. */
export const addressType = 1 as ValType;

/** Of instructions that only the builder of functions makes. No byte, so no module can have it. */
export const internalPrefix = 0x100;

const prefixBase: ReadonlyMap<number, number> = new Map([
  [0xfb, 0x100],
  [0xfc, 0x200],
  [0xfd, 0x300],
  [0xfe, 0x500],
  [internalPrefix, 0x600],
]);

/** One more than the largest dense opcode. */
export const denseOpcodeCount = 0x700;

/** Maps (prefix, sub-opcode) to one small integer for table look-ups; -1 where no proposal could have such an opcode. */
export function denseOpcode(prefix: number, code: number): number {
  const base = prefixBase.get(prefix);
  const size = prefix === 0xfd ? 0x200 : 0x100;
  return base === undefined || code >= size ? -1 : base + code;
}

export function expandRow(name: string, row: InstructionRow, defaults: Partial<InstructionRow>): Instruction {
  const effect = row.effect ?? defaults.effect ?? [];
  const effects = (Array.isArray(effect) ? (effect as readonly EffectName[]) : [effect as EffectName]).reduce(
    (bits, each) => bits | Effect[each],
    Effect.none as Effects,
  );
  return {
    name,
    opcode: typeof row.code === "number" ? row.code : denseOpcode(row.code[0], row.code[1]),
    code: row.code,
    signature: row.type === undefined ? undefined : parseSignature(row.type),
    immediates: row.immediates ?? defaults.immediates ?? "none",
    effects,
    feature: row.feature ?? defaults.feature ?? "mvp",
    js: row.js,
    jsIgnoringNaNBits: row.jsIgnoringNaNBits,
    access: row.access,
    shift: row.shift,
    jsBigInt: row.jsBigInt,
    arithmetic: row.arithmetic ?? defaults.arithmetic ?? false,
    movesBits: row.movesBits ?? false,
  };
}

function parseSignature(text: string): { params: readonly ValType[]; results: readonly ValType[] } {
  const [params = "", results = ""] = text.split("->");
  return { params: parseTypes(params), results: parseTypes(results) };
}

const refi31 = refType(abstractHeapTypes.i31, false);
const shortTypes: Readonly<Record<string, ValType>> = { i32, i64, f32, f64, at: addressType, refi31 };

function parseTypes(text: string): readonly ValType[] {
  return text
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => shortTypes[word] ?? parseValType(word) ?? bottom);
}

/** How many lanes an instruction's lane index chooses from. */
export function laneCount({ name, immediates, access }: Instruction): number {
  if (immediates === "lanes") return 32;
  return access === undefined ? Number(/x(\d+)/.exec(name)?.[1]) : 16 / access.bytes;
}

/** Checks rows against `InstructionRow` while keeping their literal names. */
export function instructions<const Rows extends Readonly<Record<string, InstructionRow>>>(
  defaults: Partial<InstructionRow>,
  rows: Rows,
): { readonly defaults: Partial<InstructionRow>; readonly rows: Rows } {
  return { defaults, rows };
}
