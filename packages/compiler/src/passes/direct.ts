// Calls through tables as a choice between direct calls, where segments say what a table holds at first. A direct call is one
// that engines, and the pass that inlines, look into. Tables may change: each choice asks whether the element is still the same.
import {
  type AnyCall,
  type CallIndirect,
  call,
  callIndirect,
  type Expression,
  elementIs,
  type Func,
  get,
  type Statement,
} from "@anywasm/ir";
import type { ModuleStructure, ValType } from "@anywasm/isa";
import { CallRewriter } from "./calls.ts";
import type { Pass } from "./pass.ts";

/** Elements that a call may find. With more, finding the right one takes as long as calling through the table. */
const maxElements = 64;
/** Direct calls made in one function. */
const maxCalls = 128;
/** Positions behind this one are left out: a table of branches has an entry for each. */
const maxPosition = 10_000;

export const direct: Pass = (func, { structure }) => new DirectCalls(func, structure).run();

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
  const byType = new Map<number, Element[]>();
  for (const [position, functionIndex] of found) {
    const type = structure.functionTypeIndices[functionIndex] as number;
    const elements = byType.get(type) ?? [];
    byType.set(type, elements);
    elements.push({ position, functionIndex });
  }
  return byType;
}

class DirectCalls extends CallRewriter {
  private readonly structure: ModuleStructure;
  private callsLeft = maxCalls;

  constructor(func: Func, structure: ModuleStructure) {
    super(func);
    this.structure = structure;
  }

  run(): Func {
    const { func, variables } = this;
    const body = this.body(func.body);
    return this.callsLeft === maxCalls ? func : { ...func, variables, labelCount: this.labelCount, body };
  }

  protected replaced(node: AnyCall, out: Statement[]): Expression {
    if (node.kind !== "call_indirect" || node.functionType.results.length > 1) return node;
    const elements = elementsOf(this.structure, node);
    if (elements.length === 0 || elements.length > Math.min(maxElements, this.callsLeft)) return node;
    this.callsLeft -= elements.length;
    return this.chosen(node, elements, out);
  }

  /** A tower of blocks, as for a `switch`; what is not known, or not there any more, is called through the table. */
  private chosen(node: CallIndirect, elements: readonly Element[], out: Statement[]): Expression {
    const { functionType, offset, tableIndex, typeIndex, type } = node;
    const operands = node.operands.map((value) => {
      const variable = this.newVariable(value.type as ValType);
      out.push({ kind: "set", variable, value });
      return get(variable, value.type as ValType, offset);
    });
    const args = operands.slice(0, -1);
    const variable = type === undefined ? undefined : this.newVariable(type);
    const evaluated = (value: Expression): Statement =>
      variable === undefined ? { kind: "evaluate", value } : { kind: "set", variable, value };
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
          then: [evaluated(call(functionIndex, functionType, args, offset)), { kind: "br", label: end }],
          otherwise: [],
        },
        { kind: "br", label: unknown },
      ];
    body = [
      { kind: "block", label: unknown, results: [], body },
      evaluated(callIndirect(typeIndex, tableIndex, functionType, operands, offset)),
    ];
    out.push({ kind: "block", label: end, results, body });
    // Without a result nobody reads it.
    return type === undefined || variable === undefined
      ? (operands[args.length] as Expression)
      : get(variable, type, offset);
  }
}
