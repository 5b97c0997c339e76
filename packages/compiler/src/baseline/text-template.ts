// The instruction table's templates as pieces of text between which operands are written, each with the parentheses that
// its place asks for. Made once for each template: this is where most of a module's code comes from.
import type { HelperName } from "@anywasm/isa";
import { isBoolean, isNumber } from "../js/build.ts";
import type { BinaryOperator, JsExpression } from "../js/nodes.ts";
import { ANY, CONDITIONAL, POSTFIX, precedence, UNARY } from "../js/precedence.ts";
import { Printer } from "../js/print.ts";
import { parseTemplate } from "../js/template.ts";
import { ATOM, highText, quietText, type TextValue, unsignedText, wordText } from "./text-value.ts";

type Piece =
  | { readonly kind: "text"; readonly text: string }
  /** The operand's word; its high word; its word as unsigned. */
  | { readonly kind: "word" | "high" | "unsigned"; readonly operand: number; readonly level: number }
  /** The low word of the result. */
  | { readonly kind: "lo" }
  | { readonly kind: "helper"; readonly helper: HelperName };

export interface TextTemplate {
  readonly pieces: readonly Piece[];
  /** `ANY` for a template that is nothing but an operand, whose own level counts. */
  readonly level: number;
  readonly isBoolean: boolean;
  /** See `TextValue`. */
  readonly trimmedLevel: number;
}

const lowNames = "abc";
const highNames = "ABC";

export function textTemplate(source: string): TextTemplate {
  const tree = parseTemplate(source);
  const endsInZero = tree.kind === "binary" && tree.operator === "|" && isNumber(tree.right, 0);
  return {
    pieces: new TemplateWriter(tree).pieces,
    level: tree.kind === "name" && tree.name !== "lo" ? ANY : levelOf(tree),
    isBoolean: isBoolean(tree),
    trimmedLevel: endsInZero ? levelOf(tree.left) : 0,
  };
}

/** Where names of helpers come from. */
interface Helpers {
  helperName(helper: HelperName): string;
}

/** @param quiet nobody can see the bits of a NaN in an operand. */
export function fill(
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

/** How tightly a tree binds, printed. */
export function levelOf(tree: JsExpression): number {
  switch (tree.kind) {
    case "binary":
      return precedence[tree.operator];
    case "number":
      return tree.value < 0 ? UNARY : ATOM;
    case "name":
      return ATOM;
    case "unary":
      return UNARY;
    case "call":
    case "member":
    case "index":
      return POSTFIX;
    case "conditional":
      return CONDITIONAL;
    default:
      throw new TypeError(`no ${tree.kind} in templates`);
  }
}

/** Prints a template, and cuts the text where operands and helpers come. */
class TemplateWriter extends Printer {
  readonly pieces: Piece[] = [];

  constructor(tree: JsExpression) {
    super(false);
    this.expression(tree, ANY);
    this.add(undefined);
  }

  protected override name(name: string, level: number): void {
    const low = lowNames.indexOf(name);
    const high = highNames.indexOf(name);
    if (low >= 0) this.add({ kind: "word", operand: low, level });
    else if (high >= 0) this.add({ kind: "high", operand: high, level });
    else if (name === "lo") this.add({ kind: "lo" });
    else this.add({ kind: "helper", helper: name as HelperName });
  }

  /** An operand may begin with a sign, so it must bind more tightly than signs do. */
  protected override unary(operator: string, operand: JsExpression, level: number): void {
    this.open(level > UNARY);
    this.write(operator);
    this.expression(operand, UNARY + 1);
    this.close(level > UNARY);
  }

  protected override binary(operator: BinaryOperator, left: JsExpression, right: JsExpression, level: number): void {
    const low = left.kind === "name" ? lowNames.indexOf(left.name) : -1;
    if (operator === ">>>" && low >= 0 && isNumber(right, 0)) this.add({ kind: "unsigned", operand: low, level });
    else super.binary(operator, left, right, level);
  }

  private add(piece: Piece | undefined): void {
    if (this.parts.length > 0) this.pieces.push({ kind: "text", text: this.parts.join("") });
    this.parts.length = 0;
    if (piece !== undefined) this.pieces.push(piece);
  }
}
