// Facts about a function that lowering needs before its first line: uses of labels and variables, and where the
// bits of a NaN can be seen. All flow-insensitive and linear in the size of the function.

import {
  bodiesOf,
  type Expression,
  expressionsOf,
  type Func,
  isCall,
  type ObjectOperation,
  type Statement,
  variablesSet,
  visitStatements,
} from "@anywasm/ir";
import { f32, f64, heapTypeOf, i64, isConcrete, type ValType } from "@anywasm/isa";

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
  /** Memories the function reads or writes itself. */
  readonly memories: ReadonlySet<number>;
  /** Whether something the function evaluates may grow a memory: a call, or `memory.grow`. */
  readonly mayGrow: boolean;
  readonly usesArrays: boolean;
  /** Whether there are casts to types that are defined. */
  readonly usesCasts: boolean;
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
  const facts: ReadFacts = {
    used,
    bitsObserved,
    reads,
    moves: [],
    memories: new Set<number>(),
    mayGrow: false,
    usesArrays: false,
    usesCasts: false,
  };
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
    // Bits that go into a variable are seen if those of the variable are.
    if (statement.kind === "set" && isFloat(func.variables[statement.variable] as ValType))
      temporaries += visitMoved(statement.value, statement.variable, facts);
    else for (const expression of expressionsOf(statement)) temporaries += visitReads(expression, true, facts);
    if (statement.kind === "set") {
      assign(statement.variable);
      if (statement.value.kind === "get") copies.push([statement.variable, statement.value.variable]);
      else if (signals(statement.value)) maySignal[statement.variable] = 1;
    } else
      for (const variable of variablesSet(statement)) {
        assign(variable);
        maySignal[variable] = 1;
      }
  });
  spread(copies, maySignal);
  spread(facts.moves, bitsObserved);
  return {
    labelUses,
    assignments,
    used,
    bitsObserved,
    maySignal,
    reads,
    manyTemporaries: temporaries > manyTemporaries,
    memories: facts.memories,
    mayGrow: facts.mayGrow,
    usesArrays: facts.usesArrays,
    usesCasts: facts.usesCasts,
  };
}

/** Calls `use` for each label that a statement branches to, as often as it names it. */
export function visitLabels(statement: Statement, use: (label: number) => void): void {
  if (statement.kind === "br") use(statement.label);
  else if (statement.kind === "br_table") {
    statement.labels.forEach(use);
    use(statement.fallback);
  }
}

/** The variables that a statement assigns, itself or in its bodies. */
export function assignedIn(statement: Statement): ReadonlySet<number> {
  const assigned = new Set<number>();
  visitStatements([statement], (each) => {
    for (const variable of variablesSet(each)) assigned.add(variable);
  });
  return assigned;
}

/** Gives `flags` of `from` to `to`, until nothing changes. */
function spread(edges: readonly (readonly [to: number, from: number])[], flags: Uint8Array): void {
  const next = new Map<number, number[]>();
  for (const [to, from] of edges) {
    const known = next.get(from);
    if (known === undefined) next.set(from, [to]);
    else known.push(to);
  }
  const waiting = [...next.keys()].filter((variable) => flags[variable] === 1);
  for (let from = waiting.pop(); from !== undefined; from = waiting.pop())
    for (const to of next.get(from) ?? []) {
      if (flags[to] === 1) continue;
      flags[to] = 1;
      waiting.push(to);
    }
}

interface ReadFacts extends Pick<Analysis, "used" | "bitsObserved" | "reads"> {
  /** The bits of `to` are seen if those of `from` are. */
  readonly moves: (readonly [to: number, from: number])[];
  readonly memories: Set<number>;
  mayGrow: boolean;
  usesArrays: boolean;
  usesCasts: boolean;
}

/** As `visitReads`, for what is assigned to a float variable. */
function visitMoved(expression: Expression, target: number, facts: ReadFacts): number {
  if (expression.kind === "get") facts.moves.push([expression.variable, target]);
  else if (expression.kind === "operation" && expression.instruction.name.startsWith("select")) {
    const [first, second, condition] = expression.operands as readonly [Expression, Expression, Expression];
    return visitMoved(first, target, facts) + visitMoved(second, target, facts) + visitReads(condition, true, facts);
  }
  return visitReads(expression, expression.kind !== "get", facts);
}

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
  if (expression.kind === "access") facts.memories.add(expression.memArg.memory);
  if (mayGrowItself(expression)) facts.mayGrow = true;
  if (expression.kind === "object" && expression.instruction.name.startsWith("array.")) facts.usesArrays = true;
  if (isCastToDefined(expression)) facts.usesCasts = true;
  let named = expression.type === i64 && expression.kind !== "constant" ? 2 : 0;
  for (const operand of expression.operands) named += visitReads(operand, inner, facts);
  return named;
}

/** Whether an expression asks whether its operand is of a defined type. */
export function isCastToDefined(expression: Expression): expression is ObjectOperation {
  if (expression.kind !== "object" || !/^ref\.(?:test|cast)(?: null)?$/.test(expression.instruction.name)) return false;
  return isConcrete(heapTypeOf(expression.typeIndex as ValType));
}

/**
 * Whether evaluating the node, its operands apart, may grow a memory, or may tell of other agents' having done so, as atomic
 * instructions do.
 */
function mayGrowItself(expression: Expression): boolean {
  if (isCall(expression)) return true;
  switch (expression.kind) {
    case "access":
      return expression.instruction.access?.method === "atomic";
    case "entity":
      return expression.instruction.name === "memory.grow" || expression.instruction.name === "memory.size";
    default:
      return false;
  }
}

/** The loops of a function in which nothing may grow a memory. Linear in its size; without recursion. */
export function loopsWithoutGrowth(func: Func): ReadonlySet<Statement> {
  const order: Statement[] = [];
  const growing = new Set<Statement>();
  visitStatements(func.body, (statement) => {
    order.push(statement);
    if (expressionsOf(statement).some(mayGrow)) growing.add(statement);
  });
  const found = new Set<Statement>();
  // Inner statements come behind outer ones, so going backwards all inner ones are known.
  for (let i = order.length - 1; i >= 0; i--) {
    const statement = order[i] as Statement;
    if (bodiesOf(statement).some((body) => body.some((inner) => growing.has(inner)))) growing.add(statement);
    else if (statement.kind === "loop" && !growing.has(statement)) found.add(statement);
  }
  return found;
}

function mayGrow(expression: Expression): boolean {
  return mayGrowItself(expression) || expression.operands.some(mayGrow);
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
