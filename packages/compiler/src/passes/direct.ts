// Calls through tables as a choice between direct calls, where segments say what a table holds at first. A direct call is one
// that engines, and the pass that inlines, look into. Tables may change: each choice asks whether the element is still the same.
import {
  type AnyCall,
  type CallIndirect,
  type CallRef,
  call,
  callIndirect,
  callRef,
  type Expression,
  elementIs,
  entity,
  type Func,
  get,
  operation,
  type Statement,
} from "@anywasm/ir";
import { i32, instruction, type ModuleStructure, type ValType } from "@anywasm/isa";
import { CallRewriter } from "./calls.ts";
import { inline } from "./inline.ts";
import type { Pass } from "./pass.ts";

/** Elements that a call may find. With more, finding the right one takes as long as calling through the table. */
const maxElements = 64;
/** Functions that a reference is compared to. */
const maxReferenced = 6;
/** Direct calls made in one function. */
const maxCalls = 128;
/** Positions behind this one are left out: a table of branches has an entry for each. */
const maxPosition = 10_000;

export const direct: Pass = (func, { structure }) => new DirectCalls(func, structure, "call_indirect").run();

/** The same for calls of references: after functions that only look a method up have been inlined. */
export const directReferences: Pass = (func, module) => {
  const made = new DirectCalls(func, module.structure, "call_ref").run();
  return made === func ? func : inline(made, module);
};

interface Element {
  readonly position: number;
  readonly functionIndex: number;
}

type ElementsByType = ReadonlyMap<number, readonly Element[]>;

/** By table, and type index: found once for a module, which may have many. */
const known = new WeakMap<ModuleStructure, ElementsByType[]>();

function elementsOf(structure: ModuleStructure, { tableIndex, typeIndex }: CallIndirect): readonly Element[] {
  let tables = known.get(structure);
  if (tables === undefined) known.set(structure, (tables = []));
  return (tables[tableIndex] ??= elementsByType(structure, tableIndex)).get(typeIndex) ?? [];
}

/** What active segments at known places put into a table. */
function elementsByType(structure: ModuleStructure, tableIndex: number): ElementsByType {
  const found = new Map<number, number>();
  for (const { mode, items } of structure.elements) {
    if (mode.kind !== "active" || mode.index !== tableIndex) continue;
    const [offset] = mode.offset;
    if (mode.offset.length !== 1 || offset?.kind !== "const") continue;
    items.forEach(([item], i) => {
      const position = (offset.lo >>> 0) + i;
      if (item?.kind === "ref.func" && position <= maxPosition) found.set(position, item.index);
      else found.delete(position);
    });
  }
  const elements = Array.from(found, ([position, functionIndex]) => ({ position, functionIndex }));
  return groupedByType(structure, elements, ({ functionIndex }) => functionIndex);
}

/** By the type indices of functions. */
function groupedByType<T>(
  structure: ModuleStructure,
  items: Iterable<T>,
  functionOf: (item: T) => number,
): ReadonlyMap<number, readonly T[]> {
  const byType = new Map<number, T[]>();
  for (const item of items) {
    const type = structure.functionTypeIndices[functionOf(item)] as number;
    const group = byType.get(type);
    if (group === undefined) byType.set(type, [item]);
    else group.push(item);
  }
  return byType;
}

/** By type index: functions that the module may make references of. */
const knownReferenced = new WeakMap<ModuleStructure, ReadonlyMap<number, readonly number[]>>();

function referencedFunctions(structure: ModuleStructure): ReadonlyMap<number, readonly number[]> {
  const found = knownReferenced.get(structure);
  if (found !== undefined) return found;
  const functions = new Set<number>();
  const expressions = [
    ...structure.elements.flatMap(({ items }) => items),
    ...structure.globalDefinitions.map(({ init }) => init),
  ];
  for (const expression of expressions)
    for (const each of expression) if (each.kind === "ref.func") functions.add(each.index);
  const byType = groupedByType(structure, functions, (functionIndex) => functionIndex);
  knownReferenced.set(structure, byType);
  return byType;
}

function evaluated(variable: number | undefined, value: Expression): Statement {
  return variable === undefined ? { kind: "evaluate", value } : { kind: "set", variable, value };
}

class DirectCalls extends CallRewriter {
  private readonly structure: ModuleStructure;
  private readonly kind: AnyCall["kind"];
  private callsLeft = maxCalls;

  constructor(func: Func, structure: ModuleStructure, kind: AnyCall["kind"]) {
    super(func);
    this.structure = structure;
    this.kind = kind;
  }

  run(): Func {
    const { func, variables } = this;
    const body = this.body(func.body);
    return this.callsLeft === maxCalls ? func : { ...func, variables, labelCount: this.labelCount, body };
  }

  protected replaced(node: AnyCall, out: Statement[]): Expression {
    if (node.kind !== this.kind) return node;
    if (node.kind === "call_ref") return this.chosenByReference(node, out);
    if (node.kind !== "call_indirect" || node.functionType.results.length > 1) return node;
    const elements = elementsOf(this.structure, node);
    if (elements.length === 0 || elements.length > Math.min(maxElements, this.callsLeft)) return node;
    this.callsLeft -= elements.length;
    return this.chosen(node, elements, out);
  }

  /** One question after the other. What is none of the functions, null among it, is called as it is. */
  private chosenByReference(node: CallRef, out: Statement[]): Expression {
    const { functionType, offset, typeIndex, type } = node;
    const functions = referencedFunctions(this.structure).get(typeIndex) ?? [];
    const isTooMuch = functions.length > Math.min(maxReferenced, this.callsLeft);
    if (functions.length === 0 || isTooMuch || functionType.results.length > 1) return node;
    this.callsLeft -= functions.length;
    const operands = this.settled(node, out);
    const args = operands.slice(0, -1);
    const callee = operands[args.length] as Expression;
    const variable = type === undefined ? undefined : this.newVariable(type);
    const results = variable === undefined ? [] : [variable];
    let chain = evaluated(variable, callRef(typeIndex, functionType, operands, offset));
    for (const functionIndex of [...functions].reverse()) {
      const reference = entity(instruction("ref.func"), functionIndex, callee.type, [], offset);
      chain = {
        kind: "if",
        condition: operation(instruction("ref.eq"), i32, [callee, reference], offset),
        results,
        then: [evaluated(variable, call(functionIndex, functionType, args, offset))],
        otherwise: [chain],
      };
    }
    out.push(chain);
    return type === undefined || variable === undefined ? callee : get(variable, type, offset);
  }

  /** Operands of a call, evaluated. */
  private settled({ operands, offset }: AnyCall, out: Statement[]): Expression[] {
    return operands.map((value) => {
      const variable = this.newVariable(value.type as ValType);
      out.push({ kind: "set", variable, value });
      return get(variable, value.type as ValType, offset);
    });
  }

  /** A tower of blocks, as for a `switch`; what is not known, or not there any more, is called through the table. */
  private chosen(node: CallIndirect, elements: readonly Element[], out: Statement[]): Expression {
    const { functionType, offset, tableIndex, typeIndex, type } = node;
    const operands = this.settled(node, out);
    const args = operands.slice(0, -1);
    const variable = type === undefined ? undefined : this.newVariable(type);
    const results = variable === undefined ? [] : [variable];
    const end = this.labelCount++;
    const unknown = this.labelCount++;
    const labels: number[] = new Array(Math.max(...elements.map(({ position }) => position)) + 1).fill(unknown);
    for (const { position } of elements) labels[position] = this.labelCount++;
    let body: readonly Statement[] = [
      { kind: "br_table", index: operands[args.length] as Expression, labels, fallback: unknown, offset },
    ];
    for (const { position, functionIndex } of elements)
      body = [
        { kind: "block", label: labels[position] as number, results: [], body },
        {
          kind: "if",
          condition: elementIs(tableIndex, position, functionIndex, offset),
          results: [],
          then: [evaluated(variable, call(functionIndex, functionType, args, offset)), { kind: "br", label: end }],
          otherwise: [],
        },
        { kind: "br", label: unknown },
      ];
    body = [
      { kind: "block", label: unknown, results: [], body },
      evaluated(variable, callIndirect(typeIndex, tableIndex, functionType, operands, offset)),
    ];
    out.push({ kind: "block", label: end, results, body });
    // Without a result nobody reads it.
    return type === undefined || variable === undefined
      ? (operands[args.length] as Expression)
      : get(variable, type, offset);
  }
}
