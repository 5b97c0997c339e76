// Instructions on typed function references (core spec, §5.4.1 and §5.4.2).
import { instructions } from "../row.ts";

export const functionReferences = instructions(
  { feature: "function-references" },
  {
    call_ref: { code: 0x14, immediates: "type", effect: "calls" },
    return_call_ref: { code: 0x15, immediates: "type", effect: ["calls", "control"] },
    "ref.as_non_null": { code: 0xd4, effect: "traps" },
    br_on_null: { code: 0xd5, immediates: "label", effect: "control" },
    br_on_non_null: { code: 0xd6, immediates: "label", effect: "control" },
  },
);
