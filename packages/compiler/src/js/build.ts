// Constructors of JavaScript nodes, with the rewrites that hold for every int32 operand.
import type {
  BinaryOperator,
  JsArray,
  JsBinary,
  JsCall,
  JsDeclarator,
  JsExpression,
  JsIndex,
  JsMember,
  JsName,
  JsNumber,
  JsStatement,
} from "./nodes.ts";

export function number(value: number): JsNumber {
  return { kind: "number", value };
}

/** A BigInt from 0 to 2^64-1, by its words. */
export function bigint(lo: number, hi: number): JsExpression {
  return { kind: "bigint", lo, hi };
}

export function name(text: string): JsName {
  return { kind: "name", name: text };
}

export function binary(operator: BinaryOperator, left: JsExpression, right: JsExpression): JsBinary {
  return { kind: "binary", operator, left, right };
}

export function member(object: JsExpression, property: string, offset?: number): JsMember {
  return { kind: "member", object, property, offset };
}

export function index(object: JsExpression, position: JsExpression): JsIndex {
  return { kind: "index", object, index: position };
}

export function call(callee: JsExpression, args: readonly JsExpression[], offset?: number): JsCall {
  return { kind: "call", callee, args, offset };
}

export function array(elements: readonly JsExpression[]): JsArray {
  return { kind: "array", elements };
}

export function conditional(condition: JsExpression, then: JsExpression, otherwise: JsExpression): JsExpression {
  return { kind: "conditional", condition, then, otherwise };
}

export function declare(keyword: "const" | "let", declarators: readonly JsDeclarator[]): JsStatement {
  return { kind: "declare", keyword, declarators };
}

export function assign(target: JsName | JsMember | JsIndex, value: JsExpression): JsStatement {
  return { kind: "assign", target, value };
}

export function expression(value: JsExpression): JsStatement {
  return { kind: "expression", expression: value };
}

export function ifElse(
  condition: JsExpression,
  then: readonly JsStatement[],
  otherwise: readonly JsStatement[],
  likely?: boolean,
): JsStatement {
  return { kind: "if", condition, likely, then, otherwise };
}

/** Whether the value is `true` or `false` rather than a number. */
export function isBoolean(value: JsExpression): boolean {
  if (value.kind === "unary") return value.operator === "!";
  if (value.kind !== "binary") return false;
  switch (value.operator) {
    case "===":
    case "!==":
    case "<":
    case ">":
    case "<=":
    case ">=":
      return true;
    case "&&":
    case "||":
      return isBoolean(value.left) && isBoolean(value.right);
    default:
      return false;
  }
}

/** As `binary`, without what a comparison's 0 or 1 makes superfluous: `(c | 0) === 0` is `!c`. */
export function simplified(operator: BinaryOperator, left: JsExpression, right: JsExpression): JsExpression {
  if (left.kind === "binary" && left.operator === "|" && isBoolean(left.left) && isNumber(right, 0)) {
    if (operator === "|") return left;
    if (operator === "===") return not(left.left);
    if (operator === "!==") return left.left;
  }
  if (operator === ">>>" && left.kind === "number" && right.kind === "number")
    return number(left.value >>> right.value);
  return binary(operator, left, right);
}

export function isNumber(value: JsExpression, number: number): boolean {
  return value.kind === "number" && value.value === number;
}

/** A boolean as 0 or 1: not by a conditional, which is a branch that nobody may be able to predict. */
export function toNumber(value: JsExpression): JsExpression {
  return isBoolean(value) ? binary("|", value, number(0)) : value;
}

export function not(value: JsExpression): JsExpression {
  if (value.kind === "unary" && value.operator === "!") return value.operand;
  if (value.kind === "binary" && value.operator === "===") return { ...value, operator: "!==" };
  if (value.kind === "binary" && value.operator === "!==") return { ...value, operator: "===" };
  return { kind: "unary", operator: "!", operand: value };
}

/** An int32 as the unsigned number of the same bits. */
export function unsigned(value: JsExpression): JsExpression {
  if (value.kind === "number") return number(value.value >>> 0);
  if (value.kind === "binary") {
    // ToUint32 wraps, so an inner `| 0` is dead.
    if (value.operator === "|" && value.right.kind === "number" && value.right.value === 0) return unsigned(value.left);
    if (value.operator === ">>>") return value;
    // A mask with a nonnegative constant leaves nothing to wrap.
    if (value.operator === "&" && value.right.kind === "number" && value.right.value >= 0) return value;
  }
  if (value.kind === "call" && value.callee.kind === "member" && value.callee.property.startsWith("getUint"))
    return value;
  return binary(">>>", value, number(0));
}

/** Whether evaluating the value again costs nothing and gives the same. */
export function isAtom(value: JsExpression): boolean {
  const { kind } = value;
  return kind === "name" || kind === "number" || kind === "bigint" || kind === "null";
}
