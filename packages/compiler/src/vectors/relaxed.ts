// What instructions are made of others: products of widened lanes, and relaxed instructions, each of which is here one of
// the results that the specification allows.
import { type Expression, type Operation, operation } from "@anywasm/ir";
import { type InstructionName, instruction, v128 } from "@anywasm/isa";

/** What does the same, without relaxed instructions. */
export function rewritten(node: Operation): Expression {
  const { name } = node.instruction;
  const [lanes, kind = ""] = name.split(".");
  const make = (made: string, ...operands: readonly (Expression | undefined)[]): Expression =>
    operation(instruction(made as InstructionName), v128, operands as Expression[], node.offset);
  const [a, b, c] = node.operands;
  if (kind.startsWith("extmul")) {
    const extend = name.replace("extmul", "extend");
    return make(`${lanes}.mul`, make(extend, a), make(extend, b));
  }
  switch (kind) {
    case "relaxed_madd":
      return make(`${lanes}.add`, make(`${lanes}.mul`, a, b), c);
    case "relaxed_nmadd":
      return make(`${lanes}.sub`, c, make(`${lanes}.mul`, a, b));
    case "relaxed_laneselect":
      return make("v128.bitselect", a, b, c);
    case "relaxed_q15mulr_s":
      return make("i16x8.q15mulr_sat_s", a, b);
    case "relaxed_dot_i8x16_i7x16_add_s": {
      const sums = make("i32x4.extadd_pairwise_i16x8_s", make("i16x8.relaxed_dot_i8x16_i7x16_s", a, b));
      return make("i32x4.add", sums, c);
    }
    case "relaxed_dot_i8x16_i7x16_s":
      return node;
    default:
      if (!kind.startsWith("relaxed_")) return node;
      return make(name.replace("relaxed_trunc", "trunc_sat").replace("relaxed_", ""), ...node.operands);
  }
}
