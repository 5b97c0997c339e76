// Reference and table instructions (core spec, §5.4.2 and §5.4.6).
import { instructions } from "../row.ts";

export const reference = instructions(
  { feature: "reference-types" },
  {
    "ref.null": { code: 0xd0, immediates: "heap_type" },
    "ref.is_null": { code: 0xd1 },
    "ref.func": { code: 0xd2, immediates: "function" },
    "table.get": { code: 0x25, immediates: "table", effect: ["readsTable", "traps"] },
    "table.set": { code: 0x26, immediates: "table", effect: ["writesTable", "traps"] },
    "table.grow": { code: [0xfc, 15], immediates: "table", effect: ["readsTable", "writesTable"] },
    "table.size": { code: [0xfc, 16], immediates: "table", effect: "readsTable" },
    "table.fill": { code: [0xfc, 17], immediates: "table", effect: ["writesTable", "traps"] },
    "table.init": {
      code: [0xfc, 12],
      immediates: "elem_table",
      effect: ["readsTable", "writesTable", "traps"],
      feature: "bulk-memory",
    },
    "elem.drop": { code: [0xfc, 13], immediates: "elem", effect: "writesTable", feature: "bulk-memory" },
    "table.copy": {
      code: [0xfc, 14],
      immediates: "table_table",
      effect: ["readsTable", "writesTable", "traps"],
      feature: "bulk-memory",
    },
  },
);
