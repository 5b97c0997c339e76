// Exception handling (core spec, §5.4.1), and the legacy form of it that engines and compilers had before.
import { instructions } from "../row.ts";

export const exceptions = instructions(
  { effect: "control", feature: "exceptions" },
  {
    throw: { code: 0x08, immediates: "tag" },
    throw_ref: { code: 0x0a },
    try_table: { code: 0x1f, immediates: "catches" },
  },
);

export const legacyExceptions = instructions(
  { effect: "control", feature: "legacy-exceptions" },
  {
    try: { code: 0x06, immediates: "block_type" },
    catch: { code: 0x07, immediates: "tag" },
    rethrow: { code: 0x09, immediates: "label" },
    delegate: { code: 0x18, immediates: "label" },
    catch_all: { code: 0x19 },
  },
);
