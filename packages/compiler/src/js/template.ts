// Reads the JavaScript templates of the instruction table into trees, so that operands can be put in without regard
// to precedence. Covers the language the table uses: names, numbers, calls, unary and binary operators,
// and the conditional one.
import type { HelperName } from "@anywasm/isa";
import { binary, call, conditional, name, number, simplified } from "./build.ts";
import type { BinaryOperator, JsExpression, JsName } from "./nodes.ts";

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
  const tokens = text.match(/[A-Za-z_]\w*|\d+|===|!==|>>>|<<|>>|<=|>=|&&|\|\||[-+*/&|^<>~!(),?:]/g) ?? [];
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
  const parseAny = (): JsExpression => {
    const first = parseLevel(0);
    if (!accept("?")) return first;
    const then = parseAny();
    expect(":");
    return conditional(first, then, parseAny());
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
      if (!accept(operator)) continue;
      const operand = parseUnary();
      if (operator === "-" && operand.kind === "number") return number(-operand.value);
      return { kind: "unary", operator, operand };
    }
    return parsePrimary();
  };
  const parsePrimary = (): JsExpression => {
    if (accept("(")) {
      const inner = parseAny();
      expect(")");
      return inner;
    }
    const token = tokens[position++];
    if (token === undefined) throw unexpected();
    if (/^\d/.test(token)) return number(Number(token));
    if (!/^\w/.test(token)) throw unexpected();
    if (!accept("(")) return name(token);
    const args = [parseAny()];
    while (accept(",")) args.push(parseAny());
    expect(")");
    return call(name(token), args);
  };
  const result = parseAny();
  if (position !== tokens.length) throw unexpected();
  return result;
}

/** Operands by their names in templates: low words a, b, c, high words A, B, C, and `lo`, the low word of the result. */
export interface TemplateOperands {
  a: JsExpression | undefined;
  b: JsExpression | undefined;
  c: JsExpression | undefined;
  A: JsExpression | undefined;
  B: JsExpression | undefined;
  C: JsExpression | undefined;
  lo: JsExpression | undefined;
}

export function templateOperands(): TemplateOperands {
  return { a: undefined, b: undefined, c: undefined, A: undefined, B: undefined, C: undefined, lo: undefined };
}

/** Names of the functions that templates call. An object with a method: a closure kept by each function's state cost more. */
interface HelperNames {
  helper(name: HelperName): JsName;
}

const builders = new Map<string, TemplateBuilder>();

/** What puts operands into the template of a text, which is parsed once. */
export function templateOf(text: string): TemplateBuilder {
  let build = builders.get(text);
  if (build === undefined) {
    build = templateBuilder(parseTemplate(text));
    builders.set(text, build);
  }
  return build;
}

/** Makes an expression of operands. */
export type TemplateBuilder = (operands: TemplateOperands, names: HelperNames) => JsExpression;

/** What puts operands into a template. Most of a function's code is made here, so the tree is looked at only once. */
export function templateBuilder(tree: JsExpression): TemplateBuilder {
  switch (tree.kind) {
    case "name": {
      if (!(tree.name in templateOperands())) return () => tree;
      const key = tree.name as keyof TemplateOperands;
      return (operands) => operands[key] ?? tree;
    }
    case "unary": {
      const { operator } = tree;
      const operand = templateBuilder(tree.operand);
      return (operands, names) => ({ kind: "unary", operator, operand: operand(operands, names) });
    }
    case "binary": {
      const { operator } = tree;
      const left = templateBuilder(tree.left);
      const right = templateBuilder(tree.right);
      return (operands, names) => simplified(operator, left(operands, names), right(operands, names));
    }
    case "conditional": {
      const [condition, then, otherwise] = [tree.condition, tree.then, tree.otherwise].map(templateBuilder) as [
        TemplateBuilder,
        TemplateBuilder,
        TemplateBuilder,
      ];
      return (operands, names) => {
        const test = condition(operands, names);
        if (test.kind === "number") return (test.value === 0 ? otherwise : then)(operands, names);
        return conditional(test, then(operands, names), otherwise(operands, names));
      };
    }
    case "call": {
      const { callee } = tree;
      if (callee.kind !== "name") throw new TypeError("a template calls helpers only");
      const args = tree.args.map(templateBuilder);
      const helper = callee.name as HelperName;
      return (operands, names) =>
        call(
          names.helper(helper),
          args.map((arg) => arg(operands, names)),
        );
    }
    default:
      return () => tree;
  }
}
