// Splits functions too large for engines' optimizers: V8 never optimizes more than 61,440 bytes of bytecode, and the main
// loops of interpreters are larger. Bodies of cases, arms and blocks become functions of their own, the largest first, until
// what is left is small enough; short ones, which in interpreters are the frequent ones, stay.
//
//   case 7: {                            case 7: {
//     a = a + b | 0;                       const exit = part(a, b);
//     if (a === 0) break loop;      →      a = words[0];
//     ...                                  if (exit === 1) break loop;
//   }                                    }
//
// What a part assigns comes back in elements of typed arrays that the function owns, written just before the part returns
// and read just after, so it does not matter if the function is entered again in between.
import { assign, binary, call, declare, ifElse, name, number } from "./build.ts";
import type { JsExpression, JsFunction, JsStatement } from "./nodes.ts";
import { expressionsIn, listsIn, namesRead, ownSize, sizeOf } from "./walk.ts";

export type Slot = "int" | "float";

export interface OutlineContext {
  /** Nodes a function may have; some four bytes of bytecode each. */
  readonly maxSize: number;
  /** What kind of element holds a variable; `undefined` for what no element holds. */
  readonly slotOf: (name: string) => Slot | undefined;
  /** Names that mean nothing across statements: each part has its own. */
  readonly isScratch: (name: string) => boolean;
  /** Of the function's result; "none" where it has none, `undefined` where no element holds it. */
  readonly result: Slot | "none" | undefined;
  /** A name nothing else has. */
  readonly unique: (wanted: string) => string;
  /** The `position`th element for words, or for floats. */
  readonly element: (slot: Slot, position: number) => JsExpression & { readonly kind: "index" };
}

export interface Outlined {
  readonly main: JsFunction;
  readonly parts: readonly JsFunction[];
}

export function outline(func: JsFunction, context: OutlineContext): Outlined {
  const { maxSize } = context;
  let left = func.body.reduce((sum, statement) => sum + sizeOf(statement), 0);
  if (left <= maxSize) return { main: func, parts: [] };
  const locals = localsOf(func);
  const replacements = new Map<readonly JsStatement[], readonly JsStatement[]>();
  const parts: JsFunction[] = [];
  const taken = new Set<readonly JsStatement[]>();
  // Small bodies first; larger ones, with the frequent and the rare in them, only if those are not enough.
  for (let limit = Math.max(1, maxSize >> 3); left > maxSize && limit <= maxSize; limit *= 2) {
    for (const { list, size, inner } of candidates(func.body, maxSize >> 7, limit)) {
      if (left <= maxSize) break;
      // Not what is in a part already, nor what has one in it.
      if (taken.has(list) || inner.some((each) => replacements.has(each))) continue;
      const made = makePart(list, `${func.name}_part`, locals, context);
      const gain = made === undefined ? 0 : size - made.call.reduce((sum, statement) => sum + sizeOf(statement), 0);
      if (made === undefined || gain <= 0) continue;
      parts.push(made.part);
      replacements.set(list, made.call);
      for (const each of inner) taken.add(each);
      taken.add(list);
      left -= gain;
    }
  }
  return { main: { ...func, body: replaced(func.body, replacements) }, parts };
}

function localsOf(func: JsFunction): ReadonlySet<string> {
  const locals = new Set(func.parameters);
  const visit = (statement: JsStatement): void => {
    if (statement.kind === "declare") for (const declarator of statement.declarators) locals.add(declarator.name);
    for (const list of listsIn(statement)) list.forEach(visit);
  };
  func.body.forEach(visit);
  return locals;
}

interface Candidate {
  readonly list: readonly JsStatement[];
  readonly size: number;
  /** Lists below it. */
  readonly inner: readonly (readonly JsStatement[])[];
}

/** Bodies worth a call, and not above a limit, the largest first. */
function candidates(body: readonly JsStatement[], least: number, limit: number): readonly Candidate[] {
  const found: Candidate[] = [];
  const visitList = (list: readonly JsStatement[], isBody: boolean): Omit<Candidate, "list"> => {
    const inner: (readonly JsStatement[])[] = [];
    let size = 0;
    for (const statement of list) {
      size += ownSize(statement);
      const isLoop = statement.kind === "loop" || statement.kind === "while" || statement.kind === "do";
      for (const below of listsIn(statement)) {
        const found = visitList(below, !isLoop);
        size += found.size;
        for (const each of found.inner) inner.push(each);
        inner.push(below);
      }
    }
    if (isBody && size >= least && size <= limit) found.push({ list, size, inner });
    return { size, inner };
  };
  visitList(body, false);
  return found.sort((a, b) => b.size - a.size);
}

function replaced(
  list: readonly JsStatement[],
  replacements: ReadonlyMap<readonly JsStatement[], readonly JsStatement[]>,
): readonly JsStatement[] {
  const made = replacements.get(list);
  if (made !== undefined) return made;
  return list.map((statement) => mapLists(statement, (below) => replaced(below, replacements)));
}

function mapLists(
  statement: JsStatement,
  change: (list: readonly JsStatement[]) => readonly JsStatement[],
): JsStatement {
  switch (statement.kind) {
    case "block":
    case "loop":
    case "while":
    case "do":
      return { ...statement, body: change(statement.body) };
    case "if":
      return { ...statement, then: change(statement.then), otherwise: change(statement.otherwise) };
    case "switch":
      return { ...statement, cases: statement.cases.map((each) => ({ ...each, body: change(each.body) })) };
    default:
      return statement;
  }
}

/** What a body does with the function's variables. */
interface Uses {
  readonly declared: Set<string>;
  readonly assigned: Set<string>;
  /** Read, or assigned on some way only. */
  readonly needed: Set<string>;
  /** Scratch names that are assigned before they are read. */
  readonly scratch: Set<string>;
  returns: boolean;
}

function usesOf(list: readonly JsStatement[], locals: ReadonlySet<string>, context: OutlineContext): Uses {
  const uses: Uses = {
    declared: new Set(),
    assigned: new Set(),
    needed: new Set(),
    scratch: new Set(),
    returns: false,
  };
  const read = (text: string): void => {
    if (locals.has(text) && !uses.scratch.has(text)) uses.needed.add(text);
  };
  const visit = (statement: JsStatement): void => {
    for (const expression of expressionsIn(statement)) namesRead(expression, read);
    if (statement.kind === "declare") for (const each of statement.declarators) uses.declared.add(each.name);
    if (statement.kind === "assign" && statement.target.kind === "name") {
      const text = statement.target.name;
      if (!context.isScratch(text)) {
        uses.assigned.add(text);
        uses.needed.add(text);
      } else if (!uses.needed.has(text)) uses.scratch.add(text);
    }
    if (statement.kind === "return") uses.returns = true;
    for (const below of listsIn(statement)) below.forEach(visit);
  };
  list.forEach(visit);
  return uses;
}

function makePart(
  list: readonly JsStatement[],
  wanted: string,
  locals: ReadonlySet<string>,
  context: OutlineContext,
): { readonly part: JsFunction; readonly call: readonly JsStatement[] } | undefined {
  const uses = usesOf(list, locals, context);
  if (uses.returns && context.result === undefined) return undefined;
  const outside = (text: string): boolean => !uses.declared.has(text);
  const inputs = [...uses.needed].filter(outside);
  const outputs = [...uses.assigned].filter(outside);
  const positions = { int: 0, float: 0 };
  const elements: { readonly variable: string; readonly element: JsExpression & { kind: "index" } }[] = [];
  for (const variable of outputs) {
    const slot = context.slotOf(variable);
    if (slot === undefined) return undefined;
    elements.push({ variable, element: context.element(slot, positions[slot]++) });
  }
  const exit = name(context.unique("exit"));
  const body = context.unique("body");
  const exits: JsStatement[] = [];
  const leave = (jump: JsStatement): JsStatement[] => {
    const text = JSON.stringify(jump);
    let code = exits.findIndex((each) => JSON.stringify(each) === text);
    if (code < 0) code = exits.push(jump) - 1;
    return [assign(exit, number(code + 1)), { kind: "break", label: body }];
  };
  const result =
    context.result === undefined || context.result === "none"
      ? undefined
      : context.element(context.result, positions[context.result]++);
  const leaving = new Leaving(leave, result);
  const inner = leaving.list(list, { breaks: false, continues: false, labels: [] });
  const part: JsFunction = {
    name: context.unique(wanted),
    parameters: inputs,
    body: [
      ...(uses.scratch.size === 0
        ? []
        : [
            declare(
              "let",
              [...uses.scratch].map((each) => ({ name: each, value: undefined })),
            ),
          ]),
      declare("let", [{ name: exit.name, value: number(0) }]),
      { kind: "block", label: body, body: inner },
      ...elements.map(({ variable, element }) => assign(element, name(variable))),
      { kind: "return", value: exit },
    ],
  };
  const answer = name(context.unique("exit"));
  const called: JsStatement[] = [
    declare("const", [
      {
        name: answer.name,
        value: call(
          name(part.name),
          inputs.map((each) => name(each)),
        ),
      },
    ]),
    ...elements.map(({ variable, element }) => assign(name(variable), element)),
    ...exits.map((jump, i) => ifElse(binary("===", answer, number(i + 1)), [jump], [])),
  ];
  return { part, call: called };
}

/** What jumps inside of a part mean: whether something in the part would be left or continued by them. */
interface Inside {
  readonly breaks: boolean;
  readonly continues: boolean;
  readonly labels: readonly string[];
}

/** Rewrites jumps that leave a body. */
class Leaving {
  private readonly leave: (jump: JsStatement) => JsStatement[];
  private readonly result: (JsExpression & { kind: "index" }) | undefined;

  constructor(leave: (jump: JsStatement) => JsStatement[], result: (JsExpression & { kind: "index" }) | undefined) {
    this.leave = leave;
    this.result = result;
  }

  list(list: readonly JsStatement[], inside: Inside): readonly JsStatement[] {
    return list.flatMap((statement) => this.statement(statement, inside));
  }

  private statement(statement: JsStatement, inside: Inside): readonly JsStatement[] {
    switch (statement.kind) {
      case "break":
      case "continue": {
        const { label } = statement;
        const bare = statement.kind === "break" ? inside.breaks : inside.continues;
        const stays = label === undefined ? bare : inside.labels.includes(label);
        return stays ? [statement] : this.leave(statement);
      }
      case "return": {
        if (statement.value === undefined || this.result === undefined)
          return this.leave({ kind: "return", value: undefined });
        return [assign(this.result, statement.value), ...this.leave({ kind: "return", value: this.result })];
      }
      case "block":
      case "loop":
      case "while":
      case "do":
      case "switch": {
        const isLoop = statement.kind !== "block" && statement.kind !== "switch";
        const labels = statement.label === undefined ? inside.labels : [...inside.labels, statement.label];
        const below: Inside = {
          breaks: inside.breaks || statement.kind !== "block",
          continues: inside.continues || isLoop,
          labels,
        };
        return [mapLists(statement, (list) => this.list(list, below))];
      }
      case "if":
        return [mapLists(statement, (list) => this.list(list, inside))];
      default:
        return [statement];
    }
  }
}
