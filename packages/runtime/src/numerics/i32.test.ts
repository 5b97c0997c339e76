import fc from "fast-check";
import { test } from "vitest";
import * as i32 from "./i32.ts";
import { checkEdges, checkOfSeeds } from "./native.test-support.ts";
import { seedRange } from "./operands.test-support.ts";

const seeds = fc.tuple(fc.bigInt(seedRange), fc.bigInt(seedRange));

test.each(Object.keys(i32))("%s does what the native engine does", (name) => {
  checkEdges(name);
  fc.assert(fc.property(seeds, checkOfSeeds(name)), { numRuns: 5000 });
});
