// Values of the baseline compiler: JavaScript text of a word, or of the two words of a 64-bit integer, that waits to
// become part of a statement, with what the builder and the instruction that takes it have to know.
import type { Value } from "@anywasm/ir";
import { type Effects, type ValType, v128 } from "@anywasm/isa";
import { ANY, CONDITIONAL, precedence, UNARY } from "../js/precedence.ts";
import { BeyondText } from "./beyond-text.ts";

/** Binds more tightly than any operator: a name, or a literal without a sign. */
export const ATOM = 20;
const SHIFT = precedence[">>>"];

export class TextValue implements Value {
  // Declared only: engines make objects faster whose fields the constructor assigns.
  declare readonly type: ValType | undefined;
  declare readonly effects: Effects;
  /** The variables whose names the text contains, as a filter: bit `variable & 31`. */
  declare readonly reads: number;
  declare readonly depth: number;
  /** The word, or the low word. */
  declare text: string;
  declare level: number;
  /** The high word. */
  declare high: string;
  declare highLevel: number;
  /** The word, where nobody can see the bits of a NaN, binding tightly; the same as `text` if `undefined`. */
  declare quiet: string | undefined;
  /** The level of the text without ` | 0` at its end; 0 if there is none. */
  declare trimmedLevel: number;
  /** The variable this is a read of, or -1. */
  declare variable: number;
  /** `true` or `false`, for 1 or 0. */
  declare isBoolean: boolean;
  /** From 0 to 2^32-1 as it is. */
  declare isUnsigned: boolean;
  /** A float that may be a signalling NaN. */
  declare maySignal: boolean;
  /** Gives the same at any time. */
  declare isSettled: boolean;
  /** An integer, whose words are literals. */
  declare isConstant: boolean;

  constructor(type: ValType | undefined, effects: Effects, reads: number, depth: number, text: string, level: number) {
    // Vectors are taken apart on trees.
    if (type === v128) throw new BeyondText();
    this.type = type;
    this.effects = effects;
    this.reads = reads;
    this.depth = depth;
    this.text = text;
    this.level = level;
    this.high = "";
    this.highLevel = ATOM;
    this.quiet = undefined;
    this.trimmedLevel = 0;
    this.variable = -1;
    this.isBoolean = false;
    this.isUnsigned = false;
    this.maySignal = false;
    this.isSettled = false;
    this.isConstant = false;
  }
}

/** A constant's word, or its low word. */
export function lowBits({ text }: TextValue): number {
  return Number(text) | 0;
}

/** A constant's high word. */
export function highBits({ high }: TextValue): number {
  return Number(high) | 0;
}

/** In parentheses, if it binds less tightly than wanted. */
export function enclosed(text: string, level: number, wanted: number): string {
  return level < wanted ? `(${text})` : text;
}

/** The word as a number, where something that binds as tightly as `level` is wanted. */
export function wordText(value: TextValue, level: number = ANY): string {
  if (value.isBoolean) return level > CONDITIONAL ? `(${value.text} ? 1 : 0)` : `${value.text} ? 1 : 0`;
  return enclosed(value.text, value.level, level);
}

/** As `wordText`, where nobody can see the bits of a NaN. */
export function quietText(value: TextValue, level: number): string {
  return value.quiet ?? wordText(value, level);
}

export function highText(value: TextValue, level: number = ANY): string {
  return enclosed(value.high, value.highLevel, level);
}

/** The word, whose bits are an int32's, as an unsigned number. */
export function unsignedText(value: TextValue, level: number): string {
  if (value.isConstant) return String(lowBits(value) >>> 0);
  if (value.isUnsigned) return wordText(value, level);
  // ToUint32 wraps, so a `| 0` inside is dead.
  const bare =
    value.trimmedLevel > 0
      ? enclosed(value.text.slice(0, -trimming.length), value.trimmedLevel, SHIFT)
      : wordText(value, SHIFT);
  return level > SHIFT ? `(${bare} >>> 0)` : `${bare} >>> 0`;
}

const trimming = " | 0";

/** The text of a condition, where something that binds as tightly as `level` is wanted. */
export function conditionText(value: TextValue, level: number = ANY): string {
  return enclosed(value.text, value.level, level);
}

export function negatedText(value: TextValue): string {
  return `!${conditionText(value, UNARY + 1)}`;
}

/** Whether the word can be written twice. */
export function isAtom(value: TextValue): boolean {
  return (value.level === ATOM || value.isConstant) && !value.isBoolean;
}
