// Renumbers the variables of a function.
import { assertNever, type Expression, get, type Statement, withOperands } from "@anywasm/ir";

/** Copies statements with their variables changed. */
export class Renamer {
  private readonly moved: (variable: number) => number;
  private readonly target: (statement: Statement, variable: number) => number;
  private readonly source: (expression: Expression & { kind: "get" }) => number;

  /**
   * @param moved the new number of a variable
   * @param target as `moved`, for what a statement assigns
   * @param source as `moved`, for what an expression reads
   */
  constructor(
    moved: (variable: number) => number,
    target: (statement: Statement, variable: number) => number = (_, variable) => moved(variable),
    source: (expression: Expression & { kind: "get" }) => number = ({ variable }) => moved(variable),
  ) {
    this.moved = moved;
    this.target = target;
    this.source = source;
  }

  body(statements: readonly Statement[]): readonly Statement[] {
    return statements.map((statement) => this.statement(statement));
  }

  private statement(statement: Statement): Statement {
    switch (statement.kind) {
      case "set":
        return {
          ...statement,
          variable: this.target(statement, statement.variable),
          value: this.expression(statement.value),
        };
      case "set_many":
        return {
          ...statement,
          variables: statement.variables.map(this.moved),
          value: this.expression(statement.value) as typeof statement.value,
        };
      case "evaluate":
        return { ...statement, value: this.expression(statement.value) };
      case "return":
        return { ...statement, values: statement.values.map((value) => this.expression(value)) };
      case "return_call":
        return { ...statement, call: this.expression(statement.call) as typeof statement.call };
      case "br_table":
        return { ...statement, index: this.expression(statement.index) };
      case "block":
      case "loop":
        return { ...statement, results: statement.results.map(this.moved), body: this.body(statement.body) };
      case "if":
        return {
          ...statement,
          condition: this.expression(statement.condition),
          results: statement.results.map(this.moved),
          then: this.body(statement.then),
          otherwise: this.body(statement.otherwise),
        };
      case "br":
      case "unreachable":
        return statement;
      default:
        return assertNever(statement);
    }
  }

  private expression(expression: Expression): Expression {
    if (expression.kind === "get") return get(this.source(expression), expression.type, expression.offset);
    if (expression.operands.length === 0) return expression;
    return withOperands(
      expression,
      expression.operands.map((operand) => this.expression(operand)),
    );
  }
}
