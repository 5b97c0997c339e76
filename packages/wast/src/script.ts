// The commands of a script (test/core/README of the specification, "Scripts").
import { type List, type Node, readExpressions, ScriptSyntaxError, toByteString } from "./sexpr.ts";
import { type Expected, parseValue, type Value } from "./values.ts";

/** How a module is given. Text and quote are handed to a parser of the text format as they are. */
export type ModuleSource =
  | { readonly form: "text"; readonly text: string }
  | { readonly form: "quote"; readonly text: string }
  | { readonly form: "binary"; readonly bytes: string }
  /** What a thread is given of text that its creator's assembler has refused. */
  | { readonly form: "refused"; readonly reason: string };

export interface Action {
  readonly kind: "invoke" | "get";
  /** `undefined` is the most recent instance. */
  readonly module: string | undefined;
  readonly field: string;
  readonly args: readonly Value[];
}

type CommandBody =
  | { readonly kind: "module"; readonly name: string | undefined; readonly source: ModuleSource }
  | { readonly kind: "module_definition"; readonly name: string | undefined; readonly source: ModuleSource }
  | { readonly kind: "module_instance"; readonly name: string | undefined; readonly definition: string | undefined }
  | { readonly kind: "register"; readonly as: string; readonly module: string | undefined }
  | { readonly kind: "action"; readonly action: Action }
  | { readonly kind: "assert_return"; readonly action: Action; readonly expected: readonly Expected[] }
  | { readonly kind: "assert_trap" | "assert_exhaustion"; readonly action: Action; readonly message: string }
  | { readonly kind: "assert_exception"; readonly action: Action }
  | {
      readonly kind: "assert_malformed" | "assert_invalid" | "assert_unlinkable" | "assert_uninstantiable";
      readonly source: ModuleSource;
      readonly message: string;
    }
  | {
      readonly kind: "assert_malformed_custom" | "assert_invalid_custom";
      readonly source: ModuleSource;
      readonly message: string;
    }
  /** Starts a thread that runs `commands` and may use the exports of the instances `shared` (threads proposal). */
  | {
      readonly kind: "thread";
      readonly name: string;
      readonly shared: readonly string[];
      readonly commands: readonly Command[];
    }
  /** Waits for a thread to end. */
  | { readonly kind: "wait"; readonly thread: string }
  /** Commands that no runner of this package can execute yet; they count as unsupported. */
  | { readonly kind: "unsupported"; readonly what: string };

export type Command = CommandBody & { readonly line: number };

/** @throws ScriptSyntaxError for a script that is no script. */
export function parseScript(bytes: Uint8Array): readonly Command[] {
  const source = toByteString(bytes);
  const expressions = readExpressions(source);
  const lists = expressions.filter((node): node is List => node.kind === "list");
  const first = lists[0];
  // A file may be the fields of one module, without the module around them.
  if (first !== undefined && isModuleField(headOf(first)))
    return [
      { kind: "module", name: undefined, source: { form: "text", text: `(module ${source})` }, line: first.line },
    ];
  return lists.map((list) => ({ ...parseCommand(source, list), line: list.line }));
}

function isModuleField(head: string): boolean {
  return [
    "func",
    "type",
    "memory",
    "table",
    "global",
    "import",
    "export",
    "start",
    "elem",
    "data",
    "rec",
    "tag",
  ].includes(head);
}

function headOf(list: List): string {
  const [head] = list.items;
  return head === undefined || head.kind === "list" ? "" : head.text;
}

function parseCommand(source: string, list: List): CommandBody {
  const head = headOf(list);
  const [, first, second] = list.items;
  switch (head) {
    case "module":
      return parseModule(source, list);
    case "register":
      return {
        kind: "register",
        as: wordOf(first, list),
        module: second === undefined ? undefined : wordOf(second, list),
      };
    case "invoke":
    case "get":
      return { kind: "action", action: parseAction(list) };
    case "assert_return":
      return { kind: head, action: parseAction(listOf(first, list)), expected: list.items.slice(2).map(parseValue) };
    case "assert_exhaustion":
      return { kind: head, action: parseAction(listOf(first, list)), message: wordOf(second, list) };
    case "assert_trap": {
      const subject = listOf(first, list);
      if (headOf(subject) !== "module")
        return { kind: head, action: parseAction(subject), message: wordOf(second, list) };
      return { kind: "assert_uninstantiable", source: parseSource(source, subject), message: wordOf(second, list) };
    }
    case "assert_exception":
      return { kind: head, action: parseAction(listOf(first, list)) };
    case "assert_malformed":
    case "assert_invalid":
    case "assert_unlinkable":
    case "assert_malformed_custom":
    case "assert_invalid_custom":
      return { kind: head, source: parseSource(source, listOf(first, list)), message: wordOf(second, list) };
    case "thread":
      return parseThread(source, list);
    case "wait":
      return { kind: head, thread: wordOf(first, list) };
    default:
      return { kind: "unsupported", what: head };
  }
}

/** `(thread $T (shared (module $M))* command*)` */
function parseThread(source: string, list: List): CommandBody {
  const rest = list.items.slice(2).map((item) => listOf(item, list));
  const shared = rest.filter((item) => headOf(item) === "shared");
  return {
    kind: "thread",
    name: wordOf(list.items[1], list),
    shared: shared.map((item) => wordOf(listOf(item.items[1], item).items[1], item)),
    commands: rest
      .filter((item) => !shared.includes(item))
      .map((item) => ({ ...parseCommand(source, item), line: item.line })),
  };
}

function listOf(node: Node | undefined, within: List): List {
  if (node?.kind !== "list") throw new ScriptSyntaxError("a list expected", within.line);
  return node;
}

function wordOf(node: Node | undefined, within: List): string {
  if (node === undefined || node.kind === "list") throw new ScriptSyntaxError("a word expected", within.line);
  return node.text;
}

function isName(node: Node | undefined): boolean {
  return node?.kind === "atom" && node.text.startsWith("$");
}

function parseModule(source: string, list: List): CommandBody {
  const [, second, third, fourth] = list.items;
  const keyword = second?.kind === "atom" ? second.text : "";
  if (keyword === "instance") {
    return {
      kind: "module_instance",
      name: isName(third) ? wordOf(third, list) : undefined,
      definition: isName(fourth) ? wordOf(fourth, list) : undefined,
    };
  }
  const isDefinition = keyword === "definition";
  const nameNode = isDefinition ? third : second;
  return {
    kind: isDefinition ? "module_definition" : "module",
    name: isName(nameNode) ? wordOf(nameNode, list) : undefined,
    source: parseSource(source, list),
  };
}

function parseSource(source: string, list: List): ModuleSource {
  const words = list.items.slice(1).filter((node) => !isName(node));
  const [first, ...rest] = words[0]?.kind === "atom" && words[0].text === "definition" ? words.slice(1) : words;
  const strings = rest.map((node) => (node.kind === "string" ? node.text : "")).join("");
  if (first?.kind === "atom" && first.text === "binary") return { form: "binary", bytes: strings };
  if (first?.kind === "atom" && first.text === "quote") return { form: "quote", text: strings };
  const text = source.slice(list.start, list.end);
  return { form: "text", text: text.replace(/^\(\s*module(\s+)definition\b/, "(module$1") };
}

function parseAction(list: List): Action {
  const kind = headOf(list);
  if (kind !== "invoke" && kind !== "get") throw new ScriptSyntaxError(`unknown action ${kind}`, list.line);
  const hasModule = isName(list.items[1]);
  const [field, ...args] = list.items.slice(hasModule ? 2 : 1);
  return {
    kind,
    module: hasModule ? wordOf(list.items[1], list) : undefined,
    field: wordOf(field, list),
    // Constants only: patterns occur in expected results.
    args: args.map((node) => parseValue(node) as Value),
  };
}
