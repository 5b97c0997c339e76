// Control instructions (core spec, §5.4.1). Each is typed by a rule of the validator and lowered by its shape.
import { instructions } from "../row.ts";

export const control = instructions(
  { effect: "control" },
  {
    unreachable: { code: 0x00, effect: ["traps", "control"] },
    nop: { code: 0x01, effect: [] },
    block: { code: 0x02, immediates: "block_type" },
    loop: { code: 0x03, immediates: "block_type" },
    if: { code: 0x04, immediates: "block_type" },
    else: { code: 0x05 },
    end: { code: 0x0b },
    br: { code: 0x0c, immediates: "label" },
    br_if: { code: 0x0d, immediates: "label" },
    br_table: { code: 0x0e, immediates: "labels" },
    return: { code: 0x0f },
    call: { code: 0x10, immediates: "function", effect: "calls" },
    call_indirect: { code: 0x11, immediates: "indirect", effect: "calls" },
    return_call: { code: 0x12, immediates: "function", effect: ["calls", "control"], feature: "tail-calls" },
    return_call_indirect: {
      code: 0x13,
      immediates: "indirect",
      effect: ["calls", "control"],
      feature: "tail-calls",
    },
  },
);
