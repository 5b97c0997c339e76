// Renumbers the variables and labels of a function.
import {
  type Expression,
  type Func,
  get,
  mapBodies,
  mapOwnExpressions,
  type Statement,
  withOperands,
} from "@anywasm/ir";
import type { ValType } from "@anywasm/isa";

/** The function with new locals behind its old ones, before they are used; `moved` is the new number of a variable. */
export function withNewLocals(
  func: Func,
  types: readonly ValType[],
): { readonly func: Func; readonly moved: Renumber } {
  const { localCount, variables } = func;
  return {
    func: {
      ...func,
      variables: [...variables.slice(0, localCount), ...types, ...variables.slice(localCount)],
      localCount: localCount + types.length,
    },
    moved: (variable) => (variable < localCount ? variable : variable + types.length),
  };
}

type Renumber = (number: number) => number;

function same(number: number): number {
  return number;
}

/** Copies statements with their variables and labels changed. */
export class Renamer {
  private readonly moved: Renumber;
  private readonly label: Renumber;
  private readonly target: (statement: Statement, variable: number) => number;
  private readonly source: (expression: Expression & { kind: "get" }) => number;

  /**
   * @param moved the new number of a variable
   * @param label the new number of a label
   * @param target as `moved`, for what a statement assigns
   * @param source as `moved`, for what an expression reads
   */
  constructor(
    moved: Renumber,
    label = same,
    target: (statement: Statement, variable: number) => number = (_, variable) => moved(variable),
    source: (expression: Expression & { kind: "get" }) => number = ({ variable }) => moved(variable),
  ) {
    this.moved = moved;
    this.label = label;
    this.target = target;
    this.source = source;
  }

  readonly body = (statements: readonly Statement[]): readonly Statement[] => statements.map(this.statement);

  private readonly statement = (statement: Statement): Statement => {
    const { moved, label } = this;
    const made = mapBodies(mapOwnExpressions(statement, this.expression), this.body);
    switch (made.kind) {
      case "set":
        return { ...made, variable: this.target(statement, made.variable) };
      case "set_many":
        return { ...made, variables: made.variables.map(moved) };
      case "block":
      case "loop":
        return { ...made, label: label(made.label), results: made.results.map(moved) };
      case "if":
        return { ...made, results: made.results.map(moved) };
      case "try":
        return { ...made, exception: moved(made.exception), results: made.results.map(moved) };
      case "br":
        return { ...made, label: label(made.label) };
      case "br_table":
        return { ...made, labels: made.labels.map(label), fallback: label(made.fallback) };
      default:
        return made;
    }
  };

  readonly expression = (expression: Expression): Expression => {
    if (expression.kind === "get") return get(this.source(expression), expression.type, expression.offset);
    if (expression.operands.length === 0) return expression;
    return withOperands(expression, expression.operands.map(this.expression));
  };
}
