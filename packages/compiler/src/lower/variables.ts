// The JavaScript variables of a function that is lowered: one for each of its own, or two; temporaries share names where there
// are many.
import type { Func } from "@anywasm/ir";
import { exnref, f32, f64, i64, isRefType, type ValType } from "@anywasm/isa";
import { name } from "../js/build.ts";
import type { JsName } from "../js/nodes.ts";
import type { Slot } from "../js/outline.ts";
import type { ModuleContext } from "../module-context.ts";
import type { Analysis } from "./analysis.ts";
import { Bindings } from "./bindings.ts";
import type { Int64Slots } from "./int64.ts";
import type { Pair } from "./state.ts";

/** The kind of element that holds a word of a number type. */
export function slotFor(type: ValType): Slot {
  return type === f32 || type === f64 ? "float" : "int";
}

interface SharedNames {
  readonly lo: string;
  readonly hi: string;
}

export abstract class Variables extends Bindings {
  readonly func: Func;
  readonly module: ModuleContext;
  readonly analysis: Analysis;
  private readonly variableNames: (string | undefined)[] = [];
  protected readonly declared: Uint8Array;
  /** Whether temporaries share names instead of being constants of their own; see `Analysis.manyTemporaries`. */
  protected readonly pooled: boolean;
  private readonly pool: string[] = [];
  /** The names of pooled temporaries, to be declared at the top of the function. */
  readonly pooledNames: string[] = [];
  protected readonly releases: string[] = [];
  /** Reads of each temporary that are still to come. */
  private readonly readsLeft: Uint32Array;
  private readonly pooledVariables = new Map<number, SharedNames>();
  /** Those that say where a dispatch loop goes on. */
  readonly dispatchVariables: string[] = [];
  /** Of 64-bit variables, in a function that computes with BigInts. */
  protected readonly slots: Int64Slots | undefined;

  constructor(
    func: Func,
    module: ModuleContext,
    analysis: Analysis,
    slots: Int64Slots | undefined,
    functionName: (index: number) => string | undefined,
  ) {
    super(functionName);
    this.func = func;
    this.module = module;
    this.analysis = analysis;
    this.slots = slots;
    this.declared = new Uint8Array(func.variables.length);
    this.pooled = analysis.manyTemporaries;
    this.readsLeft = analysis.reads.slice();
  }

  /** A read of a variable: its name, or the names of its two words. */
  readVariable(index: number): JsName | Pair {
    const shared = this.pooledVariables.get(index);
    const lo = shared === undefined ? this.variable(index) : name(shared.lo);
    const isPair = this.hasTwoWords(index);
    const hi = !isPair ? undefined : shared === undefined ? this.highVariable(index) : name(shared.hi);
    const readsLeft = (this.readsLeft[index] ?? 0) - 1;
    this.readsLeft[index] = readsLeft;
    if (shared !== undefined && readsLeft === 0) {
      this.pooledVariables.delete(index);
      this.releases.push(shared.lo);
      if (isPair) this.releases.push(shared.hi);
    }
    return hi === undefined ? lo : { lo, hi };
  }

  /** The name that assigning a variable, or its low word, will use; `undefined` if it will be one that is free now. */
  assignedName(index: number): string | undefined {
    return this.sharesName(index) ? undefined : this.variableName(index);
  }

  /**
   * Whether a variable is a temporary with one assignment, whose name can be shared once it has been read. What was caught is
   * none: a loop in the handler may read it in each turn.
   */
  protected sharesName(index: number): boolean {
    return (
      this.pooled &&
      index >= this.func.localCount &&
      this.typeOf(index) !== exnref &&
      this.analysis.assignments[index] === 1 &&
      this.declared[index] === 0
    );
  }

  /** The name of a variable, or of its low word. */
  variable(index: number): JsName {
    return name(this.variableName(index));
  }

  /** The name of a 64-bit variable's high word. */
  highVariable(index: number): JsName {
    return name(`${this.variableName(index)}$hi`);
  }

  private variableName(index: number): string {
    const known = this.variableNames[index];
    if (known !== undefined) return known;
    const { index: functionIndex, localCount, type } = this.func;
    const shape = { index: functionIndex, parameterCount: type.params.length, localCount };
    const made = this.nameVariable(this.module, shape, index, "t", this.hasTwoWords(index));
    this.variableNames[index] = made;
    return made;
  }

  typeOf(index: number): ValType {
    return this.func.variables[index] as ValType;
  }

  /** Whether a variable is two JavaScript variables. Parameters are words whatever the function computes with. */
  protected hasTwoWords(index: number): boolean {
    return this.typeOf(index) === i64 && (this.slots === undefined || index < this.func.type.params.length);
  }

  /** JavaScript variables of numbers, with the kind of element that holds each. */
  numberVariables(): ReadonlyMap<string, Slot> {
    return new Map([
      ...this.variableNames.flatMap((each, variable) => this.wordsOfName(each, variable)),
      ...this.dispatchVariables.map((each) => [each, "int"] as const),
    ]);
  }

  private wordsOfName(text: string | undefined, variable: number): readonly (readonly [string, Slot])[] {
    const type = this.typeOf(variable);
    if (text === undefined || isRefType(type) || (type === i64 && !this.hasTwoWords(variable))) return [];
    if (type !== i64) return [[text, slotFor(type)]];
    return [
      [text, "int"],
      [`${text}$hi`, "int"],
    ];
  }

  protected shareName(variable: number): SharedNames {
    const lo = this.takePooled();
    const shared = { lo, hi: this.hasTwoWords(variable) ? this.takePooled() : lo };
    if ((this.analysis.reads[variable] ?? 0) > 0) this.pooledVariables.set(variable, shared);
    else this.releases.push(...new Set([shared.lo, shared.hi]));
    return shared;
  }

  protected declaresAt(variable: number): boolean {
    if (variable < this.func.localCount || this.declared[variable] === 1) return false;
    this.declared[variable] = 1;
    return true;
  }

  protected keyword(variable: number): "const" | "let" {
    return this.analysis.assignments[variable] === 1 ? "const" : "let";
  }

  /** Begins an IR statement. */
  beginStatement(): number {
    return this.releases.length;
  }

  /** Ends the IR statement that began at `mark`: names it is the last to need become free. */
  endStatement(mark: number): void {
    const { releases } = this;
    for (let i = mark; i < releases.length; i++) this.pool.push(releases[i] as string);
    releases.length = mark;
    this.slots?.endStatement();
  }

  protected takePooled(): string {
    const free = this.pool.pop();
    if (free !== undefined) return free;
    const made = this.scope.unique("t");
    this.pooledNames.push(made);
    return made;
  }
}
