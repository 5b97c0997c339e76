// What vectors become: expressions of their words or lanes, and statements that run before those.
import { type Expression, get, operation, type Statement } from "@anywasm/ir";
import { expandRow, type Instruction, type InstructionName, i32, i64, instruction, type ValType } from "@anywasm/isa";

/**
 * A vector as four words (`i32`), or as its lanes: four `f32`, two `f64` or two `i64`. The parts have no effects, and
 * stand for their values until the statement that they are part of has run.
 */
export interface Vector {
  readonly shape: ValType;
  readonly parts: readonly Expression[];
}

/** The statements of one function as they are made. */
export class Code {
  /** The list that statements are being added to. */
  out: Statement[] = [];
  readonly variables: ValType[];

  constructor(variables: readonly ValType[]) {
    this.variables = [...variables];
  }

  emit(statement: Statement): void {
    this.out.push(statement);
  }

  evaluate(value: Expression): void {
    this.emit({ kind: "evaluate", value });
  }

  /** Evaluates now, into a variable of its own. */
  temporary(value: Expression): Expression {
    const type = value.type ?? i32;
    const variable = this.variables.push(type) - 1;
    this.emit({ kind: "set", variable, value });
    return get(variable, type, value.offset);
  }

  /** Something that can be used several times. */
  atom(value: Expression): Expression {
    return value.kind === "constant" || value.kind === "get" ? value : this.temporary(value);
  }

  atoms({ shape, parts }: Vector): Vector {
    return { shape, parts: parts.map((part) => this.atom(part)) };
  }
}

/** An instruction on numbers, by its name. */
export function scalar(name: InstructionName, operands: readonly Expression[]): Expression {
  return scalarOf(instruction(name), operands);
}

export function scalarOf(row: Instruction, operands: readonly Expression[]): Expression {
  return operation(row, row.signature?.results[0], operands, operands[0]?.offset ?? 0);
}

/** `select`, of values without effects. */
export function chosen(condition: Expression, first: Expression, second: Expression): Expression {
  return operation(instruction("select"), first.type, [first, second, condition], condition.offset);
}

const rows = new Map<string, Instruction>();

/** An instruction of our own, on words: what JavaScript says, or the helper of that name. */
function ofOwn(name: string, own: { readonly js?: string }, operands: readonly Expression[]): Expression {
  let row = rows.get(name);
  if (row === undefined) {
    const type = `${"i32 ".repeat(operands.length)}-> i32`;
    rows.set(name, (row = expandRow(name.replace(/ /g, ""), { code: 0, type, ...own }, {})));
  }
  return operation(row, i32, operands, operands[0]?.offset ?? 0);
}

/** A word that JavaScript of the instruction table's language makes of words `a`, `b` and `c`. */
export function formula(js: string, ...operands: readonly Expression[]): Expression {
  return ofOwn(js, { js }, operands);
}

/** As a formula, where there are more than three words. */
export function helperCall(name: string, operands: readonly Expression[]): Expression {
  return ofOwn(name, {}, operands);
}

const ofWordsRow = expandRow("i64.of_words", { code: 0, type: "i32 i32 -> i64", js: ["a", "b"] }, {});
const highWordRow = expandRow("i32.high_i64", { code: 0, type: "i64 -> i32", js: "A" }, {});

/** The 64-bit integer of two words. */
export function int64OfWords(lo: Expression, hi: Expression): Expression {
  return operation(ofWordsRow, i64, [lo, hi], lo.offset);
}

/** The words that a 64-bit integer was just made of. */
export function sourceWords(value: Expression): readonly Expression[] | undefined {
  return value.kind === "operation" && value.instruction === ofWordsRow ? value.operands : undefined;
}

export function highWord(value: Expression): Expression {
  return operation(highWordRow, i32, [value], value.offset);
}
