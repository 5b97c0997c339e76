// What making the text of one function goes on: its names, its builder, and the evaluation of values before their turn.
import type { FunctionBuilder } from "@anywasm/ir";
import { i64, type ValType } from "@anywasm/isa";
import { isAtom as isAtomicTree, name } from "../js/build.ts";
import type { JsExpression } from "../js/nodes.ts";
import { ANY, UNARY } from "../js/precedence.ts";
import { printExpression } from "../js/print.ts";
import type { Atoms } from "../lower/state.ts";
import { TextNames } from "./text-names.ts";
import type { TextStatement } from "./text-statement.ts";
import { ATOM, highText, isAtom, quietText, TextValue, wordText } from "./text-value.ts";

export class TextState extends TextNames implements Atoms {
  /** Attached before anything is made. */
  declare private builder: FunctionBuilder<TextValue, TextStatement>;
  /** Whether the function may return a request to go on in another function. */
  tailCalls = false;

  attach(builder: FunctionBuilder<TextValue, TextStatement>): void {
    this.builder = builder;
  }

  emit(statement: TextStatement): void {
    this.builder.emit(statement);
  }

  settleBefore(effects: number): void {
    this.builder.settleBefore(effects);
  }

  /** Gives a text a name, now. */
  define(text: string): string {
    const made = this.temporary();
    this.emit(`${made} = ${text};`);
    return made;
  }

  /** Evaluates a value into temporaries, now. */
  spill(value: TextValue): TextValue {
    if (value.type !== i64) return this.named(value, this.define(wordText(value)));
    const low = isLiteral(value.text) ? value.text : this.define(value.text);
    const high = isLiteral(value.high) ? value.high : this.define(value.high);
    return this.pair(low, high);
  }

  private named(value: TextValue, text: string): TextValue {
    const made = new TextValue(value.type, 0, 0, 1, text, ATOM);
    made.isSettled = true;
    made.maySignal = value.maySignal;
    made.isUnsigned = value.isUnsigned && !value.isBoolean;
    return made;
  }

  /** A 64-bit value that gives the same at any time; its low word is a name or literal. */
  pair(low: string, high: string, highLevel: number = ATOM): TextValue {
    const made = new TextValue(i64, 0, 0, 1, low, ATOM);
    made.high = high;
    made.highLevel = high.startsWith("-") ? UNARY : highLevel;
    made.isSettled = true;
    return made;
  }

  /** A single word that can be written several times. */
  atomic(value: TextValue): TextValue {
    if (isAtom(value)) return value;
    this.settleBefore(value.effects);
    return this.spill(value);
  }

  atom(value: JsExpression): JsExpression {
    return isAtomicTree(value) ? value : name(this.define(printExpression(value)));
  }

  /** A word of a 64-bit value as a tree that can be written several times: a literal or a name. */
  treeOf(text: string, level: number): JsExpression {
    if (isLiteral(text)) return { kind: "number", value: Number(text) };
    return name(level === ATOM ? text : this.define(text));
  }
}

/** Whether a word is a literal of an integer. */
function isLiteral(text: string): boolean {
  return text.length < 12 && /^-?\d+$/.test(text);
}

/**
 * The words of values in the order of the calling convention.
 * @param quiet nobody can see the bits of a NaN among them.
 */
export function wordsOf(values: readonly TextValue[], quiet = false): string[] {
  const words: string[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as TextValue;
    words.push(quiet ? quietText(value, ANY) : wordText(value));
    if (value.type === i64) words.push(highText(value));
  }
  return words;
}

/** A value that an instruction makes of others. */
export function valueOf(
  type: ValType | undefined,
  ownEffects: number,
  operands: readonly TextValue[],
  text: string,
  level: number,
): TextValue {
  let effects = ownEffects;
  let reads = 0;
  let depth = 0;
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i] as TextValue;
    effects |= operand.effects;
    reads |= operand.reads;
    if (operand.depth > depth) depth = operand.depth;
  }
  return new TextValue(type, effects, reads, depth + 1, text, level);
}
