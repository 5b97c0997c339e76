import { i64 } from "@anywasm/isa";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bigIntToI64, i64ToBigInt } from "./boundary.ts";
import { high } from "./high.ts";
import { numerics } from "./index.ts";
import { edges, operand, seedRange } from "./operands.test-support.ts";

// The oracle is BigInt arithmetic: engines that have these instructions natively are rare.

type Int128 = readonly [low: bigint, high: bigint];

function pairOf(value: bigint): Int128 {
  return [BigInt.asUintN(64, value), BigInt.asUintN(64, value >> 64n)];
}

function whole(low: bigint, upper: bigint): bigint {
  return (upper << 64n) | low;
}

const signed = (value: bigint): bigint => BigInt.asIntN(64, value);

const oracles: Readonly<Record<string, (a: bigint, b: bigint, c: bigint, d: bigint) => bigint>> = {
  i64_add128: (a, b, c, d) => whole(a, b) + whole(c, d),
  i64_sub128: (a, b, c, d) => whole(a, b) - whole(c, d),
  i64_mul_wide_s: (a, b) => signed(a) * signed(b),
  i64_mul_wide_u: (a, b) => a * b,
};

function apply(name: string, operands: readonly bigint[]): Int128 {
  const helper = numerics[name as keyof typeof numerics] as (...words: number[]) => number;
  const words = operands.flatMap((value) => [bigIntToI64(value), high[0] as number]);
  const lowest = helper(...words);
  const [second, third, fourth] = high as unknown as readonly [number, number, number];
  expect(lowest).toBe(lowest | 0);
  return [BigInt.asUintN(64, i64ToBigInt(lowest, second)), BigInt.asUintN(64, i64ToBigInt(third, fourth))];
}

describe.each(Object.keys(oracles))("%s", (name) => {
  const oracle = oracles[name] as (typeof oracles)[string];

  function check(a: bigint, b: bigint, c: bigint, d: bigint): void {
    const operands = name.includes("128") ? [a, b, c, d] : [a, b];
    expect([operands, apply(name, operands)]).toEqual([operands, pairOf(oracle(a, b, c, d))]);
  }

  test("of edge values", () => {
    const values = edges(i64);
    for (const a of values) for (const b of values) check(a, b, b, a);
  });

  test("of any values", () => {
    const seed = fc.bigInt(seedRange).map((each) => operand(i64, each));
    fc.assert(fc.property(seed, seed, seed, seed, check), { numRuns: 5000 });
  });
});
