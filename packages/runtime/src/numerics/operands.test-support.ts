// Operands worth trying, as bits: edge values of each type, and values of all magnitudes made of random seeds.
import { f32, f64, i32, i64, type ValType } from "@anywasm/isa";

const words = [
  ...[0, 1, 2, 3, 7, 10, 31, 32, 33, 63, 64, 0xffff, 0x10000, 0x1fffff, 0x200000, 0x55555555],
  ...[0x7ffffffe, 0x7fffffff, 0x80000000, 0x80000001, 0x9e3779b9, 0xfffffff6, 0xfffffffe, 0xffffffff],
].map(BigInt);

const wide = [
  ...[0n, 1n, 2n, 3n, 7n, 10n, 31n, 32n, 33n, 63n, 64n, 65n, 0xffffn, 0x1fffffn, 0x200000n, 1_000_000_000n],
  ...[1n << 31n, 1n << 32n, 1n << 33n, 1n << 52n, 1n << 53n, 1n << 62n, 1n << 63n].flatMap((power) => [
    power - 1n,
    power,
    power + 1n,
    -power,
  ]),
  ...[-1n, -2n, -3n, -10n, -(1n << 53n) - 1n, 0x9e3779b97f4a7c15n, 0x5555555555555555n, 1_000_000_000_000_000_000n],
  // Numbers that are rounded differently when they are rounded to a double first.
  ...[0x8000008000000001n, 0x8000008000000000n, 0x7fffff4000000001n, 0x0020000020000001n, -0x0020000020000001n],
].map((value) => BigInt.asUintN(64, value));

const magnitudes = [
  ...[0, 2 ** -1074, 2 ** -1022, 2 ** -149, 2 ** -126, 0.1, 0.49999999999999994, 0.5, 0.5000000000000001, 0.75, 1],
  ...[1.5, 2.5, 3.5, 4.5, 2 ** 22 + 0.5, 2 ** 23 - 0.5, 2 ** 23, 2 ** 24 + 1],
  ...[2 ** 31 - 1, 2 ** 31 - 0.5, 2 ** 31, 2 ** 31 + 0.5, 2 ** 31 + 1, 2 ** 32 - 1, 2 ** 32 - 0.5, 2 ** 32],
  ...[2 ** 31 - 128, 2 ** 31 + 256, 2 ** 32 - 256, 2 ** 63 - 2 ** 39, 2 ** 63 + 2 ** 40, 2 ** 64 - 2 ** 40],
  ...[2 ** 51 + 0.5, 2 ** 52 - 0.5, 2 ** 52, 2 ** 52 + 1, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2],
  ...[2 ** 63 - 1024, 2 ** 63, 2 ** 63 + 2048, 2 ** 64 - 2048, 2 ** 64, 1e300, Number.MAX_VALUE],
  ...[Number.POSITIVE_INFINITY],
];

const scratch = new DataView(new ArrayBuffer(8));

function bitsOfSingle(value: number): bigint {
  scratch.setFloat32(0, value);
  return BigInt(scratch.getUint32(0));
}

function bitsOfDouble(value: number): bigint {
  scratch.setFloat64(0, value);
  return scratch.getBigUint64(0);
}

function withSign(values: readonly bigint[], sign: bigint): bigint[] {
  return values.flatMap((bits) => [bits, bits | sign]);
}

const singleNaNs = [0x7fc00000n, 0x7fc00001n, 0x7fffffffn, 0x7f800001n, 0x7fa00000n, 0x7fbfffffn];
const doubleNaNs = [
  ...[0x7ff8000000000000n, 0x7ff8000000000001n, 0x7fffffffffffffffn, 0x7ff8000020000000n],
  ...[0x7ff0000000000001n, 0x7ff0000020000000n, 0x7ff4000000000000n, 0x7ff7ffffffffffffn],
];
const singles = withSign([...new Set(magnitudes.map(bitsOfSingle)), ...singleNaNs], 1n << 31n);
const doubles = withSign([...magnitudes.map(bitsOfDouble), ...doubleNaNs], 1n << 63n);

const edgesByType: ReadonlyMap<ValType, readonly bigint[]> = new Map([
  // Singles as integers are what they are made of.
  [i32, [...words, ...singles]],
  [i64, wide],
  [f32, singles],
  [f64, doubles],
]);

export function edges(type: ValType): readonly bigint[] {
  return edgesByType.get(type) ?? [];
}

/** What a seed may be: the low 64 bits are the value's, the rest say what is made of them. */
export const seedRange = { min: 0n, max: (1n << 80n) - 1n };

/** Bits of a type, made of a seed. Of uniformly random bits nearly all would be wide integers and huge or tiny floats. */
export function operand(type: ValType, seed: bigint): bigint {
  const size = type === i32 || type === f32 ? 32 : 64;
  const bits = BigInt.asUintN(size, seed);
  const how = Number(seed >> 64n);
  const shift = BigInt((how >> 3) % size);
  switch (how & 7) {
    case 0:
      return bits;
    case 1: {
      const values = edges(type);
      return values[Number(bits % BigInt(values.length))] as bigint;
    }
    default: {
      const isNegative = (how & 4) !== 0;
      const magnitude = bits >> shift;
      const integer = isNegative ? -magnitude : magnitude;
      if (type === i32 || type === i64) return BigInt.asUintN(size, integer);
      // Integers, halves, quarters and eighths.
      const value = Number(integer) / 2 ** (how & 3);
      return type === f32 ? bitsOfSingle(value) : bitsOfDouble(value);
    }
  }
}
