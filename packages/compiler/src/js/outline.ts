// Splits functions too large for engines' optimizers: V8 never optimizes more than 61,440 bytes of bytecode, and the main
// loops of interpreters are larger. Bodies of cases, arms and blocks become functions of their own until what is left is
// small enough: those that run least first, where that is known.
//
//   case 7: {                            case 7: {
//     a = a + b | 0;                       const exit = part(a, b);
//     if (a === 0) break loop;      →      a = words[0];
//     ...                                  if (exit === 1) break loop;
//   }                                    }
//
// What a part assigns comes back in elements of typed arrays that the function owns, written just before the part returns
// and read just after, so it does not matter if the function is entered again in between.
import { assign, binary, call, declare, expression, ifElse, name, number } from "./build.ts";
import type { JsExpression, JsFunction, JsStatement } from "./nodes.ts";
import { type Candidate, candidatesIn, isRest, type WeightOf } from "./outline-candidates.ts";
import { gatherColdCases } from "./outline-cold.ts";
import { expressionsIn, leaves, listsIn, mapLists, namesRead, sizeOfList } from "./walk.ts";

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
  readonly weightOf: WeightOf;
  /** A name nothing else has. */
  readonly unique: (wanted: string) => string;
  /** The `position`th element for words, or for floats. */
  readonly element: (slot: Slot, position: number) => Element;
}

export interface Outlined {
  readonly main: JsFunction;
  readonly parts: readonly JsFunction[];
}

export function outline(func: JsFunction, context: OutlineContext): Outlined {
  const { maxSize } = context;
  if (sizeOfList(func.body) <= maxSize) return { main: func, parts: [] };
  const gathered = gatherColdCases(func, maxSize >> 2, context);
  const { body, size, found } = candidatesIn(gathered.body, maxSize, gathered.weightOf);
  let left = size;
  const locals = localsOf({ ...func, body });
  const replacements = new Map<readonly JsStatement[], readonly JsStatement[]>();
  const parts: JsFunction[] = [];
  /** By number: in a part already, or such a one itself. */
  const taken = new Uint8Array(found.length + size);
  const order = inOrder(found, maxSize, gathered.weightOf(func.body) !== undefined);
  for (const { list, number, firstInside, size } of order) {
    if (left <= maxSize) break;
    if (taken[number] === isInside || taken.subarray(firstInside, number).includes(isPart)) continue;
    const made = makePart(replaced(list, new Map()), `${func.name}_part`, locals, context);
    const gain = made === undefined ? 0 : size - sizeOfList(made.call);
    if (made === undefined || gain <= 0) continue;
    parts.push(made.part);
    replacements.set(list, made.call);
    taken.fill(isInside, firstInside, number);
    taken[number] = isPart;
    left -= gain;
  }
  return { main: { ...func, body: replaced(body, replacements) }, parts };
}

const isInside = 1;
const isPart = 2;

/**
 * What runs least for its size comes first. Where nothing has been counted, that is what the module says is unlikely; then
 * the small: larger ones have the frequent and the rare in them; and the very small, which in interpreters are the frequent
 * ones, at last.
 */
function inOrder(found: readonly Candidate[], maxSize: number, isKnown: boolean): readonly Candidate[] {
  const least = maxSize >> 7;
  const rank = ({ size, weight, isUnlikely }: Candidate): number => {
    if (isKnown) return weight / size;
    if (isUnlikely) return 0;
    if (size < least) return 2 * maxSize;
    let limit = Math.max(1, maxSize >> 3);
    while (size > limit) limit *= 2;
    return limit;
  };
  return [...found].sort((a, b) => rank(a) - rank(b) || b.size - a.size);
}

function localsOf(func: JsFunction): ReadonlySet<string> {
  const locals = new Set(func.parameters);
  const visit = (statement: JsStatement): void => {
    if (statement.kind === "declare") for (const declarator of statement.declarators) locals.add(declarator.name);
    else if (statement.kind === "try") locals.add(statement.parameter);
    for (const list of listsIn(statement)) list.forEach(visit);
  };
  func.body.forEach(visit);
  return locals;
}

function replaced(
  list: readonly JsStatement[],
  replacements: ReadonlyMap<readonly JsStatement[], readonly JsStatement[]>,
): readonly JsStatement[] {
  const made = replacements.get(list);
  if (made !== undefined) return made;
  return list.flatMap((statement) => {
    const mapped = mapLists(statement, (below) => replaced(below, replacements));
    return isRest(mapped) ? mapped.body : [mapped];
  });
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
    else if (statement.kind === "try") uses.declared.add(statement.parameter);
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
  const isOutside = (text: string): boolean => !uses.declared.has(text);
  const inputs = [...uses.needed].filter(isOutside);
  const outputs = [...uses.assigned].filter(isOutside);
  const positions = { int: 0, float: 0 };
  const elements: { readonly variable: string; readonly element: Element }[] = [];
  for (const variable of outputs) {
    const slot = context.slotOf(variable);
    if (slot === undefined) return undefined;
    elements.push({ variable, element: context.element(slot, positions[slot]++) });
  }
  const result =
    context.result === undefined || context.result === "none"
      ? undefined
      : context.element(context.result, positions[context.result]++);
  const exit = name(context.unique("exit"));
  const label = context.unique("body");
  const exits: JsStatement[] = [];
  const toBehind: JsStatement = { kind: "break", label };
  const outside: Inside = { breaks: false, continues: false, labels: [] };
  const numbered = (jump: JsStatement): JsStatement[] => {
    const text = JSON.stringify(jump);
    let code = exits.findIndex((each) => JSON.stringify(each) === text);
    if (code < 0) code = exits.push(jump) - 1;
    return [assign(exit, number(code + 1)), toBehind];
  };
  const withNumbers = leaving(list, outside, result, numbered);
  // With one way to go on, nobody has to be told which; the part can give one of its values instead.
  const isOneWay = exits.length === 0 || (exits.length === 1 && leaves(list));
  const inner = isOneWay ? leaving(list, outside, result, () => [toBehind]) : withNumbers;
  const [first, ...others] = elements;
  const passed = isOneWay ? others : elements;
  const declared = isOneWay ? [] : [{ name: exit.name, value: number(0) }];
  const scratch = [...uses.scratch].map((each) => ({ name: each, value: undefined }));
  const part: JsFunction = {
    name: context.unique(wanted),
    parameters: inputs,
    body: [
      ...[scratch, declared].filter((list) => list.length > 0).map((list) => declare("let", list)),
      ...(exits.length > 0 ? [{ kind: "block", label, body: inner } as const] : inner),
      ...passed.map(({ variable, element }) => assign(element, name(variable))),
      ...(isOneWay && first === undefined
        ? []
        : [{ kind: "return", value: isOneWay && first !== undefined ? name(first.variable) : exit } as const]),
    ],
  };
  const called = call(
    name(part.name),
    inputs.map((each) => name(each)),
  );
  const taken = passed.map(({ variable, element }) => assign(name(variable), element));
  if (!isOneWay) {
    const jumps = exits.map((jump, i) => ifElse(binary("===", exit, number(i + 1)), [jump], []));
    return { part, call: [declare("const", [{ name: exit.name, value: called }]), ...taken, ...jumps] };
  }
  return {
    part,
    call: [first === undefined ? expression(called) : assign(name(first.variable), called), ...taken, ...exits],
  };
}

/** What jumps inside of a part mean: whether something in the part would be left or continued by them. */
interface Inside {
  readonly breaks: boolean;
  readonly continues: boolean;
  readonly labels: readonly string[];
}

type Element = JsExpression & { readonly kind: "index" };

/** The list with `leave` in place of jumps that leave it. A value that is returned is put into `result`. */
function leaving(
  list: readonly JsStatement[],
  inside: Inside,
  result: Element | undefined,
  leave: (jump: JsStatement) => readonly JsStatement[],
): readonly JsStatement[] {
  return list.flatMap((statement): readonly JsStatement[] => {
    switch (statement.kind) {
      case "break":
      case "continue": {
        const { label } = statement;
        const bare = statement.kind === "break" ? inside.breaks : inside.continues;
        const stays = label === undefined ? bare : inside.labels.includes(label);
        return stays ? [statement] : leave(statement);
      }
      case "return": {
        const { value } = statement;
        if (value === undefined || result === undefined) return leave({ kind: "return", value: undefined });
        return [assign(result, value), ...leave({ kind: "return", value: result })];
      }
      default: {
        const { kind } = statement;
        const isBlock = kind === "block" || kind === "if" || kind === "try";
        const label = "label" in statement ? statement.label : undefined;
        const below: Inside = {
          breaks: inside.breaks || !isBlock,
          continues: inside.continues || !(isBlock || kind === "switch"),
          labels: label === undefined ? inside.labels : [...inside.labels, label],
        };
        return [mapLists(statement, (inner) => leaving(inner, below, result, leave))];
      }
    }
  });
}
