// Gives each life of a local a variable of its own. Compilers use one local for many things one after the other; what is
// known of a variable (that it is small, that nobody looks at the bits of a NaN in it) holds only if it holds for all.
//
// Walks the function once, knowing for each local the life that its value belongs to. Where ways meet, a new life begins
// that those before flow into; only if somebody reads it are they joined to one.
import { assertNever, type Expression, expressionsOf, type Func, type Statement, type Try } from "@anywasm/ir";
import type { ValType } from "@anywasm/isa";
import type { Pass } from "./pass.ts";
import { Renamer, withNewLocals } from "./rename.ts";

/** Work is bounded by labels times locals. */
const maxWork = 200_000;

export const split: Pass = (func) => {
  if (func.localCount === 0 || func.localCount * func.labelCount > maxWork) return func;
  const lives = new Lives(func);
  lives.walk();
  return lives.rewritten();
};

/** For each local, the life its value belongs to. `undefined` where control does not come. */
type State = Int32Array | undefined;

class Lives {
  private readonly func: Func;
  /** Joined lives form trees; a life that points to itself stands for all that lead to it. */
  private readonly parents: number[] = [];
  /** Of lives that began where ways met: those that flow into them. */
  private readonly sources = new Map<number, number[]>();
  private readonly locals: number[] = [];
  private state: State;
  /** Of each body around whose exceptions are caught: the lives begun in it. */
  private readonly tried: number[][] = [];
  private readonly assigned = new Map<Statement, number>();
  private readonly reads = new Map<Expression, number>();
  /** States of branches to each label so far, joined: for blocks behind them, for loops at their head. */
  private readonly atLabel = new Map<number, { readonly state: Int32Array; readonly met: Set<number> }>();

  constructor(func: Func) {
    this.func = func;
    this.state = Int32Array.from({ length: func.localCount }, (_, local) => this.begin(local));
  }

  private begin(local: number): number {
    this.locals.push(local);
    return this.parents.push(this.parents.length) - 1;
  }

  private find(life: number): number {
    let root = life;
    while (this.parents[root] !== root) root = this.parents[root] as number;
    for (let each = life; each !== root; ) {
      const next = this.parents[each] as number;
      this.parents[each] = root;
      each = next;
    }
    return root;
  }

  /** Lets `other` flow into `target`, a state of its own at a place where ways meet. */
  private join(target: Int32Array, other: Int32Array, met: Set<number>): void {
    for (let local = 0; local < target.length; local++) {
      const a = target[local] as number;
      const b = other[local] as number;
      if (a === b) continue;
      if (met.has(a)) this.sources.get(a)?.push(b);
      else target[local] = this.meetingOf(local, [a, b], met);
    }
  }

  private meetingOf(local: number, sources: number[], met: Set<number>): number {
    const life = this.begin(local);
    this.sources.set(life, sources);
    met.add(life);
    return life;
  }

  /** Joins what flows into a life that is read. */
  private joinRead(): void {
    const waiting = [...new Set(this.reads.values())];
    const known = new Set(waiting);
    for (let life = waiting.pop(); life !== undefined; life = waiting.pop())
      for (const source of this.sources.get(life) ?? []) {
        const [a, b] = [this.find(life), this.find(source)];
        // The older one stays: a local's first value keeps its variable.
        if (a !== b) this.parents[Math.max(a, b)] = Math.min(a, b);
        if (known.has(source)) continue;
        known.add(source);
        waiting.push(source);
      }
  }

  walk(): void {
    this.body(this.func.body);
    this.joinRead();
  }

  private body(statements: readonly Statement[]): void {
    for (const statement of statements) this.statement(statement);
  }

  private statement(statement: Statement): void {
    for (const expression of expressionsOf(statement)) this.expression(expression);
    switch (statement.kind) {
      case "set":
        this.assign(statement, statement.variable);
        return;
      case "try":
        this.try(statement);
        return;
      case "evaluate":
      // The builder gives several results to temporaries only.
      case "set_many":
        return;
      case "br":
        this.branch(statement.label);
        break;
      case "br_table":
        for (const label of new Set([...statement.labels, statement.fallback])) this.branch(label);
        break;
      case "block":
        this.body(statement.body);
        this.meet(this.atLabel.get(statement.label)?.state);
        return;
      case "loop":
        this.enterLoop(statement.label);
        this.body(statement.body);
        return;
      case "if": {
        const before = this.state?.slice();
        this.body(statement.then);
        const afterThen = this.state;
        this.state = before;
        this.body(statement.otherwise);
        this.meet(afterThen);
        return;
      }
      case "return":
      case "return_call":
      case "unreachable":
      case "throw":
      case "throw_ref":
        break;
      default:
        assertNever(statement);
    }
    this.state = undefined;
  }

  private assign(statement: Statement, variable: number): void {
    if (variable >= this.func.localCount || this.state === undefined) return;
    const life = this.begin(variable);
    this.assigned.set(statement, life);
    this.state[variable] = life;
    for (const begun of this.tried) begun.push(life);
  }

  /** At the start of a handler, locals are what they were before the body, or anything that the body assigns. */
  private try({ body, handler }: Try): void {
    const before = this.state?.slice();
    const begun: number[] = [];
    this.tried.push(begun);
    this.body(body);
    this.tried.pop();
    const after = this.state;
    if (before !== undefined) {
      const met = new Set<number>();
      for (const life of begun) {
        const local = this.locals[life] as number;
        const known = before[local] as number;
        if (met.has(known)) this.sources.get(known)?.push(life);
        else before[local] = this.meetingOf(local, [known, life], met);
      }
    }
    this.state = before;
    this.body(handler);
    this.meet(after);
  }

  /** At the head of a loop all locals meet those of later turns. */
  private enterLoop(label: number): void {
    if (this.state === undefined) return;
    const met = new Set<number>();
    this.state = this.state.map((life, local) => this.meetingOf(local, [life], met));
    this.atLabel.set(label, { state: this.state.slice(), met });
  }

  private branch(label: number): void {
    if (this.state === undefined) return;
    const known = this.atLabel.get(label);
    if (known === undefined) this.atLabel.set(label, { state: this.state.slice(), met: new Set() });
    else this.join(known.state, this.state, known.met);
  }

  private meet(other: State): void {
    if (this.state === undefined) this.state = other?.slice();
    else if (other !== undefined) this.join(this.state, other, new Set());
  }

  private expression(expression: Expression): void {
    if (expression.kind === "get") {
      if (expression.variable < this.func.localCount && this.state !== undefined)
        this.reads.set(expression, this.state[expression.variable] as number);
      return;
    }
    for (const operand of expression.operands) this.expression(operand);
  }

  /** The function with a variable for each life that is not joined to its local's first. New ones come behind the locals. */
  rewritten(): Func {
    const { func } = this;
    const made = new Map<number, number>();
    const types: ValType[] = [];
    const variableOf = (life: number): number => {
      const root = this.find(life);
      if (root < func.localCount) return root;
      let variable = made.get(root);
      if (variable === undefined) {
        variable = func.localCount + types.length;
        made.set(root, variable);
        types.push(func.variables[this.locals[root] as number] as ValType);
      }
      return variable;
    };
    for (const life of this.assigned.values()) variableOf(life);
    if (types.length === 0) return func;
    const { func: changed, moved } = withNewLocals(func, types);
    const renamed = new Renamer(
      moved,
      undefined,
      (statement, variable) => {
        const life = this.assigned.get(statement);
        return life === undefined ? moved(variable) : variableOf(life);
      },
      (expression) => {
        const life = this.reads.get(expression);
        return life === undefined ? moved(expression.variable) : variableOf(life);
      },
    );
    return { ...changed, body: renamed.body(func.body) };
  }
}
