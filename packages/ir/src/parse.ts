// Reads the text that print.ts writes. A tool for tests and for looking at passes: it trusts its input to be well
// typed (verify.ts checks that) and reports bad form with the position in the text.
import {
  type FuncType,
  f32,
  f64,
  findInstruction,
  type Instruction,
  i32,
  i64,
  parseValType,
  type ValType,
} from "@anywasm/isa";
import {
  access,
  call,
  callIndirect,
  callRef,
  constant,
  elementIs,
  entity,
  exceptionIs,
  exceptionValue,
  get,
  object,
  operation,
  transfer,
  vectorOperation,
  vectorWord,
} from "./expressions.ts";
import {
  type AnyCall,
  type Expression,
  type Func,
  isCall,
  type MemArg,
  type SetMany,
  type Statement,
} from "./nodes.ts";

/** A parenthesised list, or a word. */
type Tree =
  | { readonly position: number; readonly items: readonly Tree[] }
  | { readonly position: number; readonly word: string };
type List = Tree & { readonly items: readonly Tree[] };

/** @throws SyntaxError that names the position in `text`. */
export function parseFunc(text: string): Func {
  const [, index, type, variables, labels, ...body] = itemsOf(readTree(text));
  const [, localCount, ...types] = itemsOf(variables);
  return {
    index: numberOf(index),
    type: parseType(type),
    variables: types.map(parseValTypeWord),
    localCount: numberOf(localCount),
    labelCount: numberOf(itemsOf(labels)[1]),
    body: body.map(parseStatement),
  };
}

function readTree(text: string): Tree {
  const stack: { position: number; items: Tree[] }[] = [{ position: 0, items: [] }];
  for (const { 0: token, index: position } of text.matchAll(/[()]|[^\s()]+/g)) {
    const top = stack[stack.length - 1];
    if (top === undefined) throw failure("unbalanced )", position);
    if (token === "(") {
      const list = { position, items: [] };
      top.items.push(list);
      stack.push(list);
    } else if (token === ")") stack.pop();
    else top.items.push({ position, word: token });
  }
  const [root] = stack;
  const [tree] = root?.items ?? [];
  if (stack.length !== 1 || tree === undefined || root?.items.length !== 1) throw failure("one list expected", 0);
  return tree;
}

function failure(reason: string, position: number): SyntaxError {
  return new SyntaxError(`${reason} at position ${position}`);
}

function isList(tree: Tree | undefined): tree is List {
  return tree !== undefined && "items" in tree;
}

function itemsOf(tree: Tree | undefined): readonly Tree[] {
  if (!isList(tree)) throw failure("a list expected", tree?.position ?? -1);
  return tree.items;
}

function wordOf(tree: Tree | undefined): string {
  if (tree === undefined || isList(tree)) throw failure("a word expected", tree?.position ?? -1);
  return (tree as { word: string }).word;
}

function numberOf(tree: Tree | undefined): number {
  const number = Number(wordOf(tree));
  if (!Number.isInteger(number)) throw failure("a number expected", tree?.position ?? -1);
  return number;
}

function parseTypeText(text: string): ValType | undefined {
  if (!text.startsWith("ref_")) return parseValType(text);
  return parseValType(`(${text.replace(/_/g, " ").replace(/exact \S+/, "($&)")})`);
}

function parseValTypeWord(tree: Tree | undefined): ValType {
  const type = parseTypeText(wordOf(tree));
  if (type === undefined) throw failure("a value type expected", tree?.position ?? -1);
  return type;
}

function parseType(tree: Tree | undefined): FuncType {
  const [, params, results] = itemsOf(tree);
  const types = (list: Tree | undefined): ValType[] => itemsOf(list).slice(1).map(parseValTypeWord);
  return { kind: "func", params: types(params), results: types(results) };
}

/** `name:type@offset` in its parts. */
function parseHead(tree: Tree | undefined): { name: string; type: ValType | undefined; offset: number } {
  const match = /^([^:@]+)(?::([^@]+))?(?:@([0-9a-f]+))?$/.exec(wordOf(tree));
  if (match === null) throw failure("an instruction expected", tree?.position ?? -1);
  const type = match[2] === undefined ? undefined : parseTypeText(match[2]);
  return { name: match[1] as string, type, offset: parseInt(match[3] ?? "0", 16) };
}

/** Splits off a leading `(results ...)`. */
function takeResults(items: readonly Tree[]): readonly [readonly number[], readonly Tree[]] {
  const [first, ...rest] = items;
  if (!isList(first) || first.items.length === 0 || isList(first.items[0]) || wordOf(first.items[0]) !== "results")
    return [[], items];
  return [first.items.slice(1).map(numberOf), rest];
}

/** Splits off a leading `likely` or `unlikely`. */
function takeHint(items: readonly Tree[]): readonly [boolean | undefined, readonly Tree[]] {
  const [first, ...rest] = items;
  if (first === undefined || isList(first)) return [undefined, items];
  const word = wordOf(first);
  if (word !== "likely" && word !== "unlikely") throw failure("likely or unlikely expected", first.position);
  return [word === "likely", rest];
}

function parseStatement(tree: Tree): Statement {
  const [head, ...items] = itemsOf(tree);
  const { name, offset } = parseHead(head);
  switch (name) {
    case "set":
      return { kind: "set", variable: numberOf(items[0]), value: parseExpression(items[1]) };
    case "set_many":
      return { kind: "set_many", variables: itemsOf(items[0]).map(numberOf), value: parseMany(items[1]) };
    case "evaluate":
      return { kind: "evaluate", value: parseExpression(items[0]) };
    case "block":
    case "loop": {
      const [results, body] = takeResults(items.slice(1));
      return { kind: name, label: numberOf(items[0]), results, body: body.map(parseStatement) };
    }
    case "if": {
      const [likely, others] = takeHint(items);
      const [results, [test, then, otherwise]] = takeResults(others);
      const arm = (list: Tree | undefined): Statement[] => itemsOf(list).slice(1).map(parseStatement);
      const condition = parseExpression(test);
      return { kind: "if", condition, likely, results, then: arm(then), otherwise: arm(otherwise) };
    }
    case "br":
      return { kind: "br", label: numberOf(items[0]) };
    case "br_table":
      return {
        kind: "br_table",
        index: parseExpression(items[2]),
        labels: itemsOf(items[0]).map(numberOf),
        fallback: numberOf(items[1]),
        offset,
      };
    case "return":
      return { kind: "return", values: items.map(parseExpression) };
    case "return_call":
      return { kind: "return_call", call: parseCall(items[0]) };
    case "unreachable":
      return { kind: "unreachable", offset };
    case "throw":
      return { kind: "throw", tag: numberOf(items[0]), values: items.slice(1).map(parseExpression), offset };
    case "throw_ref":
      return { kind: "throw_ref", value: parseExpression(items[0]), offset };
    case "try": {
      const [results, [body, handler]] = takeResults(items.slice(1));
      return {
        kind: "try",
        exception: numberOf(items[0]),
        results,
        body: itemsOf(body).slice(1).map(parseStatement),
        handler: itemsOf(handler).slice(1).map(parseStatement),
      };
    }
    default:
      throw failure(`unknown statement ${name}`, tree.position);
  }
}

function parseCall(tree: Tree | undefined): AnyCall {
  const expression = parseExpression(tree);
  if (!isCall(expression)) throw failure("a call expected", tree?.position ?? -1);
  return expression;
}

function parseMany(tree: Tree | undefined): SetMany["value"] {
  const expression = parseExpression(tree);
  return expression.kind === "operation" ? expression : parseCall(tree);
}

function parseExpression(tree: Tree | undefined): Expression {
  const [head, ...items] = itemsOf(tree);
  const { name, type, offset } = parseHead(head);
  const constants: Readonly<Record<string, ValType>> = { "i64.const": i64, "f32.const": f32, "f64.const": f64 };
  switch (name) {
    case "get":
      return get(numberOf(items[0]), parseValTypeWord(items[1]), offset);
    case "null":
      return constant(parseValTypeWord(items[0]), 0, 0, offset);
    case "i32.const":
      return constant(i32, numberOf(items[0]), 0, offset);
    case "i64.const":
    case "f32.const":
    case "f64.const": {
      const bits = BigInt(wordOf(items[0]));
      const word = (shift: bigint): number => Number(BigInt.asIntN(32, bits >> shift));
      return constant(constants[name] as ValType, word(0n), word(32n), offset);
    }
    case "call":
      return call(numberOf(items[0]), parseType(items[1]), items.slice(2).map(parseExpression), offset);
    case "call_indirect":
      return callIndirect(
        numberOf(items[0]),
        numberOf(items[1]),
        parseType(items[2]),
        items.slice(3).map(parseExpression),
        offset,
      );
    case "vector_word":
      return vectorWord(numberOf(items[0]), items.slice(1).map(parseExpression), offset);
    case "call_ref": {
      const operands = items.slice(2).map(parseExpression);
      return callRef(numberOf(items[0]), parseType(items[1]), operands, offset);
    }
    case "element_is":
      return elementIs(numberOf(items[0]), numberOf(items[1]), numberOf(items[2]), offset);
    case "exception_is":
      return { ...exceptionIs(numberOf(items[0]), parseExpression(items[1])), offset };
    case "exception_value": {
      const [tag, position, valueType, ...rest] = items;
      const caught = parseExpression(rest.pop());
      const word = rest.length === 0 ? 0 : numberOf(rest[0]);
      const made = exceptionValue(numberOf(tag), numberOf(position), parseValTypeWord(valueType), caught, word);
      return { ...made, offset };
    }
    default:
      return parseRow(tree as Tree, name, type, items, offset);
  }
}

function parseRow(
  tree: Tree,
  name: string,
  type: ValType | undefined,
  items: readonly Tree[],
  offset: number,
): Expression {
  const row: Instruction | undefined = findInstruction(name === "select_t" ? "select t" : name);
  if (row === undefined) throw failure(`unknown instruction ${name}`, tree.position);
  const { signature } = row;
  const resultType = signature === undefined ? type : signature.results.length > 1 ? undefined : signature.results[0];
  const operands = (from: number): Expression[] => items.slice(from).map(parseExpression);
  // Has no type of its own, but is one of those that have.
  if (row.name === "array.len") return object(row, numberOf(items[0]), numberOf(items[1]), i32, operands(2), offset);
  switch (row.immediates) {
    case "none":
    case "zero":
    case "value_types":
      return operation(row, resultType, operands(0), offset);
    case "memarg": {
      const field = (i: number): number => Number(wordOf(items[i]).split("=")[1]);
      return access(row, { memory: field(0), offset: field(1), align: field(2) }, resultType, operands(3), offset);
    }
    case "memarg_lane": {
      const [memory, offsetOf, align, lane] = items.slice(0, 4).map((item) => Number(wordOf(item).split("=")[1]));
      const memArg = { memory, offset: offsetOf, align, lane } as MemArg;
      return access(row, memArg, resultType, operands(4), offset);
    }
    case "v128":
    case "lane":
    case "lanes": {
      const numbers = items.filter((item) => !isList(item)).map(numberOf);
      return vectorOperation(row, numbers, resultType, operands(numbers.length), offset);
    }
    case "memory_memory":
    case "data_memory":
    case "elem_table":
    case "table_table":
      return transfer(row, numberOf(items[0]), numberOf(items[1]), operands(2), offset);
    case "type":
    case "type_field":
    case "type_count":
    case "type_type":
    case "type_data":
    case "type_elem":
    case "heap_type":
      return object(row, numberOf(items[0]), numberOf(items[1]), resultType, operands(2), offset);
    default:
      return entity(row, numberOf(items[0]), resultType, operands(1), offset);
  }
}
