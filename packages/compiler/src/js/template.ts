// Reads the JavaScript templates of the instruction table into trees, so that operands can be put in without regard
// to precedence. Covers the language the table uses: names, numbers, calls, unary and binary operators.
import { binary, call, name, number } from "./build.ts";
import type { BinaryOperator, JsExpression } from "./nodes.ts";

const levels: readonly (readonly BinaryOperator[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["===", "!=="],
  ["<=", ">=", "<", ">"],
  [">>>", "<<", ">>"],
  ["+", "-"],
  ["*", "/"],
];

/** @throws SyntaxError for text outside the language of templates. */
export function parseTemplate(text: string): JsExpression {
  const tokens = text.match(/[A-Za-z_]\w*|\d+|===|!==|>>>|<<|>>|<=|>=|&&|\|\||[-+*/&|^<>~!(),]/g) ?? [];
  let position = 0;
  const unexpected = (): SyntaxError => new SyntaxError(`template ${JSON.stringify(text)}: at token ${position}`);
  const accept = (token: string): boolean => {
    if (tokens[position] !== token) return false;
    position++;
    return true;
  };
  const expect = (token: string): void => {
    if (!accept(token)) throw unexpected();
  };
  const parseLevel = (level: number): JsExpression => {
    const operators = levels[level];
    if (operators === undefined) return parseUnary();
    let left = parseLevel(level + 1);
    for (;;) {
      const operator = operators.find((candidate) => candidate === tokens[position]);
      if (operator === undefined) return left;
      position++;
      left = binary(operator, left, parseLevel(level + 1));
    }
  };
  const parseUnary = (): JsExpression => {
    for (const operator of ["-", "~", "!"] as const) {
      if (accept(operator)) return { kind: "unary", operator, operand: parseUnary() };
    }
    return parsePrimary();
  };
  const parsePrimary = (): JsExpression => {
    if (accept("(")) {
      const inner = parseLevel(0);
      expect(")");
      return inner;
    }
    const token = tokens[position++];
    if (token === undefined) throw unexpected();
    if (/^\d/.test(token)) return number(Number(token));
    if (!/^\w/.test(token)) throw unexpected();
    if (!accept("(")) return name(token);
    const args = [parseLevel(0)];
    while (accept(",")) args.push(parseLevel(0));
    expect(")");
    return call(name(token), args);
  };
  const result = parseLevel(0);
  if (position !== tokens.length) throw unexpected();
  return result;
}

/** How often `text` occurs as a name. */
export function countName(tree: JsExpression, text: string): number {
  switch (tree.kind) {
    case "name":
      return tree.name === text ? 1 : 0;
    case "unary":
      return countName(tree.operand, text);
    case "binary":
      return countName(tree.left, text) + countName(tree.right, text);
    case "call":
      return tree.args.reduce((sum, arg) => sum + countName(arg, text), 0);
    default:
      return 0;
  }
}

/** The tree with names replaced; `rename` gets the names of called functions, `replace` all others. */
export function instantiate(
  tree: JsExpression,
  replace: (name: string) => JsExpression,
  rename: (helper: string) => string,
): JsExpression {
  switch (tree.kind) {
    case "name":
      return replace(tree.name);
    case "unary":
      return { ...tree, operand: instantiate(tree.operand, replace, rename) };
    case "binary":
      return binary(tree.operator, instantiate(tree.left, replace, rename), instantiate(tree.right, replace, rename));
    case "call":
      return call(
        tree.callee.kind === "name" ? name(rename(tree.callee.name)) : tree.callee,
        tree.args.map((arg) => instantiate(arg, replace, rename)),
      );
    default:
      return tree;
  }
}
