// The state of lowering one function: names, bindings, and the statements made so far.

import type { Expression, Func, Statement } from "@anywasm/ir";
import { CompileError, functionBody } from "@anywasm/isa";
import { assign, declare, ifElse, isAtom, name } from "../js/build.ts";
import type { JsExpression, JsName, JsStatement } from "../js/nodes.ts";
import { mentions } from "../js/walk.ts";
import type { ModuleContext } from "../module-context.ts";
import type { Ranges } from "../passes/ranges.ts";
import type { Analysis } from "./analysis.ts";
import type { FixedArray } from "./arrays.ts";
import { noteType } from "./casts.ts";
import { Int64Slots } from "./int64.ts";
import { Variables } from "./variables.ts";

/** The two words of a 64-bit integer. */
export interface Pair {
  readonly lo: JsExpression;
  readonly hi: JsExpression;
}

/** Evaluates what would be written several times. */
export interface Atoms {
  atom(value: JsExpression): JsExpression;
}

/** A value: single word or pair, as its type says. What gives no value is lowered to a word that is not used. */
export type Lowered = JsExpression | Pair;

/** How trees and lists of statements are lowered. Handed in, so that families of instructions need not know each other. */
export interface Lowerings {
  expression(state: Lowering, expression: Expression, observed: boolean): Lowered;
  /** Of a 64-bit tree, to a BigInt. */
  wide(state: Lowering, expression: Expression): JsExpression;
  body(state: Lowering, body: readonly Statement[]): void;
}

/** Where a branch goes in JavaScript. */
export interface Target {
  readonly jump: "break" | "continue";
  readonly label: string;
  /** Runs before the jump: says where a dispatch loop goes on. */
  readonly before?: JsStatement;
}

function nothing(): boolean {
  return false;
}

/** JavaScript statements nested deeper than this would not parse on every engine's stack. */
const maxNesting = 500;

/** Stands for the label of a function's body. */
export const wholeFunction = -1;

/** How a function's JavaScript is made, where there is a choice. */
export interface LoweringOptions {
  /** 64-bit integers as pairs of words, or as BigInts with these variables in slots. */
  readonly int64Slots: readonly number[] | undefined;
  /** What variables can be, where that is known. */
  readonly ranges: Ranges | undefined;
  /** How often control went to labels, by tables of branches: one that is missing is not known. `wholeFunction` is a guess. */
  readonly labelWeights: ReadonlyMap<number, number> | undefined;
  /** Choices between cheap words are computed. */
  readonly isBranchless: boolean;
  /** Parts of arrays are read before loops, types of objects once for several casts. */
  readonly readsAhead: boolean;
}

export class Lowering extends Variables implements Atoms {
  readonly targets = new Map<number, Target>();
  tailCalls = false;
  /** The list that statements are being added to. */
  out: JsStatement[] = [];
  /** The innermost loop or switch, for jumps without a label. */
  innermostLoop: string | undefined;
  innermostBreakable: string | undefined;
  readonly usedLabels = new Set<string>();
  private readonly lowerings: Lowerings;
  private nesting = 0;
  /** Constants that hold views of memories, where none can grow; see views.ts. */
  readonly fixedViews = new Map<number, JsName>();
  /** Found when the first loop is lowered outside of which views are not fixed. */
  callFreeLoops: ReadonlySet<Statement> | undefined;
  readonly ranges: Ranges | undefined;
  /** How often bodies of cases run, and what stands behind blocks, where that is known. */
  readonly weights = new Map<JsStatement | readonly JsStatement[], number>();
  private readonly labelWeights: LoweringOptions["labelWeights"];
  readonly isBranchless: boolean;
  readonly readsAhead: boolean;
  /** By the names of arrays; see arrays.ts. */
  readonly fixedArrays = new Map<string, FixedArray>();
  /** By the names of references; see casts.ts. */
  readonly typeNames = new Map<string, JsName>();
  /** A field, since it is asked for every expression. */
  readonly computesWithBigInts: boolean;
  /** Parameters that are read as BigInts, by the names those have. */
  readonly wideParameters = new Map<number, string>();

  constructor(
    func: Func,
    module: ModuleContext,
    analysis: Analysis,
    functionName: (index: number) => string | undefined,
    lowerings: Lowerings,
    { int64Slots, ranges, labelWeights, isBranchless, readsAhead }: LoweringOptions,
  ) {
    super(func, module, analysis, int64Slots === undefined ? undefined : new Int64Slots(int64Slots), functionName);
    this.lowerings = lowerings;
    this.ranges = ranges;
    this.labelWeights = labelWeights;
    this.isBranchless = isBranchless;
    this.readsAhead = readsAhead;
    this.computesWithBigInts = int64Slots !== undefined;
  }

  /** Lowers a tree. `observed`: the bits of a NaN result matter. */
  lower(expression: Expression, observed = true): Lowered {
    return this.lowerings.expression(this, expression, observed);
  }

  /** Lowers a 64-bit tree to a BigInt. */
  lowerWide(expression: Expression): JsExpression {
    return this.lowerings.wide(this, expression);
  }

  lowerBody(body: readonly Statement[]): void {
    this.lowerings.body(this, body);
  }

  emit(statement: JsStatement): void {
    this.out.push(statement);
  }

  /**
   * Lowers into a list of its own.
   * @param kept variables whose values do not depend on where control comes from; none unless said.
   */
  nested(lower: () => void, kept?: (variable: number) => boolean): JsStatement[] {
    const outer = this.openList(kept);
    lower();
    return this.closeList(outer);
  }

  /** As `nested`, for statements, without a closure for each list. */
  nestedBody(body: readonly Statement[], kept?: (variable: number) => boolean): JsStatement[] {
    const outer = this.openList(kept);
    this.lowerBody(body);
    return this.closeList(outer);
  }

  /** Adds statements to a new list from now on; the one before is for `closeList`. */
  private openList(kept: (variable: number) => boolean = nothing): JsStatement[] {
    const outer = this.out;
    this.out = [];
    if (++this.nesting > maxNesting)
      throw new CompileError(`control structure nested deeper than ${maxNesting}`, {
        code: "limit_exceeded",
        offset: functionBody(this.module.structure, this.func.index)?.start ?? 0,
        functionIndex: this.func.index,
        functionName: this.functionName(this.func.index),
      });
    this.slots?.enter(kept);
    return outer;
  }

  private closeList(outer: JsStatement[]): JsStatement[] {
    this.slots?.leave(this);
    const inner = this.out;
    this.nesting--;
    this.out = outer;
    return inner;
  }

  /** Notes how often a body runs, or what stands behind a statement: as often as control goes to the label. */
  weigh<T extends JsStatement | readonly JsStatement[]>(node: T, label: number): T {
    const weight = this.labelWeights?.get(label);
    if (weight !== undefined) this.weights.set(node, weight);
    return node;
  }

  /** Gives slots their variables' values, before control goes on in more than one way. */
  flushSlots(): void {
    this.slots?.flush(this);
  }

  // 64-bit integers as BigInts

  get int64Slots(): Int64Slots {
    if (this.slots === undefined) throw new TypeError("this function computes with words");
    return this.slots;
  }

  // Declarations

  /** Declares variables that are assigned in an inner list and read behind it. */
  declareResults(variables: readonly number[]): void {
    const names = variables
      .filter((variable) => this.declared[variable] === 0 && !this.slots?.hasSlot(variable))
      .flatMap((variable) => {
        this.declared[variable] = 1;
        const low = this.variable(variable).name;
        return this.hasTwoWords(variable) ? [low, this.highVariable(variable).name] : [low];
      });
    if (names.length > 0)
      this.emit(
        declare(
          "let",
          names.map((each) => ({ name: each, value: undefined })),
        ),
      );
  }

  /** Assigns a single-word variable, declaring it if this is a temporary's first assignment. */
  setVariable(variable: number, value: JsExpression): void {
    if (this.sharesName(variable)) {
      const shared = this.shareName(variable);
      this.emit(assign(name(shared.lo), value));
      return;
    }
    const target = this.variable(variable);
    if (this.declaresAt(variable)) this.emit(declare(this.keyword(variable), [{ name: target.name, value }]));
    else this.emit(assign(target, value));
    if (this.typeNames.size > 0) noteType(this, variable, target);
  }

  setPair(variable: number, { lo, hi }: Pair): void {
    if (this.sharesName(variable)) {
      // A new name occurs in neither value.
      const shared = this.shareName(variable);
      this.emit(assign(name(shared.lo), lo));
      this.emit(assign(name(shared.hi), hi));
      return;
    }
    const low = this.variable(variable);
    const high = this.highVariable(variable);
    if (this.declaresAt(variable)) {
      this.emit(
        declare(this.keyword(variable), [
          { name: low.name, value: lo },
          { name: high.name, value: hi },
        ]),
      );
      return;
    }
    // Neither word's new value may be computed from the other word's new value.
    if (!mentions(hi, low.name)) {
      this.assignName(low, lo);
      this.assignName(high, hi);
      return;
    }
    const safeLo = mentions(lo, high.name) ? this.temporary(lo) : lo;
    this.assignName(high, hi);
    this.assignName(low, safeLo);
  }

  private assignName(target: JsName, value: JsExpression): void {
    if (value.kind !== "name" || value.name !== target.name) this.emit(assign(target, value));
  }

  // Temporaries of the lowering itself

  /** Evaluates `value` now and gives its name. */
  temporary(value: JsExpression): JsName {
    const [made, statement] = this.defineTemporary(value);
    this.emit(statement);
    return made;
  }

  /** A new temporary and the statement that gives it its value. It lives until the current IR statement ends. */
  defineTemporary(value: JsExpression): readonly [JsName, JsStatement] {
    if (!this.pooled) {
      const made = name(this.unique("t"));
      return [made, declare("const", [{ name: made.name, value }])];
    }
    const made = name(this.takePooled());
    this.releases.push(made.name);
    return [made, assign(made, value)];
  }

  /** Evaluates something that throws, if a condition holds, now. */
  guard(condition: JsExpression, failure: JsExpression): void {
    this.emit(ifElse(condition, [{ kind: "throw", value: failure }], []));
  }

  /** Something that can be used several times. */
  atom(value: JsExpression): JsExpression {
    return isAtom(value) ? value : this.temporary(value);
  }
}
