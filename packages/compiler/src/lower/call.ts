// Lowers calls. A function of the module is a record; its `code` is called, so that compiling it lazily, or better
// later, is one assignment. Parameters are flattened: a 64-bit integer takes two.

import {
  type AnyCall,
  assertNever,
  type Call,
  type CallIndirect,
  type CallRef,
  type Operation,
  type SetMany,
} from "@anywasm/ir";
import { Effect, type Effects, type FuncType, type HelperName, i64 } from "@anywasm/isa";
import { call, index, member, number } from "../js/build.ts";
import type { JsExpression } from "../js/nodes.ts";
import type { ModuleContext } from "../module-context.ts";
import { helperOf } from "./formula.ts";
import { flatten, lowerOperands, pairFromCall, settleConflicting } from "./operands.ts";
import type { Lowered, Lowering } from "./state.ts";
import { assignWords } from "./wide.ts";

/**
 * What is called of a function's record. Code that counts calls what is never replaced: it is most of a program, and engines would
 * compile all that has called a function again when the function is promoted.
 */
export function calledCode({ countsCalls }: ModuleContext): "code" | "first" {
  return countsCalls ? "first" : "code";
}

export function calleeHelper({ countsCalls }: ModuleContext): HelperName {
  return countsCalls ? "first_callee" : "callee";
}

export function lowerCall(state: Lowering, node: AnyCall): Lowered {
  return resultOf(state, node.functionType, anyCallExpression(state, node));
}

function anyCallExpression(state: Lowering, node: AnyCall): JsExpression {
  switch (node.kind) {
    case "call":
      return callExpression(state, node);
    case "call_indirect":
      return callIndirectExpression(state, node);
    case "call_ref":
      return callRefExpression(state, node);
    default:
      return assertNever(node);
  }
}

function resultOf(state: Lowering, { results }: FuncType, value: JsExpression): Lowered {
  return results.length === 1 && results[0] === i64 ? pairFromCall(state, value) : value;
}

function callExpression(state: Lowering, node: Call): JsExpression {
  const args = flatten(lowerOperands(state, node.operands));
  return call(member(state.entity("function", node.functionIndex), calledCode(state.module)), args, node.offset);
}

function callIndirectExpression(state: Lowering, node: CallIndirect): JsExpression {
  const [position, args] = indirectOperands(state, node, Effect.readsTable | Effect.traps);
  const callee = call(
    state.helper(calleeHelper(state.module)),
    [state.entity("table", node.tableIndex), position, state.entity("type", node.typeIndex)],
    node.offset,
  );
  return call(callee, args, node.offset);
}

/** Null has no code: reading it throws. */
function callRefExpression(state: Lowering, node: CallRef): JsExpression {
  const [callee, args] = indirectOperands(state, node, Effect.traps);
  return call(member(callee, calledCode(state.module)), args, node.offset);
}

/** The callee is found before the arguments are evaluated, so arguments that could tell are evaluated first. */
function indirectOperands(
  state: Lowering,
  node: CallIndirect | CallRef,
  lookUp: Effects,
): readonly [JsExpression, readonly JsExpression[]] {
  const values = lowerOperands(state, node.operands);
  const position = values.pop() as JsExpression;
  const args = node.operands.slice(0, -1);
  const positionEffects = node.operands[node.operands.length - 1]?.effects ?? 0;
  settleConflicting(state, args, values, lookUp | positionEffects);
  return [position, flatten(values)];
}

function wordsInArray(state: Lowering, node: AnyCall): () => JsExpression {
  const results = state.temporary(anyCallExpression(state, node));
  // The first element is no result: it keeps the engine from storing floats unboxed, which loses bits of NaNs.
  let position = 1;
  return () => index(results, number(position++));
}

function wordsInRegister(state: Lowering, { instruction, operands }: Operation): () => JsExpression {
  const words = flatten(lowerOperands(state, operands));
  const first = state.temporary(call(state.helper(helperOf(instruction)), words));
  let position = -1;
  return () => (position++ < 0 ? first : index(state.helper("high"), number(position - 1)));
}

/** What has several results: a call gives them as one array of words, a helper its first word, and the others in a register. */
export function lowerManyResults(state: Lowering, node: SetMany["value"], variables: readonly number[]): void {
  const next = node.kind === "operation" ? wordsInRegister(state, node) : wordsInArray(state, node);
  for (const variable of variables) {
    if (state.typeOf(variable) !== i64) state.setVariable(variable, next());
    else if (state.computesWithBigInts) assignWords(state, variable, { lo: next(), hi: next() });
    else state.setPair(variable, { lo: next(), hi: next() });
  }
}

/** `return` of a request to go on in the callee, which whoever called this function answers. */
export function lowerReturnCall(state: Lowering, node: AnyCall): void {
  state.tailCalls = true;
  if (node.kind === "call") {
    const args = flatten(lowerOperands(state, node.operands));
    const callee = state.entity("function", node.functionIndex);
    state.emit({ kind: "return", value: call(state.helper("tail_call"), [callee, ...args], node.offset) });
    return;
  }
  const values = flatten(lowerOperands(state, node.operands.slice(0, -1)));
  const settled = values.map((value) => state.atom(value));
  const [callee] = lowerOperands(state, node.operands.slice(-1)) as [JsExpression];
  if (node.kind === "call_ref") {
    state.emit({ kind: "return", value: call(state.helper("tail_call_ref"), [callee, ...settled], node.offset) });
    return;
  }
  const table = state.entity("table", node.tableIndex);
  const type = state.entity("type", node.typeIndex);
  const request = call(state.helper("tail_call_indirect"), [table, callee, type, ...settled], node.offset);
  state.emit({ kind: "return", value: request });
}
