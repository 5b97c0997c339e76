// All typing rules: one for each instruction whose operands depend on immediates or context.
import { type ContextualInstructionName, denseOpcodeCount, instruction } from "@anywasm/isa";
import { atomicRules } from "./atomic.ts";
import { bulkRules } from "./bulk.ts";
import { castRules } from "./casts.ts";
import { controlRules } from "./control.ts";
import { exceptionRules } from "./exceptions.ts";
import { functionReferenceRules } from "./function-references.ts";
import { gcRules } from "./gc.ts";
import type { Rule } from "./rule.ts";
import { variableRules } from "./variable.ts";

const rules = {
  ...controlRules,
  ...variableRules,
  ...bulkRules,
  ...exceptionRules,
  ...atomicRules,
  ...functionReferenceRules,
  ...gcRules,
  ...castRules,
} satisfies Record<ContextualInstructionName, Rule>;

/** Rules by dense opcode. */
export const ruleByOpcode: readonly (Rule | undefined)[] = (
  Object.entries(rules) as [ContextualInstructionName, Rule][]
).reduce<(Rule | undefined)[]>((byOpcode, [name, rule]) => {
  byOpcode[instruction(name).opcode] = rule;
  return byOpcode;
}, new Array<Rule | undefined>(denseOpcodeCount).fill(undefined));
