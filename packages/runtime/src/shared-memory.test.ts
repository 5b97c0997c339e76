import { afterEach, describe, expect, test, vi } from "vitest";
import { atomics } from "./atomics.ts";
import { UsageError } from "./errors.ts";
import { createMemory } from "./memory-handle.ts";
import type { MemoryRecord } from "./memory-record.ts";
import { createSharedMemory, SharedMemoryRecord } from "./shared-memory.ts";

const page = 65536;
const Native = SharedArrayBuffer;

/** Stands for an engine whose shared buffers do not grow. */
function FixedBuffer(byteLength: number): SharedArrayBuffer {
  return new Native(byteLength);
}

/** Stands for an engine that has not room for more than ten pages. */
function SmallBuffer(byteLength: number, options?: { readonly maxByteLength: number }): SharedArrayBuffer {
  if ((options?.maxByteLength ?? byteLength) > 10 * page) throw new RangeError("too much");
  return new (Native as unknown as new (length: number, options: unknown) => SharedArrayBuffer)(byteLength, options);
}

afterEach(() => {
  vi.unstubAllGlobals();
});

function sizesOf(record: MemoryRecord): readonly number[] {
  return [record.pages, record.view.byteLength / page, record.bytes.length / page];
}

describe.each([
  ["grow", Native],
  ["do not grow", FixedBuffer],
])("where shared buffers %s", (_, Buffer) => {
  test("all agents see the size that one has grown to", () => {
    vi.stubGlobal("SharedArrayBuffer", Buffer);
    const shared = createSharedMemory({ limits: { min: 1, max: 4 }, isShared: true });
    const [here, there] = [SharedMemoryRecord.of(shared), SharedMemoryRecord.of(shared)];
    const before = there.view;
    expect(there.view).toBe(before);
    here.view.setInt32(page - 4, 7);
    expect(here.grow(2)).toBe(1);
    expect([sizesOf(here), sizesOf(there)]).toEqual([
      [3, 3, 3],
      [3, 3, 3],
    ]);
    expect(there.view.getInt32(page - 4)).toBe(7);
    there.bytes[3 * page - 1] = 5;
    expect(here.view.getUint8(3 * page - 1)).toBe(5);
    expect(() => here.view.getUint8(3 * page)).toThrow(RangeError);
    expect([there.grow(0), there.grow(2), there.grow(1), here.grow(0)]).toEqual([3, -1, 3, 4]);
    // One that comes when there is nothing left to grow.
    expect(sizesOf(SharedMemoryRecord.of(shared))).toEqual([4, 4, 4]);
  });
});

test("pages may be of one byte", () => {
  const shared = createSharedMemory({ limits: { min: 9, max: 2 ** 20 }, pageSize: 1, isShared: true });
  const [here, there] = [SharedMemoryRecord.of(shared), SharedMemoryRecord.of(shared)];
  expect([here.grow(2), there.pages, there.bytes.length]).toEqual([9, 11, 11]);
  expect(atomics.atomic_add(there, 8, 2, 5)).toBe(0);
  expect(atomics.atomic_load(here, 8, 2)).toBe(5);
  expect(() => atomics.atomic_load(here, 8, 4)).toThrow("out of bounds");
  expect(() => atomics.atomic_load(here, 5, 2)).toThrow("unaligned");
});

test("an engine without room for the maximum gives less, and growing ends there", () => {
  vi.stubGlobal("SharedArrayBuffer", SmallBuffer);
  const record = createMemory({ limits: { min: 2, max: 64 }, isShared: true });
  expect([record.grow(6), record.grow(1), record.grow(0)]).toEqual([2, -1, 8]);
  expect(() => createMemory({ limits: { min: 11, max: 64 }, isShared: true })).toThrow(UsageError);
});

test("a memory that cannot grow has views for good", () => {
  const record = createMemory({ limits: { min: 2, max: 2 }, isShared: true });
  expect(Object.keys(record)).toContain("view");
  expect([record.grow(0), record.grow(1), ...sizesOf(record)]).toEqual([2, -1, 2, 2, 2]);
});

test("what cannot be is refused", () => {
  expect(() => createMemory({ limits: { min: 1, max: undefined }, isShared: true })).toThrow("must have a maximum");
  vi.stubGlobal("SharedArrayBuffer", undefined);
  expect(() => createMemory({ limits: { min: 1, max: 1 }, isShared: true })).toThrow("cross-origin isolated");
});
