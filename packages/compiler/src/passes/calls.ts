// Takes calls out of the trees that they are in, so that statements can stand in their place.
import {
  type AnyCall,
  type Expression,
  type Func,
  get,
  isCall,
  leaves,
  mapBodies,
  mapOwnExpressions,
  type Statement,
  withOperands,
} from "@anywasm/ir";
import { effectsConflict, type ValType } from "@anywasm/isa";
import { likelyArm, unlikelyArm } from "../hints.ts";

/** The bit that only calls have. */
const callEffects = 1 << 8;

export abstract class CallRewriter {
  protected readonly func: Func;
  /** Types of the function's variables, and of those that are added. */
  protected readonly variables: ValType[];
  protected labelCount: number;
  /** Loops around the call that is looked at. */
  protected loops = 0;
  /** Whether the module says that what is looked at hardly ever runs: calls there stay as they are. */
  private isUnlikely = false;

  constructor(func: Func) {
    this.func = func;
    this.variables = [...func.variables];
    this.labelCount = func.labelCount;
  }

  /** What is to stand for a call; statements that run before it are added to `out`. */
  protected abstract replaced(call: AnyCall, out: Statement[]): Expression;

  protected newVariable(type: ValType): number {
    return this.variables.push(type) - 1;
  }

  protected body(statements: readonly Statement[]): readonly Statement[] {
    const out: Statement[] = [];
    const before = this.isUnlikely;
    for (const statement of statements) {
      this.statement(statement, out);
      if (statement.kind === "if") this.isUnlikely ||= leaves(likelyArm(statement)?.slice(-1)[0]);
    }
    this.isUnlikely = before;
    return out;
  }

  private statement(statement: Statement, out: Statement[]): void {
    const { kind } = statement;
    if (kind === "set_many" || kind === "return_call") {
      out.push(statement);
      return;
    }
    if (kind === "return" || kind === "throw") {
      out.push({ ...statement, values: this.list(statement.values, out) });
      return;
    }
    if (kind === "loop") this.loops++;
    const made = mapBodies(
      mapOwnExpressions(statement, (expression) => this.expression(expression, out)),
      (body) => this.arm(statement, body),
    );
    if (kind === "loop") this.loops--;
    if (made.kind !== "evaluate" || made.value.effects !== 0) out.push(made);
  }

  private arm(statement: Statement, body: readonly Statement[]): readonly Statement[] {
    const before = this.isUnlikely;
    this.isUnlikely ||= statement.kind === "if" && unlikelyArm(statement) === body;
    const made = this.body(body);
    this.isUnlikely = before;
    return made;
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
    if ((expression.effects & callEffects) !== callEffects || this.isUnlikely) return expression;
    const operands = this.list(expression.operands, out);
    const isSame = operands.every((operand, i) => operand === expression.operands[i]);
    const current = isSame ? expression : withOperands(expression, operands);
    return isCall(current) ? this.replaced(current, out) : current;
  }
}
