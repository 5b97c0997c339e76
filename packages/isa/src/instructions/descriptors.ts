// Instructions on structures that describe others (custom-descriptors proposal).
import { instructions, internalPrefix } from "../row.ts";

export const descriptors = instructions(
  { feature: "custom-descriptors" },
  {
    "struct.new_desc": { code: [0xfb, 32], immediates: "type", effect: "traps" },
    "struct.new_default_desc": { code: [0xfb, 33], immediates: "type", effect: "traps" },
    // A structure never gets another descriptor, so this reads nothing that is written.
    "ref.get_desc": { code: [0xfb, 34], immediates: "type", effect: "traps" },
    "ref.cast_desc_eq": { code: [0xfb, 35], immediates: "heap_type", effect: "traps" },
    "ref.cast_desc_eq null": { code: [0xfb, 36], immediates: "heap_type", effect: "traps" },
    br_on_cast_desc_eq: { code: [0xfb, 37], immediates: "cast", effect: "control" },
    br_on_cast_desc_eq_fail: { code: [0xfb, 38], immediates: "cast", effect: "control" },
    // What the branches ask. Traps on a null descriptor.
    "ref.test_desc_eq": {
      code: [internalPrefix, 2],
      type: "anyref eqref -> i32",
      immediates: "heap_type",
      effect: "traps",
    },
  },
);
