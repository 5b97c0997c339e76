import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Trap } from "../trap.ts";
import { bigIntToI64, f32FromBits, f32ToBits, f64FromBits, f64ToBits, i64ToBigInt } from "./boundary.ts";
import { high } from "./high.ts";
import { numerics } from "./index.ts";
import { f32_load, f32_store } from "./memory.ts";

// The oracle is BigInt arithmetic as the specification writes it; the conformance suite holds the same helpers against
// the specification's own assertions.

const edges = [
  0n,
  1n,
  2n,
  7n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  0x100000000n,
  0x1fffffffffffffn,
  0x20000000000000n,
  0x3fffffffffffffffn,
  0x4000000000000000n,
  0x7fffffffffffffffn,
  0x8000000000000000n,
  0x8000000000000001n,
  0xfffffffffffffffen,
  0xffffffffffffffffn,
];
const word64 = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  fc.constantFrom(...edges),
  fc
    .tuple(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.integer({ min: 0, max: 63 }))
    .map(([value, by]) => value >> BigInt(by)),
);

type Wide = (a: number, A: number, b: number, B: number) => number;

function apply(helper: Wide, a: bigint, b: bigint): bigint | string {
  const [lo, hi] = [bigIntToI64(a), high[0] as number];
  const [otherLo, otherHi] = [bigIntToI64(b), high[0] as number];
  try {
    const result = helper(lo, hi, otherLo, otherHi);
    return BigInt.asUintN(64, i64ToBigInt(result, high[0] as number));
  } catch (error) {
    if (error instanceof Trap) return error.code;
    throw error;
  }
}

const signed = (value: bigint): bigint => BigInt.asIntN(64, value);
const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotate = (a: bigint, by: bigint): bigint => wrap((a << by) | (a >> (64n - by)));
const zero = "integer_divide_by_zero";

const oracles: Readonly<Record<string, (a: bigint, b: bigint) => bigint | string>> = {
  i64_mul: (a, b) => wrap(a * b),
  i64_div_u: (a, b) => (b === 0n ? zero : a / b),
  i64_rem_u: (a, b) => (b === 0n ? zero : a % b),
  i64_div_s: (a, b) =>
    b === 0n ? zero : a === 1n << 63n && signed(b) === -1n ? "integer_overflow" : wrap(signed(a) / signed(b)),
  i64_rem_s: (a, b) => (b === 0n ? zero : wrap(signed(a) % signed(b))),
  i64_shl: (a, b) => wrap(a << (b & 63n)),
  i64_shr_u: (a, b) => a >> (b & 63n),
  i64_shr_s: (a, b) => wrap(signed(a) >> (b & 63n)),
  i64_rotl: (a, b) => rotate(a, b & 63n),
  i64_rotr: (a, b) => rotate(a, (64n - (b & 63n)) & 63n),
};

describe("64-bit integers", () => {
  test.each(Object.keys(oracles))("%s", (name) => {
    const helper = numerics[name as keyof typeof numerics] as Wide;
    const oracle = oracles[name] as (a: bigint, b: bigint) => bigint | string;
    for (const a of edges) for (const b of edges) expect([a, b, apply(helper, a, b)]).toEqual([a, b, oracle(a, b)]);
    fc.assert(
      fc.property(word64, word64, (a, b) => {
        expect(apply(helper, a, b)).toBe(oracle(a, b));
      }),
      { numRuns: 5000 },
    );
  });

  test("counting bits", () => {
    const bits = (value: bigint): string => value.toString(2).padStart(64, "0");
    fc.assert(
      fc.property(word64, (a) => {
        const unary = (helper: (lo: number, hi: number) => number): bigint | string =>
          apply((lo, hi) => helper(lo, hi), a, 0n);
        expect(unary(numerics.i64_clz)).toBe(BigInt(bits(a).indexOf("1") < 0 ? 64 : bits(a).indexOf("1")));
        expect(unary(numerics.i64_ctz)).toBe(BigInt(a === 0n ? 64 : 63 - bits(a).lastIndexOf("1")));
        expect(unary(numerics.i64_popcnt)).toBe(BigInt(bits(a).replace(/0/g, "").length));
      }),
    );
  });

  test("to single precision, rounding once", () => {
    const cases: readonly (readonly [bigint, number])[] = [
      // Above a tie by one in the last place of 64: rounding to double first would lose it.
      [0x8000008000000001n, 2 ** 63 + 2 ** 40],
      [0x8000008000000000n, 2 ** 63],
      [0xffffffffffffffffn, 2 ** 64],
      [16777217n, 16777216],
    ];
    for (const [value, expected] of cases) {
      const lo = bigIntToI64(value);
      expect(numerics.f32_convert_i64_u(lo, high[0] as number)).toBe(Math.fround(expected));
    }
    fc.assert(
      fc.property(word64, (value) => {
        const lo = bigIntToI64(value);
        const hi = high[0] as number;
        expect(numerics.f32_convert_i64_u(lo, hi)).toBe(nearestSingle(value));
        const magnitude = signed(value) < 0n ? -signed(value) : signed(value);
        const expected = nearestSingle(magnitude);
        expect(numerics.f32_convert_i64_s(lo, hi)).toBe(signed(value) < 0n ? -expected || 0 : expected);
      }),
      { numRuns: 5000 },
    );
  });
});

/** Round to nearest, ties to even, by integers alone. */
function nearestSingle(value: bigint): number {
  const extra = value.toString(2).length - 24;
  if (extra <= 0) return Number(value);
  const unit = 1n << BigInt(extra);
  const floor = value / unit;
  const rest = value - floor * unit;
  const up = rest * 2n > unit || (rest * 2n === unit && (floor & 1n) === 1n);
  return Number((floor + (up ? 1n : 0n)) * unit);
}

describe("32-bit integers", () => {
  test("division traps and wraps", () => {
    expect(numerics.i32_div_u(-1, 2)).toBe(0x7fffffff);
    expect(numerics.i32_div_s(-7, 2)).toBe(-3);
    expect(numerics.i32_rem_s(-0x80000000, -1)).toBe(0);
    expect(numerics.i32_rem_u(-1, 10)).toBe(5);
    expect(() => numerics.i32_div_s(1, 0)).toThrow("integer divide by zero");
    expect(() => numerics.i32_div_s(-0x80000000, -1)).toThrow("integer overflow");
  });
});

describe("conversions from floats", () => {
  const big = 2 ** 63;
  const cases: readonly (readonly [keyof typeof numerics, number, bigint | string])[] = [
    ["i32_trunc_f64_s", 2147483647.9, 2147483647n],
    ["i32_trunc_f64_s", 2147483648, "integer_overflow"],
    ["i32_trunc_f64_s", -2147483648.9, 0x80000000n],
    ["i32_trunc_f64_s", Number.NaN, "invalid_conversion_to_integer"],
    ["i32_trunc_f64_u", -0.9, 0n],
    ["i32_trunc_f64_u", 4294967295.9, 0xffffffffn],
    ["i64_trunc_f64_s", -big, 1n << 63n],
    ["i64_trunc_f64_s", big, "integer_overflow"],
    ["i64_trunc_f64_s", -1.5, 0xffffffffffffffffn],
    ["i64_trunc_f64_u", big, 1n << 63n],
    ["i64_trunc_f64_u", -1, "integer_overflow"],
    ["i64_trunc_sat_f64_s", Number.NaN, 0n],
    ["i64_trunc_sat_f64_s", Number.POSITIVE_INFINITY, 0x7fffffffffffffffn],
    ["i64_trunc_sat_f64_u", -5, 0n],
    ["i32_trunc_sat_f64_u", 1e20, 0xffffffffn],
    ["i32_trunc_sat_f64_s", -1e20, 0x80000000n],
  ];
  test.each(cases)("%s(%d)", (name, value, expected) => {
    const helper = numerics[name] as (x: number) => number;
    const wide = name.startsWith("i64");
    const run = (): bigint | string => {
      try {
        const lo = helper(value);
        return wide ? BigInt.asUintN(64, i64ToBigInt(lo, high[0] as number)) : BigInt(lo >>> 0);
      } catch (error) {
        return error instanceof Trap ? error.code : String(error);
      }
    };
    expect(run()).toBe(expected);
  });
});

describe("NaNs keep their bits where they are only moved", () => {
  const patterns = [0x7f800001, 0x7fa00000, 0x7fc00000, 0x7fc00001, 0xffa00000, 0xffc12345];
  test.each(patterns)("f32 %i", (bits) => {
    const view = new DataView(new ArrayBuffer(8));
    for (let i = 0; i < 20_000; i++) {
      f32_store(view, 0, f32FromBits(bits));
      if (f32ToBits(f32_load(view, 0)) !== bits >>> 0) throw new Error(`lost after ${i} calls`);
    }
    expect(view.getUint32(0, true)).toBe(bits >>> 0);
    expect(f32ToBits(numerics.f32_neg(f32FromBits(bits)))).toBe((bits ^ 0x80000000) >>> 0);
    expect(f32ToBits(numerics.f32_abs(f32FromBits(bits)))).toBe((bits & 0x7fffffff) >>> 0);
    // Arithmetic quiets.
    expect(f32ToBits(numerics.f32_ceil(f32FromBits(bits))) & 0x400000).toBe(0x400000);
  });

  test("f64", () => {
    const bits = 0xfff4000000000001n;
    expect(f64ToBits(f64FromBits(bits))).toBe(bits);
    expect(f64ToBits(numerics.f64_copysign(f64FromBits(bits), 1))).toBe(0x7ff4000000000001n);
  });
});

test("nearest rounds ties to even and keeps the sign of zero", () => {
  const cases: readonly (readonly [number, number])[] = [
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, -0],
    [-0.4, -0],
    [-1.5, -2],
    [-0, -0],
    [1e300, 1e300],
  ];
  for (const [value, expected] of cases) expect(Object.is(numerics.f64_nearest(value), expected)).toBe(true);
});
