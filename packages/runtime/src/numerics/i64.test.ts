import { i64 } from "@anywasm/isa";
import fc from "fast-check";
import { test } from "vitest";
import * as helpers from "./i64.ts";
import { checkEdges, checkOf, checkOfSeeds } from "./native.test-support.ts";
import { operand, seedRange } from "./operands.test-support.ts";

const seeds = fc.tuple(fc.bigInt(seedRange), fc.bigInt(seedRange));
const numRuns = 5000;

test.each(Object.keys(helpers))("%s does what the native engine does", (name) => {
  checkEdges(name);
  fc.assert(fc.property(seeds, checkOfSeeds(name)), { numRuns });
});

/** Words whose product is just above a power of two, where a double has less room below than its rounding takes. */
const productsAbovePowers = fc
  .tuple(fc.bigInt({ min: 2n, max: (1n << 32n) - 1n }), fc.bigInt({ min: 32n, max: 63n }), fc.nat({ max: 3 }))
  .map(([a, power, more]) => [a, BigInt.asUintN(32, ((1n << power) + a - 1n) / a + BigInt(more))]);

test("products just above a power of two", () => {
  fc.assert(fc.property(productsAbovePowers, checkOf("i64_mul")), { numRuns });
});

/** Dividends next to a multiple of the divisor, where an estimate of the quotient is off by one soonest. */
const nearMultiples = fc.tuple(seeds, fc.bigInt({ min: -2n, max: 2n })).map(([[seed, other], off]) => {
  const divisor = operand(i64, seed);
  const quotient = operand(i64, other) >> BigInt(divisor.toString(2).length);
  return [BigInt.asUintN(64, quotient * divisor + off), divisor];
});

test.each(["i64_div_u", "i64_div_s", "i64_rem_u", "i64_rem_s"])("%s next to multiples of the divisor", (name) => {
  fc.assert(fc.property(nearMultiples, checkOf(name)), { numRuns });
});
