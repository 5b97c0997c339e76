// Lowers instructions on globals, tables, memories, segments and function references.

import type { ElementIs, EntityOperation, ObjectOperation, Transfer, VectorWord } from "@anywasm/ir";
import { type Instruction, i64, v128 } from "@anywasm/isa";
import { assign, binary, call, expression, ifElse, index, member, number, toNumber } from "../js/build.ts";
import type { JsExpression, JsMember } from "../js/nodes.ts";
import { helperOf } from "./formula.ts";
import { objectOperation } from "./object.ts";
import { flatten, isPair, lowerOperands } from "./operands.ts";
import type { Lowered, Lowering } from "./state.ts";

export function lowerEntity(state: Lowering, node: EntityOperation): Lowered {
  const values = lowerOperands(state, node.operands);
  switch (node.instruction.name) {
    case "global.get":
      if (isVector(state, node)) return call(state.helper("v128_get"), [state.entity("global", node.index)]);
      return lowerGlobalGet(state, node);
    case "global.set":
      if (isVector(state, node))
        return call(state.helper("v128_set"), [state.entity("global", node.index), ...flatten(values)]);
      return lowerGlobalSet(state, node, values[0] as Lowered);
    case "ref.func":
      return state.entity("function", node.index);
    default:
      return call(state.helper(helperOf(node.instruction)), [entityOf(state, node), ...flatten(values)], node.offset);
  }
}

function isVector({ module }: Lowering, { index }: EntityOperation): boolean {
  return module.structure.globals[index]?.value === v128;
}

/** The register is that of high words, which come first. */
export function lowerVectorWord(state: Lowering, { position, operands }: VectorWord): Lowered {
  const word = index(state.helper("high"), number(position + 2));
  const [value] = operands;
  if (value === undefined) return word;
  state.emit(assign(word, toNumber(state.lower(value) as JsExpression)));
  return { kind: "null" };
}

function entityOf(state: Lowering, { instruction, index }: EntityOperation): JsExpression {
  return state.entity(entityKindOf(instruction), index);
}

/** What an instruction's index is an index of. */
export function entityKindOf(row: Instruction): "memory" | "table" | "data" | "element" {
  switch (row.immediates) {
    case "memory":
    case "table":
    case "data":
      return row.immediates;
    case "elem":
      return "element";
    default:
      throw new TypeError(`${row.name} names no entity`);
  }
}

function globalWord(state: Lowering, index: number, word: "value" | "high"): JsMember {
  return member(state.entity("global", index), word);
}

function lowerGlobalGet(state: Lowering, { index, type }: EntityOperation): Lowered {
  const value = globalWord(state, index, "value");
  // A pair must not be read in two places in time.
  return type === i64 ? { lo: state.temporary(value), hi: state.temporary(globalWord(state, index, "high")) } : value;
}

function lowerGlobalSet(state: Lowering, { index }: EntityOperation, value: Lowered): Lowered {
  if (isPair(value)) {
    state.emit({ kind: "assign", target: globalWord(state, index, "high"), value: value.hi });
    state.emit({ kind: "assign", target: globalWord(state, index, "value"), value: value.lo });
  } else state.emit({ kind: "assign", target: globalWord(state, index, "value"), value });
  return { kind: "null" };
}

export function lowerTransfer(state: Lowering, node: Transfer): Lowered {
  const values = flatten(lowerOperands(state, node.operands));
  const isTable = node.instruction.name.startsWith("table");
  const destination = state.entity(isTable ? "table" : "memory", node.destination);
  const source = state.entity(sourceKindOf(node.instruction), node.source);
  return call(state.helper(helperOf(node.instruction)), [destination, source, ...values], node.offset);
}

export function lowerObject(state: Lowering, node: ObjectOperation): Lowered {
  const { instruction, typeIndex, index, offset, operands } = node;
  const last = operands[operands.length - 1];
  const isArithmetic = last?.kind === "operation" && last.instruction.arithmetic;
  const operandType = operands[0]?.type;
  const described = { instruction, typeIndex, index, offset, isArithmetic, operandType };
  const result = objectOperation(state, described, lowerOperands(state, operands));
  if (!("assign" in result)) return result;
  const { forNaN } = result;
  const [single] = result.assign;
  if (forNaN !== undefined && single !== undefined) {
    const [target, value] = single;
    state.emit(ifElse(binary("===", value, value), [{ kind: "assign", target, value }], [expression(forNaN)]));
    return { kind: "null" };
  }
  for (const [target, value] of result.assign) state.emit({ kind: "assign", target, value });
  return { kind: "null" };
}

export function lowerElementIs(state: Lowering, node: ElementIs): JsExpression {
  const elements = member(state.entity("table", node.tableIndex), "elements");
  return binary("===", index(elements, number(node.position)), state.entity("function", node.functionIndex));
}

const sourceKind = {
  memory_memory: "memory",
  table_table: "table",
  data_memory: "data",
  elem_table: "element",
} as const;

/** What an instruction that copies or fills copies from. */
export function sourceKindOf(row: Instruction): "memory" | "table" | "data" | "element" {
  return sourceKind[row.immediates as keyof typeof sourceKind];
}

/** Makes a statement of what is left of an expression evaluated for effect. */
export function emitForEffect(state: Lowering, value: Lowered): void {
  if (isPair(value) || value.kind === "null" || value.kind === "number" || value.kind === "name") return;
  state.emit(expression(value));
}
