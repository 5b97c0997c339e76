// Parametric and variable instructions (core spec, §5.4.4 and §5.4.5).
import { instructions } from "../row.ts";

export const variable = instructions(
  {},
  {
    drop: { code: 0x1a },
    select: { code: 0x1b },
    "select t": { code: 0x1c, immediates: "value_types", feature: "reference-types" },
    "local.get": { code: 0x20, immediates: "local" },
    "local.set": { code: 0x21, immediates: "local" },
    "local.tee": { code: 0x22, immediates: "local" },
    "global.get": { code: 0x23, immediates: "global", effect: "readsGlobal" },
    "global.set": { code: 0x24, immediates: "global", effect: "writesGlobal" },
  },
);
