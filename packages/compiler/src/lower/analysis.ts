// Facts about a function that lowering needs before its first line: uses of labels and variables, and where the
// bits of a NaN can be seen. All flow-insensitive and linear in the size of the function.

import { type Expression, expressionsOf, type Func, type Statement, visitStatements } from "@anywasm/ir";
import { f32, f64, i64, type ValType } from "@anywasm/isa";

export interface Analysis {
  /** Branches to each label. */
  readonly labelUses: Uint32Array;
  /** Assignments to each variable. */
  readonly assignments: Uint32Array;
  /** Variables read or written anywhere. */
  readonly used: Uint8Array;
  /** Float variables that are read by something other than arithmetic, so that the bits of a NaN in them matter. */
  readonly bitsObserved: Uint8Array;
  /** f32 variables that may hold a signalling NaN. */
  readonly maySignal: Uint8Array;
  /** Reads of each variable. */
  readonly reads: Uint32Array;
  /**
   * Engines give every variable of a function a place in its frame, whatever its scope: thousands of constants make
   * frames that exhaust the stack after few calls. Above this many, temporaries share names.
   */
  readonly manyTemporaries: boolean;
}

const manyTemporaries = 40;

export function analyse(func: Func): Analysis {
  const variableCount = func.variables.length;
  const labelUses = new Uint32Array(func.labelCount);
  const assignments = new Uint32Array(variableCount);
  const used = new Uint8Array(variableCount);
  const bitsObserved = new Uint8Array(variableCount);
  const maySignal = new Uint8Array(variableCount);
  for (let i = 0; i < func.type.params.length; i++) {
    used[i] = 1;
    maySignal[i] = 1;
  }
  const reads = new Uint32Array(variableCount);
  // The lowering makes temporaries of its own for 64-bit values.
  let temporaries = variableCount - func.localCount;
  const facts = { used, bitsObserved, reads };
  const copies: (readonly [to: number, from: number])[] = [];
  const assign = (variable: number): void => {
    assignments[variable] = (assignments[variable] ?? 0) + 1;
    used[variable] = 1;
  };
  const useLabel = (label: number): void => {
    labelUses[label] = (labelUses[label] ?? 0) + 1;
  };
  visitStatements(func.body, (statement) => {
    visitLabels(statement, useLabel);
    for (const expression of expressionsOf(statement)) temporaries += visitReads(expression, true, facts);
    if (statement.kind === "set") {
      assign(statement.variable);
      if (statement.value.kind === "get") copies.push([statement.variable, statement.value.variable]);
      else if (signals(statement.value)) maySignal[statement.variable] = 1;
    } else if (statement.kind === "set_many") {
      for (const variable of statement.variables) {
        assign(variable);
        maySignal[variable] = 1;
      }
    }
  });
  // A copy may signal if its source may. One more sweep than there are copies in a chain would be exact; a chain
  // longer than that is answered safely.
  for (const [to, from] of copies) if (maySignal[from] === 1 || (assignments[from] ?? 0) > 0) maySignal[to] = 1;
  return {
    labelUses,
    assignments,
    used,
    bitsObserved,
    maySignal,
    reads,
    manyTemporaries: temporaries > manyTemporaries,
  };
}

function visitLabels(statement: Statement, use: (label: number) => void): void {
  if (statement.kind === "br") use(statement.label);
  else if (statement.kind === "br_table") {
    statement.labels.forEach(use);
    use(statement.fallback);
  }
}

type ReadFacts = Pick<Analysis, "used" | "bitsObserved" | "reads">;

/** Notes the reads of a tree, and counts the values that lowering it will name. */
function visitReads(expression: Expression, observed: boolean, facts: ReadFacts): number {
  if (expression.kind === "get") {
    const { variable } = expression;
    facts.used[variable] = 1;
    facts.reads[variable] = (facts.reads[variable] ?? 0) + 1;
    if (observed && isFloat(expression.type)) facts.bitsObserved[variable] = 1;
    return 0;
  }
  const inner = observesBits(expression, observed);
  let named = expression.type === i64 && expression.kind !== "constant" ? 2 : 0;
  for (const operand of expression.operands) named += visitReads(operand, inner, facts);
  return named;
}

function isFloat(type: ValType): boolean {
  return type === f32 || type === f64;
}

/** Whether the bits of a NaN operand show in what `expression` gives, when its own bits are `observed` or not. */
export function observesBits(expression: Expression, observed: boolean): boolean {
  if (expression.kind !== "operation") return true;
  const { instruction } = expression;
  if (instruction.arithmetic) return false;
  // A conditional or sign change passes bits on; nobody sees them if nobody looks at the result.
  if (instruction.name === "select" || instruction.name === "select t") return observed;
  if (instruction.jsIgnoringNaNBits !== undefined) return observed;
  return true;
}

/** Whether an expression of type f32 can give a signalling NaN; arithmetic gives quiet ones. */
export function signals(expression: Expression): boolean {
  switch (expression.kind) {
    case "operation":
      return (
        expression.instruction.movesBits ||
        (!expression.instruction.arithmetic &&
          expression.operands.some((operand) => operand.type === f32 && signals(operand)))
      );
    case "constant":
      return (expression.lo & 0x7fc00000) === 0x7f800000 && (expression.lo & 0x003fffff) !== 0;
    default:
      return true;
  }
}
