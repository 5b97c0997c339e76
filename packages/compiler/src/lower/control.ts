// Lowers statements: structured control keeps its structure, since JavaScript has labelled blocks and loops.

import {
  assertNever,
  type Block,
  type BrTable,
  bodiesOf,
  type Expression,
  type If,
  type Loop,
  leaves,
  type Return,
  type Set,
  type Statement,
} from "@anywasm/ir";
import { i64 } from "@anywasm/isa";
import {
  array,
  assign,
  binary,
  call,
  expression,
  ifElse,
  index,
  member,
  name,
  not,
  number,
  toNumber,
} from "../js/build.ts";
import type { JsCase, JsExpression, JsStatement } from "../js/nodes.ts";
import { mentions } from "../js/walk.ts";
import { assignedIn } from "./analysis.ts";
import { withFixedArrays } from "./arrays.ts";
import { assignPair } from "./assignment.ts";
import { lowerManyResults, lowerReturnCall } from "./call.ts";
import { emitForEffect } from "./entity.ts";
import { lowerThrow, lowerThrowRef, lowerTry } from "./exceptions.ts";
import { groupByLabel, insideBreakable, jump, labelIfUsed } from "./jumps.ts";
import { flatten, isPair, lowerNumber, lowerOperands, lowerWord } from "./operands.ts";
import type { Lowering } from "./state.ts";
import { isTableChain, lowerTableChain } from "./switch.ts";
import { isTower, lowerTower } from "./tower.ts";
import { fixesViews, fixViews } from "./views.ts";
import { assignWide, lowerWide } from "./wide.ts";

export function lowerBody(state: Lowering, body: readonly Statement[]): void {
  for (const statement of body) {
    const mark = state.beginStatement();
    if (state.computesWithBigInts) lowerBesideSlots(state, statement);
    else lowerStatement(state, statement);
    state.endStatement(mark);
  }
}

/** Sees to it that slots hold their variables' values wherever control goes on in more than one way. */
function lowerBesideSlots(state: Lowering, statement: Statement): void {
  const isNested = bodiesOf(statement).length > 0;
  if (isNested || statement.kind === "br" || statement.kind === "br_table") state.flushSlots();
  lowerStatement(state, statement);
  if (isNested) state.int64Slots.forget(assignedIn(statement));
}

function lowerStatement(state: Lowering, statement: Statement): void {
  switch (statement.kind) {
    case "set":
      return lowerSet(state, statement);
    case "set_many":
      return lowerManyResults(state, statement.value, statement.variables);
    case "evaluate":
      return emitForEffect(state, state.lower(statement.value, false));
    case "block":
      return lowerBlock(state, statement);
    case "loop":
      return lowerLoop(state, statement, undefined);
    case "if":
      return lowerIf(state, statement);
    case "br":
      for (const each of jump(state, statement.label)) state.emit(each);
      return;
    case "br_table":
      return lowerBrTable(state, statement);
    case "return":
      return lowerReturn(state, statement);
    case "return_call":
      return lowerReturnCall(state, statement.call);
    case "unreachable":
      return state.emit({ kind: "throw", value: call(state.helper("unreachable"), [], statement.offset) });
    case "throw":
      return lowerThrow(state, statement);
    case "throw_ref":
      return lowerThrowRef(state, statement);
    case "try":
      return lowerTry(state, statement);
    default:
      return assertNever(statement);
  }
}

function lowerSet(state: Lowering, { variable, value }: Set): void {
  if (state.typeOf(variable) === i64 && state.computesWithBigInts) assignWide(state, variable, lowerWide(state, value));
  else if (state.typeOf(variable) === i64) assignPair(state, variable, value);
  else state.setVariable(variable, lowerNumber(state, value, state.analysis.bitsObserved[variable] === 1));
}

function lowerReturn(state: Lowering, { values }: Return): void {
  const lowered = lowerOperands(state, values);
  const [only] = lowered;
  if (only === undefined) state.emit({ kind: "return", value: undefined });
  else if (lowered.length > 1) state.emit({ kind: "return", value: array([{ kind: "null" }, ...flatten(lowered)]) });
  else if (isPair(only)) {
    state.emit(assign(index(state.helper("high"), number(0)), only.hi));
    state.emit({ kind: "return", value: only.lo });
  } else state.emit({ kind: "return", value: toNumber(only) });
}

function lowerBlock(state: Lowering, block: Block): void {
  state.declareResults(block.results);
  const [only] = block.body;
  if (block.body.length === 1 && only?.kind === "loop" && only.results.length === 0) {
    lowerLoop(state, only, block.label);
    return;
  }
  if (isTableChain(state, block)) {
    lowerTableChain(state, block);
    return;
  }
  if (isTower(block)) {
    lowerTower(state, block);
    return;
  }
  const label = state.unique(`block${block.label}`);
  state.targets.set(block.label, { jump: "break", label });
  const body = state.nestedBody(block.body, everything);
  state.emit(state.weigh({ kind: "block", label, body }, block.label));
}

/** `exit` is the label of a block that holds nothing but the loop: a branch to it leaves the loop. */
function lowerLoop(state: Lowering, loop: Loop, exit: number | undefined): void {
  state.declareResults(loop.results);
  withFixedArrays(state, loop, () => {
    if (!fixesViews(state, loop)) {
      lowerLoopItself(state, loop, exit);
      return;
    }
    for (const statement of fixViews(state)) state.emit(statement);
    lowerLoopItself(state, loop, exit);
    state.fixedViews.clear();
  });
}

function lowerLoopItself(state: Lowering, loop: Loop, exit: number | undefined): void {
  const label = state.unique(`loop${loop.label}`);
  state.targets.set(loop.label, { jump: "continue", label });
  if (exit !== undefined) state.targets.set(exit, { jump: "break", label });
  const uses = state.analysis.labelUses[loop.label] ?? 0;
  const last = loop.body[loop.body.length - 1];
  const assigned = state.computesWithBigInts ? assignedIn(loop) : undefined;
  const kept = (variable: number): boolean => assigned?.has(variable) === false;
  if (uses === 1 && last?.kind === "if" && isJumpTo(last.then, loop.label) && last.otherwise.length === 0) {
    lowerDoWhile(state, loop, label, last.condition, kept);
    return;
  }
  const endsInRepeat = last?.kind === "br" && last.label === loop.label;
  const source = endsInRepeat ? loop.body.slice(0, -1) : loop.body;
  let condition: JsExpression | undefined;
  const body = insideBreakable(
    state,
    label,
    true,
    () => {
      lowerBody(state, source);
      if (endsInRepeat || leaves(last)) return;
      state.flushSlots();
      state.emit({ kind: "break", label: undefined });
    },
    kept,
  );
  const [first, second] = body;
  if (first?.kind === "if" && first.otherwise.length === 0) {
    if (isBareBreak(first.then)) {
      condition = not(first.condition);
      body.shift();
    } else if (body.length === 2 && isBareBreak([second]) && endsInContinue(first.then)) {
      condition = first.condition;
      body.splice(0, 2, ...first.then.slice(0, -1));
    }
  }
  body.unshift(...counting(state));
  const used = labelIfUsed(state, label);
  state.emit(
    condition === undefined ? { kind: "loop", label: used, body } : { kind: "while", label: used, condition, body },
  );
}

/** What a turn of a loop begins with, in code that asks for better code when it has run often. */
function counting(state: Lowering): readonly JsStatement[] {
  if (!state.module.countsCalls) return [];
  const self = state.self();
  return counted(self, "turns", [expression(call(member(self, "promoteFrom"), [number(0)]))]);
}

/** What a call begins with in such code: it goes on in better code once there is some. */
export function starting(state: Lowering, parameters: readonly string[]): readonly JsStatement[] {
  if (!state.module.countsCalls) return [];
  const self = state.self();
  const value = call(member(self, "code"), parameters.map(name));
  const isReplaced = call(member(self, "isReplaced"), []);
  return counted(self, "calls", [ifElse(isReplaced, [{ kind: "return", value }], [])]);
}

function counted(self: JsExpression, counter: string, then: readonly JsStatement[]): readonly JsStatement[] {
  const left = member(self, counter);
  return [assign(left, binary("-", left, number(1))), ifElse(binary("<", left, number(0)), then, [])];
}

/** Control enters a block, or an arm, from one place only. */
function everything(): boolean {
  return true;
}

function isBareBreak(body: readonly (JsStatement | undefined)[]): boolean {
  const [only] = body;
  return body.length === 1 && only?.kind === "break" && only.label === undefined;
}

function endsInContinue(body: readonly JsStatement[]): boolean {
  const last = body[body.length - 1];
  return last?.kind === "continue" && last.label === undefined;
}

function isJumpTo(body: readonly Statement[], label: number): boolean {
  const [only] = body;
  return body.length === 1 && only?.kind === "br" && only.label === label;
}

/** A loop whose only way back is a condition at its end. */
function lowerDoWhile(
  state: Lowering,
  loop: Loop,
  label: string,
  repeat: Expression,
  kept: (variable: number) => boolean,
): void {
  let condition: JsExpression | undefined;
  const body = insideBreakable(
    state,
    label,
    true,
    () => {
      lowerBody(state, loop.body.slice(0, -1));
      condition = lowerWord(state, repeat);
    },
    kept,
  );
  const test = condition as unknown as JsExpression;
  // What the body declares is not in scope of the condition behind it.
  const declared = body.some(
    (statement) => statement.kind === "declare" && statement.declarators.some(({ name }) => mentions(test, name)),
  );
  body.unshift(...counting(state));
  const used = labelIfUsed(state, label);
  if (!declared) {
    state.emit({ kind: "do", label: used, body, condition: test });
    return;
  }
  body.push(ifElse(not(test), [{ kind: "break", label: undefined }], []));
  state.emit({ kind: "loop", label: used, body });
}

function lowerIf(state: Lowering, { condition, likely, results, then, otherwise }: If): void {
  state.declareResults(results);
  const test = lowerWord(state, condition);
  const thenBody = state.nestedBody(then, everything);
  const otherwiseBody = state.nestedBody(otherwise, everything);
  if (thenBody.length > 0 || otherwiseBody.length === 0) state.emit(ifElse(test, thenBody, otherwiseBody, likely));
  else state.emit(ifElse(not(test), otherwiseBody, [], likely === undefined ? undefined : !likely));
}

function lowerBrTable(state: Lowering, { index: position, labels, fallback }: BrTable): void {
  const subject = lowerNumber(state, position);
  const label = state.unique("table");
  const cases: JsCase[] = [];
  insideBreakable(state, label, false, () => {
    for (const [target, tests] of groupByLabel(labels, fallback)) cases.push({ tests, body: jump(state, target) });
    cases.push({ tests: [undefined], body: jump(state, fallback) });
  });
  state.emit({ kind: "switch", label: undefined, subject, cases });
}
