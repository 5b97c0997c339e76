// Prints JavaScript with the fewest parentheses. One statement a line, two spaces an indentation step.

import type { BinaryOperator, JsExpression, JsFunction, JsStatement } from "./nodes.ts";
import { ANY, CONDITIONAL, POSTFIX, precedence, UNARY } from "./precedence.ts";

/** Where in the printed text an instruction of the module lies. */
export interface Position {
  /** One-based line of the printed text. */
  readonly line: number;
  /** One-based column. */
  readonly column: number;
  /** Byte offset in the module. */
  readonly offset: number;
}

export interface Printed {
  readonly text: string;
  /** In the order of the text. */
  readonly positions: readonly Position[];
}

export function printFunction(func: JsFunction, withPositions: boolean): Printed {
  const printer = new Printer(withPositions);
  printer.functionText(func);
  return { text: printer.parts.join(""), positions: printer.positions };
}

export function printExpression(value: JsExpression): string {
  const printer = new Printer(false);
  printer.expression(value, ANY);
  return printer.parts.join("");
}

export class Printer {
  /** Joined at the end: a string that grows is a chain of pieces, which costs more memory than the text. */
  readonly parts: string[] = [];
  readonly positions: Position[] = [];
  private readonly withPositions: boolean;
  private line = 1;
  /** Characters written to the current line. */
  private column = 0;
  private indent = "";

  constructor(withPositions: boolean) {
    this.withPositions = withPositions;
  }

  functionText({ name, parameters, body }: JsFunction): void {
    this.write(`function ${name}(${parameters.join(", ")}) `);
    this.braces(body);
  }

  protected write(text: string): void {
    this.parts.push(text);
    this.column += text.length;
  }

  private newline(): void {
    this.write("\n");
    this.line++;
    this.column = 0;
    this.write(this.indent);
  }

  private braces(body: readonly JsStatement[]): void {
    this.write("{");
    if (body.length > 0) {
      const outer = this.indent;
      this.indent = `${outer}  `;
      for (const statement of body) {
        this.newline();
        this.statement(statement);
      }
      this.indent = outer;
      this.newline();
    }
    this.write("}");
  }

  private label(label: string | undefined): void {
    if (label !== undefined) this.write(`${label}: `);
  }

  private statement(statement: JsStatement): void {
    switch (statement.kind) {
      case "declare":
        this.write(`${statement.keyword} `);
        statement.declarators.forEach(({ name, value }, i) => {
          this.write(i === 0 ? name : `, ${name}`);
          if (value !== undefined) {
            this.write(" = ");
            this.expression(value, ANY);
          }
        });
        this.write(";");
        return;
      case "assign":
        this.expression(statement.target, ANY);
        this.write(" = ");
        this.expression(statement.value, ANY);
        this.write(";");
        return;
      case "expression":
        this.expression(statement.expression, ANY);
        this.write(";");
        return;
      case "block":
        this.label(statement.label);
        this.braces(statement.body);
        return;
      case "loop":
        this.label(statement.label);
        this.write("for (;;) ");
        this.braces(statement.body);
        return;
      case "while":
        this.label(statement.label);
        this.condition("while (", statement.condition);
        this.braces(statement.body);
        return;
      case "do":
        this.label(statement.label);
        this.write("do ");
        this.braces(statement.body);
        this.write(" while (");
        this.expression(statement.condition, ANY);
        this.write(");");
        return;
      case "if":
        this.if(statement);
        return;
      case "switch":
        this.switch(statement);
        return;
      case "break":
        this.write(statement.label === undefined ? "break;" : `break ${statement.label};`);
        return;
      case "continue":
        this.write(statement.label === undefined ? "continue;" : `continue ${statement.label};`);
        return;
      case "return":
        this.write("return");
        if (statement.value !== undefined) {
          this.write(" ");
          this.expression(statement.value, ANY);
        }
        this.write(";");
        return;
      case "throw":
        this.write("throw ");
        this.expression(statement.value, ANY);
        this.write(";");
        return;
      case "try":
        this.write("try ");
        this.braces(statement.body);
        this.write(` catch (${statement.parameter}) `);
        this.braces(statement.handler);
        return;
    }
  }

  private condition(open: string, condition: JsExpression): void {
    this.write(open);
    this.expression(condition, ANY);
    this.write(") ");
  }

  private if({ condition, then, otherwise }: JsStatement & { kind: "if" }): void {
    this.condition("if (", condition);
    const only = then.length === 1 ? then[0] : undefined;
    if (only !== undefined && otherwise.length === 0 && isJump(only)) {
      this.statement(only);
      return;
    }
    this.braces(then);
    if (otherwise.length === 0) return;
    this.write(" else ");
    const alternative = otherwise.length === 1 ? otherwise[0] : undefined;
    if (alternative?.kind === "if") this.if(alternative);
    else this.braces(otherwise);
  }

  private switch({ label, subject, cases }: JsStatement & { kind: "switch" }): void {
    this.label(label);
    this.condition("switch (", subject);
    this.write("{");
    const outer = this.indent;
    this.indent = `${outer}  `;
    for (const { tests, body } of cases) {
      this.newline();
      this.write(tests.map((test) => (test === undefined ? "default:" : `case ${test}:`)).join(" "));
      this.write(" ");
      const only = body.length === 1 ? body[0] : undefined;
      if (only !== undefined && isJump(only)) this.statement(only);
      else if (body.length > 0) this.braces(body);
    }
    this.indent = outer;
    this.newline();
    this.write("}");
  }

  expression(value: JsExpression, level: number): void {
    switch (value.kind) {
      case "number":
        this.number(value.value, level);
        return;
      case "bigint":
        this.write(bigintText(value.lo >>> 0, value.hi >>> 0));
        return;
      case "name":
        this.name(value.name, level);
        return;
      case "null":
        this.write("null");
        return;
      // Its name is no literal, and could be anybody's.
      case "undefined":
        this.unary("void ", { kind: "number", value: 0 }, level);
        return;
      case "true":
        this.write("true");
        return;
      case "unary":
        this.unary(value.operator, value.operand, level);
        return;
      case "binary":
        this.binary(value.operator, value.left, value.right, level);
        return;
      case "conditional":
        this.open(level > CONDITIONAL);
        this.expression(value.condition, CONDITIONAL + 1);
        this.write(" ? ");
        this.expression(value.then, CONDITIONAL);
        this.write(" : ");
        this.expression(value.otherwise, CONDITIONAL);
        this.close(level > CONDITIONAL);
        return;
      case "member":
        this.expression(value.object, POSTFIX);
        // Engines point at the property.
        if (value.offset !== undefined && this.withPositions) this.mark(value.offset);
        this.write(`.${value.property}`);
        return;
      case "index":
        this.expression(value.object, POSTFIX);
        this.write("[");
        this.expression(value.index, ANY);
        this.write("]");
        return;
      case "call":
        if (value.offset !== undefined && this.withPositions) this.mark(value.offset);
        this.expression(value.callee, POSTFIX);
        this.write("(");
        this.list(value.args);
        this.write(")");
        return;
      case "array":
        this.write("[");
        this.list(value.elements);
        this.write("]");
        return;
    }
  }

  /** Literals and names of operands, where `level` is wanted. */
  protected name(text: string, _level: number): void {
    this.write(text);
  }

  protected unary(operator: string, operand: JsExpression, level: number): void {
    this.open(level > UNARY);
    this.write(operator);
    // `- -x` must not become a decrement.
    if (operator === "-" && startsWithMinus(operand)) this.write(" ");
    this.expression(operand, UNARY);
    this.close(level > UNARY);
  }

  private list(values: readonly JsExpression[]): void {
    values.forEach((value, i) => {
      if (i > 0) this.write(", ");
      this.expression(value, ANY);
    });
  }

  protected binary(operator: BinaryOperator, left: JsExpression, right: JsExpression, level: number): void {
    const own = precedence[operator];
    this.open(level > own);
    this.expression(left, own);
    this.write(` ${operator} `);
    // Operators group to the left, so the right operand must bind tighter.
    this.expression(right, own + 1);
    this.close(level > own);
  }

  private number(value: number, level: number): void {
    if (Object.is(value, -0)) this.write(level > UNARY ? "(-0)" : "-0");
    else if (value < 0 && level > UNARY) this.write(`(${value})`);
    else this.write(String(value));
  }

  protected open(needed: boolean): void {
    if (needed) this.write("(");
  }

  protected close(needed: boolean): void {
    if (needed) this.write(")");
  }

  protected mark(offset: number): void {
    this.positions.push({ line: this.line, column: this.column + 1, offset });
  }
}

function isJump(statement: JsStatement): boolean {
  return (
    statement.kind === "break" ||
    statement.kind === "continue" ||
    statement.kind === "return" ||
    statement.kind === "throw"
  );
}

function bigintText(lo: number, hi: number): string {
  if (hi === 0) return lo < 1000 ? `${lo}n` : `0x${lo.toString(16)}n`;
  return `0x${hi.toString(16)}${lo.toString(16).padStart(8, "0")}n`;
}

function startsWithMinus(value: JsExpression): boolean {
  if (value.kind === "number") return value.value < 0 || Object.is(value.value, -0);
  return value.kind === "unary" && value.operator === "-";
}
