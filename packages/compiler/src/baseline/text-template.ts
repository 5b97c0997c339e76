// The instruction table's templates as pieces of text between which operands are written, each with the parentheses that
// its place asks for. Made once for each template: this is where most of a module's code comes from.
import type { HelperName } from "@anywasm/isa";
import { isBoolean, isNumber } from "../js/build.ts";
import type { JsExpression } from "../js/nodes.ts";
import { ANY, POSTFIX, precedence, UNARY } from "../js/precedence.ts";
import { parseTemplate } from "../js/template.ts";
import { ATOM, highText, quietText, type TextValue, unsignedText, wordText } from "./text-value.ts";

type Piece =
  | { readonly kind: "text"; readonly text: string }
  /** The operand's word; its high word; its word as unsigned; what `lo` stands for. */
  | { readonly kind: "word" | "high" | "unsigned" | "lo"; readonly operand: number; readonly level: number }
  | { readonly kind: "helper"; readonly helper: HelperName };

/** An operator between two words, and perhaps text at the end: what most templates are. */
interface Operator {
  readonly isUnsigned: boolean;
  readonly leftLevel: number;
  readonly middle: string;
  readonly rightLevel: number;
  readonly tail: string;
}

export interface TextTemplate {
  readonly pieces: readonly Piece[];
  readonly operator: Operator | undefined;
  readonly level: number;
  readonly isBoolean: boolean;
  /** See `TextValue`. */
  readonly trimmedLevel: number;
  /** How often operands' low and high words occur. */
  readonly lowCounts: readonly number[];
  readonly highCounts: readonly number[];
  readonly namesLo: boolean;
}

const lowNames = "abc";
const highNames = "ABC";

export function textTemplate(source: string): TextTemplate {
  const tree = parseTemplate(source);
  const writer = new TemplateWriter();
  const level = writer.write(tree, ANY);
  const pieces = writer.pieces();
  const endsInZero = tree.kind === "binary" && tree.operator === "|" && isNumber(tree.right, 0);
  return {
    pieces,
    operator: operatorOf(pieces),
    level,
    isBoolean: isBoolean(tree),
    trimmedLevel: endsInZero ? levelOf(tree.left) : 0,
    lowCounts: writer.lowCounts,
    highCounts: writer.highCounts,
    namesLo: writer.namesLo,
  };
}

function operatorOf(pieces: readonly Piece[]): Operator | undefined {
  const [left, middle, right, tail] = pieces;
  if (pieces.length < 3 || pieces.length > 4 || left === undefined || right === undefined) return undefined;
  if (middle?.kind !== "text" || (tail !== undefined && tail.kind !== "text") || left.kind !== right.kind)
    return undefined;
  if ((left.kind !== "word" && left.kind !== "unsigned") || (right.kind !== "word" && right.kind !== "unsigned"))
    return undefined;
  if (left.operand !== 0 || right.operand !== 1) return undefined;
  return {
    isUnsigned: left.kind === "unsigned",
    leftLevel: left.level,
    middle: middle.text,
    rightLevel: right.level,
    tail: tail?.text ?? "",
  };
}

/** Where names of helpers come from. */
interface Helpers {
  helperName(helper: HelperName): string;
}

/** @param quiet nobody can see the bits of a NaN in an operand. */
export function fill(
  template: TextTemplate,
  operands: readonly TextValue[],
  lo: string,
  quiet: boolean,
  helpers: Helpers,
): string {
  const { operator } = template;
  if (operator === undefined) return fillPieces(template, operands, lo, quiet, helpers);
  const left = operands[0] as TextValue;
  const right = operands[1] as TextValue;
  const { isUnsigned, leftLevel, middle, rightLevel, tail } = operator;
  if (isUnsigned) return unsignedText(left, leftLevel) + middle + unsignedText(right, rightLevel) + tail;
  if (quiet) return quietText(left, leftLevel) + middle + quietText(right, rightLevel) + tail;
  return wordText(left, leftLevel) + middle + wordText(right, rightLevel) + tail;
}

function fillPieces(
  { pieces }: TextTemplate,
  operands: readonly TextValue[],
  lo: string,
  quiet: boolean,
  helpers: Helpers,
): string {
  let text = "";
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] as Piece;
    switch (piece.kind) {
      case "text":
        text += piece.text;
        break;
      case "word": {
        const operand = operands[piece.operand] as TextValue;
        text += quiet ? quietText(operand, piece.level) : wordText(operand, piece.level);
        break;
      }
      case "high":
        text += highText(operands[piece.operand] as TextValue, piece.level);
        break;
      case "unsigned":
        text += unsignedText(operands[piece.operand] as TextValue, piece.level);
        break;
      case "lo":
        text += lo;
        break;
      case "helper":
        text += helpers.helperName(piece.helper);
    }
  }
  return text;
}

function levelOf(tree: JsExpression): number {
  switch (tree.kind) {
    case "binary":
      return precedence[tree.operator];
    case "unary":
      return UNARY;
    case "name":
      // An operand may be any expression; its own level counts.
      return lowNames.includes(tree.name) || highNames.includes(tree.name) ? ANY : ATOM;
    default:
      return ATOM;
  }
}

class TemplateWriter {
  readonly lowCounts = [0, 0, 0];
  readonly highCounts = [0, 0, 0];
  namesLo = false;
  private readonly written: Piece[] = [];
  private text = "";

  pieces(): readonly Piece[] {
    this.flush();
    return this.written;
  }

  /** Gives the level of what it has written. */
  write(tree: JsExpression, level: number): number {
    switch (tree.kind) {
      case "name":
        return this.name(tree.name, level);
      case "number":
        this.text += String(tree.value);
        return ATOM;
      case "unary": {
        this.open(level > UNARY);
        this.text += tree.operator;
        // `-` before a negative literal must not become a decrement.
        this.write(tree.operand, UNARY + 1);
        this.close(level > UNARY);
        return UNARY;
      }
      case "binary": {
        const own = precedence[tree.operator];
        if (tree.operator === ">>>" && isNumber(tree.right, 0) && tree.left.kind === "name") {
          const operand = lowNames.indexOf(tree.left.name);
          if (operand >= 0) {
            this.lowCounts[operand] = (this.lowCounts[operand] ?? 0) + 1;
            this.add({ kind: "unsigned", operand, level });
            return own;
          }
        }
        this.open(level > own);
        this.write(tree.left, own);
        this.text += ` ${tree.operator} `;
        this.write(tree.right, own + 1);
        this.close(level > own);
        return own;
      }
      case "call": {
        if (tree.callee.kind !== "name") throw new TypeError("a template calls helpers only");
        this.add({ kind: "helper", helper: tree.callee.name as HelperName });
        this.text += "(";
        tree.args.forEach((arg, i) => {
          if (i > 0) this.text += ", ";
          this.write(arg, ANY);
        });
        this.text += ")";
        return POSTFIX;
      }
      default:
        throw new TypeError(`no ${tree.kind} in templates`);
    }
  }

  private name(name: string, level: number): number {
    const low = lowNames.indexOf(name);
    const high = highNames.indexOf(name);
    if (low >= 0) {
      this.lowCounts[low] = (this.lowCounts[low] ?? 0) + 1;
      this.add({ kind: "word", operand: low, level });
      return ANY;
    }
    if (high >= 0) {
      this.highCounts[high] = (this.highCounts[high] ?? 0) + 1;
      this.add({ kind: "high", operand: high, level });
      return ANY;
    }
    if (name !== "lo") throw new TypeError(`no ${name} in templates`);
    this.namesLo = true;
    this.add({ kind: "lo", operand: 0, level });
    return ATOM;
  }

  private open(needed: boolean): void {
    if (needed) this.text += "(";
  }

  private close(needed: boolean): void {
    if (needed) this.text += ")";
  }

  private add(piece: Piece): void {
    this.flush();
    this.written.push(piece);
  }

  private flush(): void {
    if (this.text !== "") this.written.push({ kind: "text", text: this.text });
    this.text = "";
  }
}
