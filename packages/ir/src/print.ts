// Prints IR as text that parse.ts reads back to the same function.
//
// One statement a line; an expression is `(instruction immediates operands)`. With offsets, `@5f` behind a name is the
// instruction's byte offset. A result type that the instruction does not fix stands behind the name: `global.get:i64`.
import { type FuncType, f32, formatValType, i32, i64, isRefType, type ValType } from "@anywasm/isa";
import type { Expression, Func, Statement } from "./nodes.ts";

export interface PrintOptions {
  /** Byte offsets of instructions. Default true; without them the text is easier to read, but not the whole function. */
  readonly offsets?: boolean;
}

export function printFunc(func: Func, options: PrintOptions = {}): string {
  const offsets = options.offsets ?? true;
  const lines = [
    `(func ${func.index} ${formatType(func.type)}`,
    `  (variables ${func.localCount}${func.variables.map((type) => ` ${typeText(type)}`).join("")})`,
    `  (labels ${func.labelCount})`,
  ];
  printStatements(func.body, offsets, lines);
  return `${lines.join("\n")})\n`;
}

/** A type as one word: `(ref null $3)` is `ref_null_$3`. */
function typeText(type: ValType): string {
  return formatValType(type).replace(/[()]/g, "").replace(/ /g, "_");
}

function formatType({ params, results }: FuncType): string {
  const list = (types: readonly ValType[]): string => types.map((type) => ` ${typeText(type)}`).join("");
  return `(type (param${list(params)}) (result${list(results)}))`;
}

type Task = { readonly statement: Statement; readonly indent: string } | { readonly line: string };

/** Blocks may be nested as deep as the module likes, so this keeps its own stack. */
function printStatements(body: readonly Statement[], offsets: boolean, lines: string[]): void {
  const tasks: Task[] = [];
  const schedule = (statements: readonly Statement[], indent: string): void => {
    for (let i = statements.length - 1; i >= 0; i--) tasks.push({ statement: statements[i] as Statement, indent });
  };
  schedule(body, "  ");
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    if ("line" in task) {
      lines.push(task.line);
      continue;
    }
    const { statement, indent } = task;
    switch (statement.kind) {
      case "block":
      case "loop":
        lines.push(`${indent}(${statement.kind} ${statement.label}${results(statement.results)}`);
        tasks.push({ line: `${indent})` });
        schedule(statement.body, `${indent}  `);
        break;
      case "if":
        lines.push(
          `${indent}(if${hint(statement.likely)}${results(statement.results)} ${printExpression(statement.condition, offsets)}`,
        );
        lines.push(`${indent}  (then`);
        tasks.push({ line: `${indent}  ))` });
        schedule(statement.otherwise, `${indent}    `);
        tasks.push({ line: `${indent}  ) (else` });
        schedule(statement.then, `${indent}    `);
        break;
      case "try":
        lines.push(`${indent}(try ${statement.exception}${results(statement.results)}`);
        lines.push(`${indent}  (do`);
        tasks.push({ line: `${indent}  ))` });
        schedule(statement.handler, `${indent}    `);
        tasks.push({ line: `${indent}  ) (handler` });
        schedule(statement.body, `${indent}    `);
        break;
      default:
        lines.push(`${indent}${printSimple(statement, offsets)}`);
    }
  }
}

function hint(likely: boolean | undefined): string {
  return likely === undefined ? "" : likely ? " likely" : " unlikely";
}

function results(variables: readonly number[]): string {
  return variables.length === 0 ? "" : ` (results ${variables.join(" ")})`;
}

function printSimple(
  statement: Exclude<Statement, { kind: "block" | "loop" | "if" | "try" }>,
  offsets: boolean,
): string {
  const at = (offset: number): string => (offsets ? `@${offset.toString(16)}` : "");
  switch (statement.kind) {
    case "set":
      return `(set ${statement.variable} ${printExpression(statement.value, offsets)})`;
    case "set_many":
      return `(set_many (${statement.variables.join(" ")}) ${printExpression(statement.value, offsets)})`;
    case "evaluate":
      return `(evaluate ${printExpression(statement.value, offsets)})`;
    case "br":
      return `(br ${statement.label})`;
    case "br_table": {
      const labels = statement.labels.map((label) => `${label} `).join("");
      return `(br_table${at(statement.offset)} (${labels.trimEnd()}) ${statement.fallback} ${printExpression(statement.index, offsets)})`;
    }
    case "return":
      return `(return${statement.values.map((value) => ` ${printExpression(value, offsets)}`).join("")})`;
    case "return_call":
      return `(return_call ${printExpression(statement.call, offsets)})`;
    case "unreachable":
      return `(unreachable${at(statement.offset)})`;
    case "throw": {
      const values = statement.values.map((value) => ` ${printExpression(value, offsets)}`).join("");
      return `(throw${at(statement.offset)} ${statement.tag}${values})`;
    }
    case "throw_ref":
      return `(throw_ref${at(statement.offset)} ${printExpression(statement.value, offsets)})`;
  }
}

export function printExpression(expression: Expression, offsets: boolean): string {
  const [name, ...immediates] = headOf(expression);
  const at = offsets ? `@${expression.offset.toString(16)}` : "";
  const parts = [`${name}${at}`, ...immediates, ...expression.operands.map((each) => printExpression(each, offsets))];
  return `(${parts.join(" ")})`;
}

function headOf(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case "constant":
      return printConstant(expression.type, expression.lo, expression.hi);
    case "get":
      return ["get", String(expression.variable), typeText(expression.type)];
    case "operation":
      return [typed(expression)];
    case "vector":
      return [typed(expression), ...expression.immediates.map(String)];
    case "vector_word":
      return ["vector_word", String(expression.position)];
    case "access": {
      const { memory, offset, align, lane } = expression.memArg;
      const places = [`memory=${memory}`, `offset=${offset}`, `align=${align}`];
      return [expression.instruction.name, ...places, ...(lane === undefined ? [] : [`lane=${lane}`])];
    }
    case "entity":
      return [typed(expression), String(expression.index)];
    case "transfer":
      return [expression.instruction.name, String(expression.destination), String(expression.source)];
    case "call":
      return ["call", String(expression.functionIndex), formatType(expression.functionType)];
    case "call_indirect":
      return [
        "call_indirect",
        String(expression.typeIndex),
        String(expression.tableIndex),
        formatType(expression.functionType),
      ];
    case "call_ref":
      return ["call_ref", String(expression.typeIndex), formatType(expression.functionType)];
    case "object":
      return [typed(expression), String(expression.typeIndex), String(expression.index)];
    case "element_is":
      return [
        "element_is",
        String(expression.tableIndex),
        String(expression.position),
        String(expression.functionIndex),
      ];
    case "exception_is":
      return ["exception_is", String(expression.tag)];
    case "exception_value": {
      const { tag, position, type, word } = expression;
      const head = ["exception_value", String(tag), String(position), typeText(type)];
      return word === 0 ? head : [...head, String(word)];
    }
  }
}

function typed({ instruction, type }: Expression & { kind: "operation" | "vector" | "entity" | "object" }): string {
  const name = instruction.name.replace(" ", "_");
  return instruction.signature !== undefined || type === undefined ? name : `${name}:${typeText(type)}`;
}

function printConstant(type: ValType, lo: number, hi: number): readonly string[] {
  if (isRefType(type)) return ["null", typeText(type)];
  const word = (value: number): string => (value >>> 0).toString(16).padStart(8, "0");
  if (type === i32) return ["i32.const", String(lo)];
  const bits = type === f32 ? word(lo) : `${word(hi)}${word(lo)}`;
  return [type === i64 ? "i64.const" : type === f32 ? "f32.const" : "f64.const", `0x${bits}`];
}
