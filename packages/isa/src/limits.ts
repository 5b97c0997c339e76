// Implementation limits of the WebAssembly JavaScript API (js-api, "Implementation-defined Limits").
// The decoder checks them before anything is allocated, so that a small file cannot ask for a large structure.
import { type MemoryType, pageSizeOf } from "./types.ts";

export const implementationLimits = {
  moduleBytes: 1_073_741_824,
  types: 1_000_000,
  recGroups: 1_000_000,
  typesInRecGroup: 1_000_000,
  subtypingDepth: 63,
  functions: 1_000_000,
  imports: 1_000_000,
  exports: 1_000_000,
  globals: 1_000_000,
  tags: 1_000_000,
  dataSegments: 100_000,
  tables: 100_000,
  memories: 100,
  tableElements: 10_000_000,
  elementSegments: 10_000_000,
  elementsInSegment: 10_000_000,
  functionBodyBytes: 7_654_321,
  params: 1_000,
  results: 1_000,
  locals: 50_000,
  /** Of 64 KiB each: what a 32-bit memory can declare. */
  memoryPages: 65_536,
  /** Of 64 KiB each: what a 64-bit memory can declare. */
  memory64Pages: 2 ** 48,
  structFields: 10_000,
  arrayNewFixedOperands: 10_000,
  /** Bytes of a name; the JS API leaves it open, engines use this. */
  nameBytes: 100_000,
} as const;

/**
 * Bytes that addresses reach. The last 64 KiB below 4 GiB are left out where those are of 64 bits: 2^32-1 then stands for
 * any address that is too large (see `i32.sat_i64_u`).
 */
function bytesReached({ address }: MemoryType): number {
  return address === "i64" ? 2 ** 32 - 65_536 : 2 ** 32;
}

/** Pages of a memory of the type, at most: what it declares, what addresses can reach, and what `memory.size` can say. */
export function mostPages(type: MemoryType): number {
  const limit = Math.min(bytesReached(type) / pageSizeOf(type), 2 ** 32 - 1);
  const { max } = type.limits;
  return max !== undefined && max < limit ? Number(max) : limit;
}
