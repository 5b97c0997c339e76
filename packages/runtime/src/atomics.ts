// The helpers of atomic instructions (threads proposal): `Atomics` on cells of a memory, whether it is shared or not.
//
// A 64-bit operation is one operation on a BigInt64Array: its words become a BigInt here, and nowhere else.
import type { AtomicHelperName } from "@anywasm/isa";
import { type Cells, cellsAt } from "./cells.ts";
import type { MemoryRecord } from "./memory-record.ts";
import { bigIntToI64, i64ToBigInt } from "./numerics/boundary.ts";
import { signedNumber } from "./numerics/pair.ts";
import { Trap } from "./trap.ts";

/** Atomic operations take such a cell by its place in a typed array. */
type Size = 1 | 2 | 4;

function cells(memory: MemoryRecord, address: number, bytes: Size): Cells[Size] {
  return cellsAt(memory, address, bytes)[bytes];
}

function wide(memory: MemoryRecord, address: number): BigInt64Array {
  return cellsAt(memory, address, 8)[8];
}

// `Atomics` is named in functions only: this file must load where there is none. The operations are not made by a function
// of their kinds: engines inline calls that have one target.
const operations = {
  atomic_load: (memory: MemoryRecord, address: number, bytes: Size): number =>
    Atomics.load(cells(memory, address, bytes), address / bytes),
  atomic_store: (memory: MemoryRecord, address: number, bytes: Size, a: number): number =>
    Atomics.store(cells(memory, address, bytes), address / bytes, a),
  atomic_add: (memory: MemoryRecord, address: number, bytes: Size, a: number): number =>
    Atomics.add(cells(memory, address, bytes), address / bytes, a),
  atomic_sub: (memory: MemoryRecord, address: number, bytes: Size, a: number): number =>
    Atomics.sub(cells(memory, address, bytes), address / bytes, a),
  atomic_and: (memory: MemoryRecord, address: number, bytes: Size, a: number): number =>
    Atomics.and(cells(memory, address, bytes), address / bytes, a),
  atomic_or: (memory: MemoryRecord, address: number, bytes: Size, a: number): number =>
    Atomics.or(cells(memory, address, bytes), address / bytes, a),
  atomic_xor: (memory: MemoryRecord, address: number, bytes: Size, a: number): number =>
    Atomics.xor(cells(memory, address, bytes), address / bytes, a),
  atomic_xchg: (memory: MemoryRecord, address: number, bytes: Size, a: number): number =>
    Atomics.exchange(cells(memory, address, bytes), address / bytes, a),
  // What is expected is wrapped to the cell's size, as the proposal says.
  atomic_cmpxchg: (memory: MemoryRecord, address: number, bytes: Size, a: number, b: number): number =>
    Atomics.compareExchange(cells(memory, address, bytes), address / bytes, a, b),
  // The low word of a 64-bit result is returned, the high word is left in `high`.
  atomic64_load: (memory: MemoryRecord, address: number): number =>
    bigIntToI64(Atomics.load(wide(memory, address), address / 8)),
  atomic64_store: (memory: MemoryRecord, address: number, a: number, A: number): void => {
    Atomics.store(wide(memory, address), address / 8, i64ToBigInt(a, A));
  },
  atomic64_add: (memory: MemoryRecord, address: number, a: number, A: number): number =>
    bigIntToI64(Atomics.add(wide(memory, address), address / 8, i64ToBigInt(a, A))),
  atomic64_sub: (memory: MemoryRecord, address: number, a: number, A: number): number =>
    bigIntToI64(Atomics.sub(wide(memory, address), address / 8, i64ToBigInt(a, A))),
  atomic64_and: (memory: MemoryRecord, address: number, a: number, A: number): number =>
    bigIntToI64(Atomics.and(wide(memory, address), address / 8, i64ToBigInt(a, A))),
  atomic64_or: (memory: MemoryRecord, address: number, a: number, A: number): number =>
    bigIntToI64(Atomics.or(wide(memory, address), address / 8, i64ToBigInt(a, A))),
  atomic64_xor: (memory: MemoryRecord, address: number, a: number, A: number): number =>
    bigIntToI64(Atomics.xor(wide(memory, address), address / 8, i64ToBigInt(a, A))),
  atomic64_xchg: (memory: MemoryRecord, address: number, a: number, A: number): number =>
    bigIntToI64(Atomics.exchange(wide(memory, address), address / 8, i64ToBigInt(a, A))),
  atomic64_cmpxchg: (memory: MemoryRecord, address: number, a: number, A: number, b: number, B: number): number =>
    bigIntToI64(Atomics.compareExchange(wide(memory, address), address / 8, i64ToBigInt(a, A), i64ToBigInt(b, B))),
};

const waitResults = { ok: 0, "not-equal": 1, "timed-out": 2 } as const;

/** @param wait is given milliseconds; `timeout` is signed, in nanoseconds, endless if negative. */
function waiting(memory: MemoryRecord, timeout: number, wait: (timeout: number) => keyof typeof waitResults): number {
  if (memory.type.isShared !== true) throw new Trap("shared_memory_expected");
  try {
    return waitResults[wait(timeout < 0 ? Number.POSITIVE_INFINITY : timeout / 1e6)];
  } catch (error) {
    // ECMAScript, "AgentCanSuspend": nothing else is wrong here.
    if (error instanceof TypeError) throw new Trap("wait_not_allowed", { cause: error });
    throw error;
  }
}

export const atomics = {
  ...operations,
  atomic_wait: (memory: MemoryRecord, address: number, _: 4, expected: number, t: number, T: number): number => {
    const waited = cellsAt(memory, address, 4)[4];
    return waiting(memory, signedNumber(t, T), (timeout) => Atomics.wait(waited, address / 4, expected, timeout));
  },
  atomic64_wait: (memory: MemoryRecord, address: number, e: number, E: number, t: number, T: number): number => {
    const waited = wide(memory, address);
    const expected = i64ToBigInt(e, E);
    return waiting(memory, signedNumber(t, T), (timeout) => Atomics.wait(waited, address / 8, expected, timeout));
  },
  /** Nobody waits for a memory that is not shared. */
  atomic_notify: (memory: MemoryRecord, address: number, _: 4, count: number): number =>
    Atomics.notify(cellsAt(memory, address, 4)[4], address / 4, count >>> 0),
  /** JavaScript has no fence; an operation that reads and writes is the strongest there is. */
  atomic_fence: (): void => {
    fenced ??= typeof SharedArrayBuffer === "undefined" ? new Int32Array(1) : new Int32Array(new SharedArrayBuffer(4));
    Atomics.add(fenced, 0, 0);
  },
} satisfies Record<AtomicHelperName | "atomic_fence", unknown>;

let fenced: Int32Array | undefined;
