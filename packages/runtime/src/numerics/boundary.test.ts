import { f32, f64, i64 } from "@anywasm/isa";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bigIntToI64, f32FromBits, f32ToBits, f64FromBits, f64ToBits, i64ToBigInt } from "./boundary.ts";
import { high } from "./high.ts";
import { edges, operand, seedRange } from "./operands.test-support.ts";

const seed = fc.bigInt(seedRange);

test("a bigint becomes the pair of its lowest 64 bits", () => {
  const check = (value: bigint): void => {
    const lo = bigIntToI64(value);
    const hi = high[0] as number;
    expect(lo).toBe(Number(BigInt.asIntN(32, value)));
    expect(hi).toBe(Number(BigInt.asIntN(32, value >> 32n)));
    expect(i64ToBigInt(lo, hi)).toBe(BigInt.asIntN(64, value));
  };
  edges(i64).forEach(check);
  for (const value of [1n << 64n, -(1n << 64n), (1n << 100n) - 1n, -(1n << 63n) - 1n]) check(value);
  fc.assert(fc.property(fc.bigInt(), check));
  fc.assert(fc.property(seed, (each) => check(operand(i64, each))));
});

test("bits become floats and the same bits again", () => {
  const checkSingle = (bits: bigint): void => {
    expect(f32ToBits(f32FromBits(Number(bits)))).toBe(Number(bits));
  };
  const checkDouble = (bits: bigint): void => {
    expect(f64ToBits(f64FromBits(bits))).toBe(bits);
  };
  edges(f32).forEach(checkSingle);
  edges(f64).forEach(checkDouble);
  fc.assert(fc.property(seed, (each) => checkSingle(operand(f32, each))));
  fc.assert(fc.property(seed, (each) => checkDouble(operand(f64, each))));
});

test("floats are numbers", () => {
  expect(f32FromBits(0x3fc00000)).toBe(1.5);
  expect(f32ToBits(-0)).toBe(0x80000000);
  expect(f64FromBits(0xc004000000000000n)).toBe(-2.5);
  expect(f64ToBits(1)).toBe(0x3ff0000000000000n);
});
