// Constructors of expressions: the one place where effects, read sets and depths are derived.
import { Effect, type Effects, type FuncType, type Instruction, i32, instruction, type ValType } from "@anywasm/isa";
import type {
  Access,
  Call,
  CallIndirect,
  CallRef,
  Constant,
  ElementIs,
  EntityOperation,
  ExceptionIs,
  ExceptionValue,
  Expression,
  Get,
  MemArg,
  ObjectOperation,
  Operation,
  Transfer,
  VectorOperation,
  VectorWord,
} from "./nodes.ts";

const none: readonly Expression[] = [];

/** What evaluating operands does, and then something with effects of its own. */
export function effectsOf(own: Effects, operands: readonly { readonly effects: Effects }[]): Effects {
  let effects = own;
  for (const operand of operands) effects |= operand.effects;
  return effects;
}

function readsOf(operands: readonly Expression[]): number {
  let reads = 0;
  for (const operand of operands) reads |= operand.reads;
  return reads;
}

function depthOf(operands: readonly Expression[]): number {
  let depth = 0;
  for (const operand of operands) if (operand.depth > depth) depth = operand.depth;
  return depth + 1;
}

export function constant(type: ValType, lo: number, hi: number, offset: number): Constant {
  return { kind: "constant", type, effects: Effect.none, reads: 0, depth: 1, offset, operands: none, lo, hi };
}

export function get(variable: number, type: ValType, offset: number): Get {
  const reads = 1 << (variable & 31);
  return { kind: "get", type, effects: Effect.none, reads, depth: 1, offset, operands: none, variable };
}

export function operation(
  row: Instruction,
  type: ValType | undefined,
  operands: readonly Expression[],
  offset: number,
): Operation {
  return {
    kind: "operation",
    type,
    effects: effectsOf(row.effects, operands),
    reads: readsOf(operands),
    depth: depthOf(operands),
    offset,
    operands,
    instruction: row,
  };
}

export function vectorOperation(
  row: Instruction,
  immediates: readonly number[],
  type: ValType | undefined,
  operands: readonly Expression[],
  offset: number,
): VectorOperation {
  const { effects, reads, depth } = operation(row, type, operands, offset);
  return { kind: "vector", type, effects, reads, depth, offset, operands, instruction: row, immediates };
}

/** The register is like a global: nothing that writes it may come between a call and what reads the words of its result. */
export function vectorWord(position: number, operands: readonly Expression[], offset: number): VectorWord {
  const isRead = operands.length === 0;
  return {
    kind: "vector_word",
    type: isRead ? i32 : undefined,
    effects: effectsOf(isRead ? Effect.readsGlobal : Effect.writesGlobal, operands),
    reads: readsOf(operands),
    depth: depthOf(operands),
    offset,
    operands,
    position,
  };
}

export function access(
  row: Instruction,
  memArg: MemArg,
  type: ValType | undefined,
  operands: readonly Expression[],
  offset: number,
): Access {
  return {
    kind: "access",
    type,
    effects: effectsOf(row.effects, operands),
    reads: readsOf(operands),
    depth: depthOf(operands),
    offset,
    operands,
    instruction: row,
    memArg,
  };
}

export function entity(
  row: Instruction,
  index: number,
  type: ValType | undefined,
  operands: readonly Expression[],
  offset: number,
): EntityOperation {
  return {
    kind: "entity",
    type,
    effects: effectsOf(row.effects, operands),
    reads: readsOf(operands),
    depth: depthOf(operands),
    offset,
    operands,
    instruction: row,
    index,
  };
}

export function transfer(
  row: Instruction,
  destination: number,
  source: number,
  operands: readonly Expression[],
  offset: number,
): Transfer {
  return {
    kind: "transfer",
    type: undefined,
    effects: effectsOf(row.effects, operands),
    reads: readsOf(operands),
    depth: depthOf(operands),
    offset,
    operands,
    instruction: row,
    destination,
    source,
  };
}

const callRow = instruction("call");
const callIndirectRow = instruction("call_indirect");

function singleResult(type: FuncType): ValType | undefined {
  return type.results.length === 1 ? type.results[0] : undefined;
}

export function call(
  functionIndex: number,
  functionType: FuncType,
  operands: readonly Expression[],
  offset: number,
): Call {
  return {
    kind: "call",
    type: singleResult(functionType),
    effects: effectsOf(callRow.effects, operands),
    reads: readsOf(operands),
    depth: depthOf(operands),
    offset,
    operands,
    functionIndex,
    functionType,
  };
}

export function callIndirect(
  typeIndex: number,
  tableIndex: number,
  functionType: FuncType,
  operands: readonly Expression[],
  offset: number,
): CallIndirect {
  return {
    kind: "call_indirect",
    type: singleResult(functionType),
    effects: effectsOf(callIndirectRow.effects, operands),
    reads: readsOf(operands),
    depth: depthOf(operands),
    offset,
    operands,
    typeIndex,
    tableIndex,
    functionType,
  };
}

export function callRef(
  typeIndex: number,
  functionType: FuncType,
  operands: readonly Expression[],
  offset: number,
): CallRef {
  return {
    kind: "call_ref",
    type: singleResult(functionType),
    effects: effectsOf(callIndirectRow.effects, operands),
    reads: readsOf(operands),
    depth: depthOf(operands),
    offset,
    operands,
    typeIndex,
    functionType,
  };
}

export function object(
  row: Instruction,
  typeIndex: number,
  index: number,
  type: ValType | undefined,
  operands: readonly Expression[],
  offset: number,
): ObjectOperation {
  return {
    kind: "object",
    type,
    effects: effectsOf(row.effects, operands),
    reads: readsOf(operands),
    depth: depthOf(operands),
    offset,
    operands,
    instruction: row,
    typeIndex,
    index,
  };
}

export function elementIs(tableIndex: number, position: number, functionIndex: number, offset: number): ElementIs {
  const effects = Effect.readsTable;
  const leaf = { type: i32, effects, reads: 0, depth: 1, offset, operands: none };
  return { kind: "element_is", ...leaf, tableIndex, position, functionIndex };
}

/** A caught exception never changes, so neither of these two has effects. */
export function exceptionIs(tag: number, caught: Expression): ExceptionIs {
  const { reads, depth, offset } = caught;
  return {
    kind: "exception_is",
    ...{ type: i32, effects: caught.effects, reads, depth: depth + 1, offset },
    ...{ operands: [caught], tag },
  };
}

export function exceptionValue(
  tag: number,
  position: number,
  type: ValType,
  caught: Expression,
  word = 0,
): ExceptionValue {
  const { reads, depth, offset } = caught;
  return {
    kind: "exception_value",
    ...{ type, effects: caught.effects, reads, depth: depth + 1, offset },
    ...{ operands: [caught], tag, position, word },
  };
}

/**
 * Whether evaluating `expression` may read `variable`. Exact for small trees; for others the filter decides, which
 * keeps the question cheap on any input.
 */
export function mayRead(expression: Expression, variable: number): boolean {
  if ((expression.reads & (1 << (variable & 31))) === 0) return false;
  if (expression.kind === "get") return expression.variable === variable;
  if (expression.depth > 5 || expression.operands.length > 4) return true;
  return expression.operands.some((operand) => mayRead(operand, variable));
}
