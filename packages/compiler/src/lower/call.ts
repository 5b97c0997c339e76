// Lowers calls. A function of the module is a record; its `code` is called, so that compiling it lazily, or better
// later, is one assignment. Parameters are flattened: a 64-bit integer takes two.

import type { Call, CallIndirect, Operation, SetMany } from "@anywasm/ir";
import { Effect, type FuncType, i64 } from "@anywasm/isa";
import { call, index, member, number } from "../js/build.ts";
import type { JsExpression } from "../js/nodes.ts";
import { helperOf } from "./formula.ts";
import { flatten, lowerOperands, pairFromCall, settleConflicting } from "./operands.ts";
import type { Lowered, Lowering } from "./state.ts";
import { assignWords } from "./wide.ts";

export function lowerCall(state: Lowering, node: Call): Lowered {
  return resultOf(state, node.functionType, callExpression(state, node));
}

export function lowerCallIndirect(state: Lowering, node: CallIndirect): Lowered {
  return resultOf(state, node.functionType, callIndirectExpression(state, node));
}

function resultOf(state: Lowering, { results }: FuncType, value: JsExpression): Lowered {
  return results.length === 1 && results[0] === i64 ? pairFromCall(state, value) : value;
}

function callExpression(state: Lowering, node: Call): JsExpression {
  const args = flatten(lowerOperands(state, node.operands));
  return call(member(state.entity("function", node.functionIndex), "code"), args, node.offset);
}

function callIndirectExpression(state: Lowering, node: CallIndirect): JsExpression {
  const [position, args] = indirectOperands(state, node);
  const callee = call(
    state.helper("callee"),
    [state.entity("table", node.tableIndex), position, state.entity("type", node.typeIndex)],
    node.offset,
  );
  return call(callee, args, node.offset);
}

/** The element is looked up before the arguments are evaluated, so arguments that could tell are evaluated first. */
function indirectOperands(state: Lowering, node: CallIndirect): readonly [JsExpression, readonly JsExpression[]] {
  const values = lowerOperands(state, node.operands);
  const position = values.pop() as JsExpression;
  const args = node.operands.slice(0, -1);
  const positionEffects = node.operands[node.operands.length - 1]?.effects ?? 0;
  settleConflicting(state, args, values, Effect.readsTable | Effect.traps | positionEffects);
  return [position, flatten(values)];
}

function wordsInArray(state: Lowering, node: Call | CallIndirect): () => JsExpression {
  const value = node.kind === "call" ? callExpression(state, node) : callIndirectExpression(state, node);
  const results = state.temporary(value);
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
export function lowerReturnCall(state: Lowering, node: Call | CallIndirect): void {
  state.tailCalls = true;
  if (node.kind === "call") {
    const args = flatten(lowerOperands(state, node.operands));
    const callee = state.entity("function", node.functionIndex);
    state.emit({ kind: "return", value: call(state.helper("tail_call"), [callee, ...args], node.offset) });
    return;
  }
  const values = flatten(lowerOperands(state, node.operands.slice(0, -1)));
  const settled = values.map((value) => state.atom(value));
  const [position] = lowerOperands(state, node.operands.slice(-1));
  const table = state.entity("table", node.tableIndex);
  const type = state.entity("type", node.typeIndex);
  const request = call(
    state.helper("tail_call_indirect"),
    [table, position as JsExpression, type, ...settled],
    node.offset,
  );
  state.emit({ kind: "return", value: request });
}
