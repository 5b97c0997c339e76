// Instructions on structures, arrays and casts, by the lowering that trees have, printed at once.
import { effectsOf } from "@anywasm/ir";
import { type Effects, type Instruction, i64, type ValType } from "@anywasm/isa";
import { binary, isAtom as isAtomicTree, isBoolean, name, number } from "../js/build.ts";
import type { JsExpression } from "../js/nodes.ts";
import { ANY, POSTFIX } from "../js/precedence.ts";
import { Printer } from "../js/print.ts";
import { type ObjectContext, objectOperation } from "../lower/object.ts";
import { isPair } from "../lower/operands.ts";
import type { Lowered } from "../lower/state.ts";
import { type TextState, valueOf } from "./text-state.ts";
import { levelOf } from "./text-template.ts";
import { lowBits, type TextValue, wordText } from "./text-value.ts";

export function object(
  state: TextState,
  row: Instruction,
  typeIndex: number,
  index: number,
  type: ValType | undefined,
  operands: readonly TextValue[],
  offset: number,
): TextValue {
  // Those that lowering writes several times are made names first.
  const isRepeated = operands.some((operand) => operand.type === i64) || type === i64 || repeats.test(row.name);
  const settled = isRepeated ? operands.map((operand) => atomic(state, operand)) : operands;
  const effects = effectsOf(row.effects, settled);
  const result = objectOperation(
    contextOf(state, effects),
    { instruction: row, typeIndex, index, offset, isArithmetic: false, operandType: operands[0]?.type },
    settled.map(treeOf),
  );
  if ("assign" in result) {
    const [single] = result.assign;
    const assigned = result.assign
      .map(([target, value]) => `${print(state, target)} = ${print(state, value)}`)
      .join(";\n");
    const text =
      result.forNaN === undefined || single === undefined
        ? assigned
        : `${print(state, binary("===", single[1], single[1]))} ? ${assigned} : ${print(state, result.forNaN)}`;
    return valueOf(undefined, row.effects, settled, text, ANY);
  }
  if (isPair(result)) return state.pair(print(state, result.lo), print(state, result.hi));
  const value = valueOf(type, row.effects, settled, print(state, result), levelOf(result));
  value.isBoolean = isBoolean(result);
  value.maySignal = true;
  return value;
}

const none = new Map<string, never>();

const repeats = /^array\.[gs]et|^ref\.(test|cast)/;

function atomic(state: TextState, value: TextValue): TextValue {
  return value.type === i64 || value.isConstant ? value : state.atomic(value);
}

function treeOf(value: TextValue): Lowered {
  if (value.type === i64) return { lo: name(value.text), hi: name(value.high) };
  return value.isConstant ? number(lowBits(value)) : name(wordText(value, POSTFIX));
}

/** @param effects those of what is made now: what waits and could tell goes first. */
function contextOf(state: TextState, effects: Effects): ObjectContext {
  const emit = (text: string): void => {
    state.settleBefore(effects);
    state.emit(text);
  };
  const temporary = (value: JsExpression): JsExpression => {
    const made = state.temporary();
    emit(`${made} = ${print(state, value)};`);
    return name(made);
  };
  return {
    module: state.module,
    fixedArrays: none,
    typeNames: none,
    helper: (helper) => state.helper(helper),
    entity: (kind, index) => state.entity(kind, index),
    atom: (value) => (isAtomicTree(value) ? value : temporary(value)),
    temporary,
    guard: (condition, failure) => emit(`if (${print(state, condition)}) throw ${print(state, failure)};`),
  };
}

function print(state: TextState, value: JsExpression): string {
  const printer = new MarkingPrinter(state);
  printer.expression(value, ANY);
  return printer.parts.join("");
}

class MarkingPrinter extends Printer {
  private readonly state: TextState;

  constructor(state: TextState) {
    super(true);
    this.state = state;
  }

  protected override mark(offset: number): void {
    this.write(this.state.at(offset));
  }
}
