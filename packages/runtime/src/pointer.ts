// Typed places in a memory that stay valid when it grows: what Wasmer calls WasmPtr and WasmSlice.
import { UsageError } from "./errors.ts";
import type { Memory } from "./memory.ts";

/** A type of values in memory, little-endian: how many bytes, and how to read and write one. */
export interface Layout<T> {
  readonly name: string;
  readonly bytes: number;
  read(view: DataView, address: number): T;
  write(view: DataView, address: number, value: T): void;
}

function layout<T>(
  name: string,
  bytes: number,
  read: (view: DataView, address: number) => T,
  write: (view: DataView, address: number, value: T) => void,
): Layout<T> {
  return Object.freeze({ name, bytes, read, write });
}

/** The layouts of numbers in linear memory. */
export const layouts = {
  i8: layout<number>(
    "i8",
    1,
    (view, at) => view.getInt8(at),
    (view, at, value) => view.setInt8(at, value),
  ),
  u8: layout<number>(
    "u8",
    1,
    (view, at) => view.getUint8(at),
    (view, at, value) => view.setUint8(at, value),
  ),
  i16: layout<number>(
    "i16",
    2,
    (view, at) => view.getInt16(at, true),
    (view, at, value) => view.setInt16(at, value, true),
  ),
  u16: layout<number>(
    "u16",
    2,
    (view, at) => view.getUint16(at, true),
    (view, at, value) => view.setUint16(at, value, true),
  ),
  i32: layout<number>(
    "i32",
    4,
    (view, at) => view.getInt32(at, true),
    (view, at, value) => view.setInt32(at, value, true),
  ),
  u32: layout<number>(
    "u32",
    4,
    (view, at) => view.getUint32(at, true),
    (view, at, value) => view.setUint32(at, value, true),
  ),
  i64: layout<bigint>(
    "i64",
    8,
    (view, at) => view.getBigInt64(at, true),
    (view, at, value) => view.setBigInt64(at, value, true),
  ),
  u64: layout<bigint>(
    "u64",
    8,
    (view, at) => view.getBigUint64(at, true),
    (view, at, value) => view.setBigUint64(at, value, true),
  ),
  f32: layout<number>(
    "f32",
    4,
    (view, at) => view.getFloat32(at, true),
    (view, at, value) => view.setFloat32(at, value, true),
  ),
  f64: layout<number>(
    "f64",
    8,
    (view, at) => view.getFloat64(at, true),
    (view, at, value) => view.setFloat64(at, value, true),
  ),
} as const;

/** `length` values of one type from an address on. Holds no view of the memory: each access takes the present one. */
export class MemorySlice<T> implements Iterable<T> {
  readonly memory: Memory;
  readonly layout: Layout<T>;
  /** Bytes from the start of the memory. */
  readonly address: number;
  /** Number of values. */
  readonly length: number;

  /** @internal Use `memory.slice` or `memory.pointer`. @throws UsageError for an address that is none. */
  constructor(memory: Memory, type: Layout<T>, address: number, length: number) {
    if (!Number.isSafeInteger(address) || address < 0 || !Number.isSafeInteger(length) || length < 0)
      throw new UsageError("out_of_bounds", `no slice of ${length} ${type.name} at ${address}`);
    this.memory = memory;
    this.layout = type;
    this.address = address;
    this.length = length;
  }

  /** @throws UsageError outside the slice, or where the slice leaves the memory. */
  get(index: number): T {
    return this.layout.read(this.view(index), this.addressOf(index));
  }

  /** @throws UsageError outside the slice, or where the slice leaves the memory. */
  set(index: number, value: T): void {
    this.layout.write(this.view(index), this.addressOf(index), value);
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let index = 0; index < this.length; index++) yield this.get(index);
  }

  private addressOf(index: number): number {
    return this.address + index * this.layout.bytes;
  }

  private view(index: number): DataView {
    const inside = Number.isInteger(index) && index >= 0 && index < this.length;
    if (!inside || this.addressOf(index) + this.layout.bytes > this.memory.byteLength)
      throw new UsageError(
        "out_of_bounds",
        `element ${index} of a slice of ${this.length} ${this.layout.name} at ${this.address}, in a memory of ${this.memory.byteLength} bytes`,
      );
    return this.memory.record.view;
  }
}

/** One value in memory. */
export class MemoryPointer<T> {
  private readonly slice: MemorySlice<T>;

  /** @internal Use `memory.pointer`. */
  constructor(slice: MemorySlice<T>) {
    this.slice = slice;
  }

  get address(): number {
    return this.slice.address;
  }

  /** @throws UsageError out of bounds, as does setting it. */
  get value(): T {
    return this.slice.get(0);
  }

  set value(value: T) {
    this.slice.set(0, value);
  }

  /** The pointer `count` values further on. */
  add(count: number): MemoryPointer<T> {
    const { memory, layout: type, address } = this.slice;
    return new MemoryPointer(new MemorySlice(memory, type, address + count * type.bytes, 1));
  }
}
