// The typing rule of the one atomic instruction that accesses no memory.
import { malformed } from "../messages.ts";
import type { Rule } from "./rule.ts";

const fence: Rule = ({ reader, builder }, row, offset) => {
  const position = reader.position;
  if (reader.byte() !== 0) throw malformed("zero byte expected", position);
  builder?.operation(row, 0, undefined, offset);
};

export const atomicRules = { "atomic.fence": fence };
