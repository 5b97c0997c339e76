// Puts the bodies of small functions where they are called: beyond what engines do by themselves, which have a budget of
// bytecode and do not look into recursion, and so that other passes see through the call.
import {
  type AnyCall,
  type Call,
  constant,
  type Expression,
  type Func,
  get,
  isCall,
  mapBodies,
  type Statement,
  visitExpressions,
  visitStatements,
} from "@anywasm/ir";
import { type FuncType, f32, f64, functionBody, i32, type ValType } from "@anywasm/isa";
import type { ModuleContext } from "../module-context.ts";
import { CallRewriter } from "./calls.ts";
import type { Pass } from "./pass.ts";
import { Renamer } from "./rename.ts";
import { split } from "./split.ts";

/** Expressions and statements of a callee that is always worth it. */
const smallSize = 40;
/** Of a callee that calls nothing, called in a loop. */
const leafSize = 160;
/** Of a callee that calls nothing and takes or gives floats: engines put those on the heap for a call. */
const floatLeafSize = 400;
/** What a function may grow by. */
const maxGrowth = 1500;
/** Functions already this large gain nothing, and come nearer to what engines refuse to optimize. */
const maxCallerSize = 6000;
/** Calls inside of what was inlined are inlined in turn, this often. */
const maxRounds = 2;

export const inline: Pass = (func, module) => {
  const size = sizeOf(func.body);
  if (size > maxCallerSize) return func;
  let current = func;
  const budget = { left: maxGrowth };
  for (let round = 0; round < maxRounds; round++) {
    const next = new Inliner(current, func, module, budget).run();
    if (next === current) break;
    current = next;
  }
  return current;
};

function sizeOf(body: readonly Statement[]): number {
  let size = 0;
  visitStatements(body, () => size++);
  visitExpressions(body, () => size++);
  return size;
}

/** A function that may be put where it is called. */
interface Callee {
  readonly func: Func;
  readonly size: number;
}

class Inliner extends CallRewriter {
  /** As it came from the module: what recursive calls are replaced by. */
  private readonly original: Func;
  private readonly module: ModuleContext;
  private readonly budget: { left: number };
  private readonly newLocals = new Set<number>();
  private readonly candidates = new Map<number, Callee | undefined>();

  constructor(func: Func, original: Func, module: ModuleContext, budget: { left: number }) {
    super(func);
    this.original = original;
    this.module = module;
    this.budget = budget;
  }

  run(): Func {
    const { budget, func } = this;
    const before = budget.left;
    const body = this.body(func.body);
    return budget.left === before ? func : this.withLocalsFirst(body);
  }

  /** Parameters and locals of what was inlined become locals: temporaries are read soon after they are assigned. */
  private withLocalsFirst(body: readonly Statement[]): Func {
    const { func, variables, newLocals, labelCount } = this;
    const isLocal = (variable: number): boolean => variable < func.localCount || newLocals.has(variable);
    const order = [...variables.keys()].sort((a, b) => Number(!isLocal(a)) - Number(!isLocal(b)) || a - b);
    const numbers = new Map(order.map((variable, number) => [variable, number]));
    const moved = (variable: number): number => numbers.get(variable) as number;
    return {
      ...func,
      variables: order.map((variable) => variables[variable] as ValType),
      localCount: func.localCount + newLocals.size,
      labelCount,
      body: new Renamer(moved).body(body),
    };
  }

  protected replaced(call: AnyCall, out: Statement[]): Expression {
    if (call.kind !== "call") return call;
    const callee = this.candidate(call);
    return callee === undefined ? call : this.inlined(call, callee, out);
  }

  /** The callee, if its body should stand here. */
  private candidate({ functionIndex, functionType }: Call): Func | undefined {
    const { structure } = this.module;
    if (functionType.results.length > 1 || functionIndex < structure.importedFunctionCount) return undefined;
    if (!this.candidates.has(functionIndex))
      this.candidates.set(functionIndex, this.suitable(functionIndex, functionType));
    const callee = this.candidates.get(functionIndex);
    if (callee === undefined) return undefined;
    const { func, size } = callee;
    const isWorthIt =
      size <= smallSize || this.loops > 0 || functionIndex === this.func.index || hasFloats(functionType);
    if (size > this.budget.left || !isWorthIt) return undefined;
    this.budget.left -= size;
    return func;
  }

  private suitable(functionIndex: number, type: FuncType): Callee | undefined {
    const { structure } = this.module;
    const range = functionBody(structure, functionIndex);
    // A byte is an instruction at most: longer bodies need not be looked at.
    if (range === undefined || range.end - range.start > 8 * floatLeafSize) return undefined;
    // With a variable for each life, since what is inlined is not split again.
    const func =
      functionIndex === this.func.index && this.original.type === type
        ? this.original
        : split(this.module.build(functionIndex), this.module);
    let calls = 0;
    let isRefused = false;
    visitExpressions(func.body, (expression) => {
      if (isCall(expression)) calls++;
    });
    visitStatements(func.body, ({ kind }) => {
      if (kind === "return_call" || kind === "set_many") isRefused = true;
    });
    const size = sizeOf(func.body);
    const limit = calls > 0 ? smallSize : hasFloats(func.type) ? floatLeafSize : leafSize;
    return isRefused || size > limit ? undefined : { func, size };
  }

  private inlined(call: Call, callee: Func, out: Statement[]): Expression {
    const firstVariable = this.variables.length;
    for (const type of callee.variables) this.variables.push(type);
    for (let i = 0; i < callee.localCount; i++) this.newLocals.add(firstVariable + i);
    const firstLabel = this.labelCount;
    this.labelCount += callee.labelCount;
    callee.type.params.forEach((_, i) => {
      out.push({ kind: "set", variable: firstVariable + i, value: call.operands[i] as Expression });
    });
    // Locals are zero each time the body is entered (core spec, §4.4 "Function Calls").
    const assignedFirst = assignedAtOnce(callee);
    for (let i = callee.type.params.length; i < callee.localCount; i++)
      if (!assignedFirst.has(i)) {
        const type = callee.variables[i] as ValType;
        out.push({ kind: "set", variable: firstVariable + i, value: constant(type, 0, 0, call.offset) });
      }
    const [type] = callee.type.results;
    const result = type === undefined ? undefined : this.newVariable(type);
    const label = this.labelCount++;
    const renamer = new Renamer(
      (variable) => firstVariable + variable,
      (inner) => firstLabel + inner,
    );
    const returns = { variable: result, exit: label, areBranches: false };
    const body = withoutReturns(renamer.body(callee.body), returns, true);
    if (returns.areBranches) out.push({ kind: "block", label, results: result === undefined ? [] : [result], body });
    else out.push(...withResult(body, result));
    return result === undefined || type === undefined
      ? constant(i32, 0, 0, call.offset)
      : get(result, type, call.offset);
  }
}

/** Says of the last statement that it assigns `result`, if it does so somewhere inside. */
function withResult(body: readonly Statement[], result: number | undefined): readonly Statement[] {
  const last = body[body.length - 1];
  if (result === undefined || (last?.kind !== "if" && last?.kind !== "block" && last?.kind !== "loop")) return body;
  return [...body.slice(0, -1), { ...last, results: [...last.results, result] }];
}

function hasFloats({ params, results }: FuncType): boolean {
  return [...params, ...results].some((type) => type === f32 || type === f64);
}

/** Locals that the first statements of a function assign, before anything reads them. */
function assignedAtOnce(func: Func): ReadonlySet<number> {
  const assigned = new Set<number>();
  const readSoFar = new Set<number>();
  const visit = (expression: Expression): void => {
    if (expression.kind === "get") readSoFar.add(expression.variable);
    expression.operands.forEach(visit);
  };
  for (const statement of func.body) {
    if (statement.kind !== "set" && statement.kind !== "evaluate") break;
    visit(statement.value);
    if (statement.kind === "set" && !readSoFar.has(statement.variable)) assigned.add(statement.variable);
  }
  return assigned;
}

interface Returns {
  /** Takes the result. */
  readonly variable: number | undefined;
  /** Behind the copy. */
  readonly exit: number;
  /** Whether some branch goes behind the copy, which then needs a block around it. */
  areBranches: boolean;
}

/** `return` made an assignment, and a branch behind the copy. `isLast`: falling off the end leaves the copy. */
function withoutReturns(body: readonly Statement[], returns: Returns, isLast: boolean): readonly Statement[] {
  return body.flatMap((statement, i) => {
    const leaves = isLast && i === body.length - 1;
    if (statement.kind !== "return")
      return [mapBodies(statement, (inner) => withoutReturns(inner, returns, leaves && statement.kind !== "loop"))];
    const [value] = statement.values;
    const made: Statement[] = [];
    if (value !== undefined && returns.variable !== undefined)
      made.push({ kind: "set", variable: returns.variable, value });
    if (!leaves) {
      returns.areBranches = true;
      made.push({ kind: "br", label: returns.exit });
    }
    return made;
  });
}
