// Reads types (core spec, §5.3). Checks form and indices; knows nothing of instructions.
import {
  type AddressType,
  abstractHeapTypes,
  exnref,
  externref,
  type Feature,
  type FeatureSet,
  type FuncType,
  f32,
  f64,
  funcref,
  type GlobalType,
  type HeapType,
  i32,
  i64,
  implementationLimits,
  isRefType,
  type Limits,
  type MemoryType,
  type RecGroup,
  refType,
  type TableType,
  type ValType,
  v128,
} from "@anywasm/isa";
import { featureDisabled, invalid, limitExceeded, malformed } from "./messages.ts";
import type { Reader } from "./reader.ts";

const valTypes: ReadonlyMap<number, ValType> = new Map([
  [0x7f, i32],
  [0x7e, i64],
  [0x7d, f32],
  [0x7c, f64],
  [0x7b, v128],
  [0x70, funcref],
  [0x6f, externref],
  [0x69, exnref],
  [0x74, refType(abstractHeapTypes.noexn, true)],
]);

/** First bytes of types that belong to features without an implementation. */
const typesOfFeatures: ReadonlyMap<number, Feature> = new Map([
  [0x7b, "simd"],
  [0x73, "gc"],
  [0x72, "gc"],
  [0x71, "gc"],
  [0x6e, "gc"],
  [0x6d, "gc"],
  [0x6c, "gc"],
  [0x6b, "gc"],
  [0x6a, "gc"],
  [0x68, "stack-switching"],
  [0x64, "function-references"],
  [0x63, "function-references"],
  [0x62, "custom-descriptors"],
]);

export function readValType(reader: Reader): ValType {
  const offset = reader.position;
  const byte = reader.byte();
  return valTypeOf(byte, reader.features) ?? readExplicitRefType(reader, byte, "malformed value type", offset);
}

/** What is written `(ref ht)` or `(ref null ht)` (core spec, §5.3.4): so far only for exceptions. */
function readExplicitRefType(reader: Reader, byte: number, reason: string, offset: number): ValType {
  if (byte === 0x63 || byte === 0x64) {
    const heap = reader.s33();
    if (isExceptionHeap(heap)) return refType(heap, byte === 0x63);
  }
  return failType(byte, reason, offset);
}

function isExceptionHeap(heap: number): heap is HeapType {
  return heap === abstractHeapTypes.exn || heap === abstractHeapTypes.noexn;
}

function valTypeOf(byte: number, features: FeatureSet): ValType | undefined {
  const type = valTypes.get(byte);
  return type === v128 && !features.has("simd") ? undefined : type;
}

export function readRefType(reader: Reader): ValType {
  const offset = reader.position;
  const byte = reader.byte();
  const type = valTypes.get(byte);
  if (type === undefined) return readExplicitRefType(reader, byte, "malformed reference type", offset);
  if (!isRefType(type)) throw malformed("malformed reference type", offset);
  return type;
}

/** The value type that a (negative) block type names, or begins. */
export function valTypeOfBlockType(reader: Reader, code: number, offset: number): ValType {
  const byte = code & 0x7f;
  return valTypeOf(byte, reader.features) ?? readExplicitRefType(reader, byte, "malformed block type", offset);
}

export function readHeapType(reader: Reader): HeapType {
  const offset = reader.position;
  const code = reader.s33();
  if (code === abstractHeapTypes.func || code === abstractHeapTypes.extern) return code as HeapType;
  if (isExceptionHeap(code)) return code;
  if (code >= 0) throw featureDisabled("function-references", "a concrete heap type", offset);
  return failType(code & 0x7f, "malformed heap type", offset);
}

function failType(byte: number, reason: string, offset: number): never {
  const feature = typesOfFeatures.get(byte);
  if (feature !== undefined) throw featureDisabled(feature, `type 0x${byte.toString(16)}`, offset);
  throw malformed(reason, offset);
}

/** One entry of the type section: a recursive group, or a single definition that stands for one. */
export function readRecGroup(reader: Reader, start: number, features: FeatureSet): RecGroup {
  const offset = reader.position;
  const form = reader.byte();
  if (form === 0x60) {
    return { start, types: [{ final: true, supertypes: [], composite: readFuncType(reader, features) }] };
  }
  if (form === 0x4e || form === 0x4f || form === 0x50 || form === 0x5e || form === 0x5f)
    throw featureDisabled("gc", `type definition 0x${form.toString(16)}`, offset);
  if (form === 0x5d) throw featureDisabled("stack-switching", "a continuation type", offset);
  throw malformed("malformed type definition", offset);
}

function readFuncType(reader: Reader, features: FeatureSet): FuncType {
  const params = readTypeList(reader, "params", implementationLimits.params);
  const offset = reader.position;
  const results = readTypeList(reader, "results", implementationLimits.results);
  if (results.length > 1 && !features.has("multi-value"))
    throw featureDisabled("multi-value", "more than one result", offset);
  return { kind: "func", params, results };
}

function readTypeList(reader: Reader, what: string, limit: number): readonly ValType[] {
  const offset = reader.position;
  const count = reader.u32();
  if (count > limit) throw limitExceeded(what, count, limit, offset);
  const types: ValType[] = [];
  for (let i = 0; i < count; i++) types.push(readValType(reader));
  return types;
}

// The flags of limits.
const HAS_MAX = 0x01;
const SHARED = 0x02;
const ADDRESS_64 = 0x04;
const PAGE_SIZE = 0x08;

interface ReadLimits extends Limits {
  readonly flags: number;
  readonly address: AddressType | undefined;
}

/** Limits, and what the flags before them say. */
function readLimits(reader: Reader, what: "memory" | "table", features: FeatureSet): ReadLimits {
  const offset = reader.position;
  const flags = reader.byte();
  if (flags > 0x0f) throw malformed("malformed limits flags", offset);
  if ((flags & PAGE_SIZE) !== 0 && what === "table") throw malformed("malformed limits flags", offset);
  const isWide = (flags & ADDRESS_64) !== 0;
  if (isWide && !features.has("memory64")) throw featureDisabled("memory64", `a 64-bit ${what}`, offset);
  const isShared = (flags & SHARED) !== 0;
  if (isShared && what === "table") throw malformed("malformed limits flags", offset);
  if (isShared && !features.has("threads")) throw featureDisabled("threads", "a shared memory", offset);
  const read = (): number | bigint => (isWide ? readSize(reader) : reader.u32());
  const min = read();
  const max = (flags & HAS_MAX) === 0 ? undefined : read();
  if (max !== undefined && min > max) throw invalid("size minimum must not be greater than maximum", offset);
  return { flags, min, max, address: isWide ? "i64" : undefined };
}

/** Exact: a bigint where a number would not be. */
function readSize(reader: Reader): number | bigint {
  const lo = reader.u64();
  const { hi } = reader;
  return hi < 0x200000 ? hi * 2 ** 32 + lo : (BigInt(hi) << 32n) | BigInt(lo);
}

export function readTableType(reader: Reader, features: FeatureSet): TableType {
  const element = readRefType(reader);
  const { min, max, address } = readLimits(reader, "table", features);
  return { element, limits: { min, max }, address };
}

export function readMemoryType(reader: Reader, features: FeatureSet): MemoryType {
  const offset = reader.position;
  const { flags, min, max, address } = readLimits(reader, "memory", features);
  const pageSize = (flags & PAGE_SIZE) === 0 ? undefined : readPageSize(reader, features);
  // One byte each, they are as many as the limits can say.
  const { memoryPages, memory64Pages } = implementationLimits;
  const most = address === "i64" ? memory64Pages : memoryPages;
  if (pageSize !== 1 && (min > most || (max !== undefined && max > most)))
    throw invalid(`memory size must be at most ${most} pages`, offset);
  const isShared = (flags & SHARED) !== 0;
  if (isShared && max === undefined) throw invalid("shared memory must have maximum", offset);
  return { limits: { min, max }, address, pageSize, isShared };
}

/** Written as its logarithm to base 2 (custom-page-sizes proposal). */
function readPageSize(reader: Reader, features: FeatureSet): 1 | 65536 {
  const offset = reader.position;
  const logarithm = reader.u32();
  if (!features.has("custom-page-sizes")) throw featureDisabled("custom-page-sizes", "a page size", offset);
  if (logarithm === 0) return 1;
  if (logarithm === 16) return 65536;
  throw logarithm >= 64
    ? malformed("invalid custom page size", offset)
    : invalid("invalid custom page size: it must be 1 or 65536", offset);
}

export function readGlobalType(reader: Reader): GlobalType {
  const value = readValType(reader);
  const offset = reader.position;
  const mutability = reader.byte();
  if (mutability > 1) throw malformed("malformed mutability", offset);
  return { value, mutable: mutability === 1 };
}
