// Instructions that no module contains: the builder of functions makes them of others. Their prefix is no byte.
import { instructions, internalPrefix } from "../row.ts";

export const internal = instructions(
  {},
  {
    // The 32-bit address that is out of bounds where the 64-bit one is: addresses that do not fit in 32 bits become 2^32-1,
    // which is behind the end of every memory and table that is addressed by 64 bits.
    "i32.sat_i64_u": { code: [internalPrefix, 0], type: "i64 -> i32", js: "A ? -1 : a", feature: "memory64" },
    // A size of such a memory or table, or -1 from growing it, as 64 bits.
    "i64.extend_i32_size": {
      code: [internalPrefix, 1],
      type: "i32 -> i64",
      js: ["a", "lo === -1 ? -1 : 0"],
      feature: "memory64",
    },
  },
);
