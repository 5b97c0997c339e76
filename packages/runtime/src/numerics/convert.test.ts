import fc from "fast-check";
import { test } from "vitest";
import * as convert from "./convert.ts";
import { checkEdges, checkOf, checkOfSeeds } from "./native.test-support.ts";
import { seedRange } from "./operands.test-support.ts";

const seeds = fc.tuple(fc.bigInt(seedRange));
const numRuns = 5000;

test.each(Object.keys(convert))("%s does what the native engine does", (name) => {
  checkEdges(name);
  fc.assert(fc.property(seeds, checkOfSeeds(name)), { numRuns });
});

/** Next to the middle between two neighbouring singles, where rounding twice goes wrong. */
const nearTies = fc
  .tuple(
    fc.bigInt({ min: 1n << 24n, max: (1n << 25n) - 1n }),
    fc.bigInt({ min: 0n, max: 39n }),
    fc.bigInt({ min: -1n, max: 1n }),
    fc.constantFrom(1n, -1n),
  )
  .map(([bits, by, off, sign]) => [BigInt.asUintN(64, sign * ((bits << by) + off))]);

test.each(["f32_convert_i64_s", "f32_convert_i64_u", "f64_convert_i64_s", "f64_convert_i64_u"])(
  "%s rounds once",
  (name) => {
    fc.assert(fc.property(nearTies, checkOf(name)), { numRuns });
  },
);
