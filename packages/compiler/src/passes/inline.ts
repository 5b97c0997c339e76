// Puts the bodies of small functions where they are called: beyond what engines do by themselves, which have a budget of
// bytecode and do not look into recursion, and so that other passes see through the call.
import {
  assertNever,
  type Call,
  constant,
  type Expression,
  type Func,
  get,
  mapExpression,
  type Statement,
  visitExpressions,
  visitStatements,
  withOperands,
} from "@anywasm/ir";
import { Effect, effectsConflict, type FuncType, f32, f64, i32, i64, type ValType } from "@anywasm/isa";
import type { ModuleContext } from "../module-context.ts";
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

class Inliner {
  private readonly func: Func;
  /** As it came from the module: what recursive calls are replaced by. */
  private readonly original: Func;
  private readonly module: ModuleContext;
  private readonly budget: { left: number };
  private readonly variables: ValType[];
  private readonly newLocals = new Set<number>();
  private labelCount: number;
  private isChanged = false;
  private readonly candidates = new Map<number, Callee | undefined>();
  private loops = 0;

  constructor(func: Func, original: Func, module: ModuleContext, budget: { left: number }) {
    this.func = func;
    this.original = original;
    this.module = module;
    this.budget = budget;
    this.variables = [...func.variables];
    this.labelCount = func.labelCount;
  }

  run(): Func {
    const body = this.body(this.func.body);
    if (!this.isChanged) return this.func;
    return this.withLocalsFirst(body);
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

  private body(statements: readonly Statement[]): readonly Statement[] {
    const out: Statement[] = [];
    for (const statement of statements) this.statement(statement, out);
    return out;
  }

  private statement(statement: Statement, out: Statement[]): void {
    switch (statement.kind) {
      case "block":
        out.push({ ...statement, body: this.body(statement.body) });
        return;
      case "loop": {
        this.loops++;
        out.push({ ...statement, body: this.body(statement.body) });
        this.loops--;
        return;
      }
      case "if": {
        const condition = this.expression(statement.condition, out);
        out.push({
          ...statement,
          condition,
          then: this.body(statement.then),
          otherwise: this.body(statement.otherwise),
        });
        return;
      }
      case "set":
        out.push({ ...statement, value: this.expression(statement.value, out) });
        return;
      case "evaluate": {
        const value = this.expression(statement.value, out);
        if (value.effects !== 0) out.push({ ...statement, value });
        return;
      }
      case "return":
        out.push({ ...statement, values: this.list(statement.values, out) });
        return;
      case "br_table":
        out.push({ ...statement, index: this.expression(statement.index, out) });
        return;
      case "set_many":
      case "return_call":
      case "br":
      case "unreachable":
        out.push(statement);
        return;
      default:
        assertNever(statement);
    }
  }

  /** Expressions evaluated one after the other, with calls inside them put before. */
  private list(expressions: readonly Expression[], out: Statement[]): readonly Expression[] {
    const values: Expression[] = [];
    for (const expression of expressions) {
      const mark = out.length;
      const value = this.expression(expression, out);
      // What stands before and could tell the difference has to be evaluated before what was put there.
      if (out.length > mark) this.spillBefore(values, expression, out, mark);
      values.push(value);
    }
    return values;
  }

  private spillBefore(values: Expression[], later: Expression, out: Statement[], mark: number): void {
    const spills: Statement[] = [];
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as Expression;
      if (!effectsConflict(value.effects, later.effects) || value.type === undefined) continue;
      const variable = this.newVariable(value.type);
      spills.push({ kind: "set", variable, value });
      values[i] = get(variable, value.type, value.offset);
    }
    out.splice(mark, 0, ...spills);
  }

  private expression(expression: Expression, out: Statement[]): Expression {
    if ((expression.effects & callEffects) !== callEffects) return expression;
    const operands = this.list(expression.operands, out);
    const isSame = operands.every((operand, i) => operand === expression.operands[i]);
    const current = isSame ? expression : withOperands(expression, operands);
    if (current.kind !== "call") return current;
    const callee = this.candidate(current);
    return callee === undefined ? current : this.inlined(current, callee, out);
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
    const range = structure.bodies[functionIndex - structure.importedFunctionCount];
    // A byte is an instruction at most: longer bodies need not be looked at.
    if (range === undefined || range.end - range.start > 8 * floatLeafSize) return undefined;
    // With a variable for each life, since what is inlined is not split again.
    const func =
      functionIndex === this.func.index && this.original.type === type
        ? this.original
        : split(this.module.build(functionIndex), this.module);
    let calls = 0;
    let isRefused = func.variables.some((type) => type !== i32 && type !== i64 && type !== f32 && type !== f64);
    visitExpressions(func.body, ({ kind }) => {
      if (kind === "call" || kind === "call_indirect") calls++;
    });
    visitStatements(func.body, ({ kind }) => {
      if (kind === "return_call" || kind === "set_many") isRefused = true;
    });
    const size = sizeOf(func.body);
    const limit = calls > 0 ? smallSize : hasFloats(func.type) ? floatLeafSize : leafSize;
    return isRefused || size > limit ? undefined : { func, size };
  }

  private inlined(call: Call, callee: Func, out: Statement[]): Expression {
    this.isChanged = true;
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
    const copied = new Copier(firstVariable, firstLabel, label, result);
    const body = copied.body(callee.body, true);
    if (copied.leaves) out.push({ kind: "block", label, results: result === undefined ? [] : [result], body });
    else out.push(...withResult(body, result));
    return result === undefined || type === undefined
      ? constant(i32, 0, 0, call.offset)
      : get(result, type, call.offset);
  }

  private newVariable(type: ValType): number {
    return this.variables.push(type) - 1;
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

/** The bit that only calls have. */
const callEffects = Effect.calls & ~0x7f;

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

/** Copies a callee's statements: variables and labels renumbered, `return` made a branch behind the copy. */
class Copier {
  private readonly firstVariable: number;
  private readonly firstLabel: number;
  private readonly exit: number;
  private readonly result: number | undefined;
  /** Whether some branch goes behind the copy, which then needs a block around it. */
  leaves = false;

  constructor(firstVariable: number, firstLabel: number, exit: number, result: number | undefined) {
    this.firstVariable = firstVariable;
    this.firstLabel = firstLabel;
    this.exit = exit;
    this.result = result;
  }

  /** `isLast`: falling off the end leaves the copy. */
  body(statements: readonly Statement[], isLast: boolean): readonly Statement[] {
    return statements.flatMap((statement, i) => this.statement(statement, isLast && i === statements.length - 1));
  }

  private statement(statement: Statement, isLast: boolean): readonly Statement[] {
    switch (statement.kind) {
      case "set":
        return [{ ...statement, variable: this.variable(statement.variable), value: this.expression(statement.value) }];
      case "evaluate":
        return [{ ...statement, value: this.expression(statement.value) }];
      case "block":
        return [this.labelled(statement, this.body(statement.body, isLast))];
      case "loop":
        return [this.labelled(statement, this.body(statement.body, false))];
      case "if":
        return [
          {
            ...statement,
            condition: this.expression(statement.condition),
            results: statement.results.map((each) => this.variable(each)),
            then: this.body(statement.then, isLast),
            otherwise: this.body(statement.otherwise, isLast),
          },
        ];
      case "br":
        return [{ ...statement, label: this.label(statement.label) }];
      case "br_table":
        return [
          {
            ...statement,
            index: this.expression(statement.index),
            labels: statement.labels.map((each) => this.label(each)),
            fallback: this.label(statement.fallback),
          },
        ];
      case "return":
        return this.returned(statement.values, isLast);
      case "unreachable":
        return [statement];
      case "set_many":
      case "return_call":
        throw new TypeError(`${statement.kind} is not inlined`);
      default:
        return assertNever(statement);
    }
  }

  private labelled<T extends Statement & { kind: "block" | "loop" }>(statement: T, body: readonly Statement[]): T {
    const results = statement.results.map((each) => this.variable(each));
    return { ...statement, label: this.label(statement.label), results, body };
  }

  private returned(values: readonly Expression[], isLast: boolean): readonly Statement[] {
    const [value] = values;
    const made: Statement[] = [];
    if (value !== undefined && this.result !== undefined)
      made.push({ kind: "set", variable: this.result, value: this.expression(value) });
    if (!isLast) {
      this.leaves = true;
      made.push({ kind: "br", label: this.exit });
    }
    return made;
  }

  private expression(expression: Expression): Expression {
    return mapExpression(expression, (each) =>
      each.kind === "get" ? get(this.variable(each.variable), each.type, each.offset) : each,
    );
  }

  private variable(variable: number): number {
    return this.firstVariable + variable;
  }

  private label(label: number): number {
    return this.firstLabel + label;
  }
}
