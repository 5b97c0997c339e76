// The state of lowering one function: names, bindings, and the statements made so far.
import { CompileError, type HelperName, i64, type ValType } from "@anywasm/isa";
import type { Expression, Func } from "@anywasm/ir";
import type { Binding } from "../compiled.ts";
import { assign, declare, isAtom, mentions, name } from "../js/build.ts";
import { NameScope, sanitize } from "../js/names.ts";
import type { JsExpression, JsName, JsStatement } from "../js/nodes.ts";
import type { ModuleContext } from "../module-context.ts";
import type { Analysis } from "./analysis.ts";

/** The two words of a 64-bit integer. */
export interface Pair {
  readonly lo: JsExpression;
  readonly hi: JsExpression;
}

/** Where a branch goes in JavaScript. */
export interface Target {
  readonly jump: "break" | "continue";
  readonly label: string;
}

/** JavaScript statements nested deeper than this would not parse on every engine's stack. */
const maxNesting = 500;

export class Lowering {
  readonly func: Func;
  readonly module: ModuleContext;
  readonly analysis: Analysis;
  readonly functionName: (index: number) => string | undefined;
  readonly bindings = new Map<string, { readonly name: string; readonly binding: Binding }>();
  readonly targets = new Map<number, Target>();
  tailCalls = false;
  /** The list that statements are being added to. */
  out: JsStatement[] = [];
  /** The innermost loop or switch, for jumps without a label. */
  innermostLoop: string | undefined;
  innermostBreakable: string | undefined;
  readonly usedLabels = new Set<string>();
  readonly #scope = new NameScope();
  readonly #variableNames: (string | undefined)[] = [];
  readonly #declared: Uint8Array;
  #nesting = 0;

  constructor(
    func: Func,
    module: ModuleContext,
    analysis: Analysis,
    functionName: (index: number) => string | undefined,
  ) {
    this.func = func;
    this.module = module;
    this.analysis = analysis;
    this.functionName = functionName;
    this.#declared = new Uint8Array(func.variables.length);
  }

  emit(statement: JsStatement): void {
    this.out.push(statement);
  }

  /** Lowers into a list of its own. */
  nested(lower: () => void): JsStatement[] {
    const outer = this.out;
    const inner: JsStatement[] = [];
    this.out = inner;
    if (++this.#nesting > maxNesting)
      throw new CompileError(`control structure nested deeper than ${maxNesting}`, {
        code: "limit_exceeded",
        offset: this.module.structure.bodies[this.func.index - this.module.structure.importedFunctionCount]?.start ?? 0,
        functionIndex: this.func.index,
        functionName: this.functionName(this.func.index),
      });
    lower();
    this.#nesting--;
    this.out = outer;
    return inner;
  }

  // Names

  unique(wanted: string): string {
    return this.#scope.unique(wanted);
  }

  /** The name of a variable, or of its low word. */
  variable(index: number): JsName {
    return name(this.#variableName(index));
  }

  /** The name of a 64-bit variable's high word. */
  highVariable(index: number): JsName {
    return name(`${this.#variableName(index)}$hi`);
  }

  #variableName(index: number): string {
    const known = this.#variableNames[index];
    if (known !== undefined) return known;
    const { localCount, type } = this.func;
    const given = this.module.names.locals.get(this.func.index)?.get(index);
    const kind = index >= localCount ? "t" : index < type.params.length ? "p" : "l";
    const number = index >= localCount ? index - localCount : index;
    const made = this.#scope.unique(sanitize(given, `${kind}${number}`));
    if (this.typeOf(index) === i64) this.#scope.unique(`${made}$hi`);
    this.#variableNames[index] = made;
    return made;
  }

  typeOf(index: number): ValType {
    return this.func.variables[index] as ValType;
  }

  // Declarations

  /** Declares variables that are assigned in an inner list and read behind it. */
  declareResults(variables: readonly number[]): void {
    const names = variables
      .filter((variable) => this.#declared[variable] === 0)
      .flatMap((variable) => {
        this.#declared[variable] = 1;
        const low = this.variable(variable).name;
        return this.typeOf(variable) === i64 ? [low, this.highVariable(variable).name] : [low];
      });
    if (names.length > 0) this.emit(declare("let", names.map((each) => ({ name: each, value: undefined }))));
  }

  markDeclared(variable: number): void {
    this.#declared[variable] = 1;
  }

  /** Assigns a single-word variable, declaring it if this is a temporary's first assignment. */
  setVariable(variable: number, value: JsExpression): void {
    const target = this.variable(variable);
    if (this.#declaresAt(variable)) this.emit(declare(this.#keyword(variable), [{ name: target.name, value }]));
    else this.emit(assign(target, value));
  }

  setPair(variable: number, { lo, hi }: Pair): void {
    const low = this.variable(variable);
    const high = this.highVariable(variable);
    if (this.#declaresAt(variable)) {
      this.emit(
        declare(this.#keyword(variable), [
          { name: low.name, value: lo },
          { name: high.name, value: hi },
        ]),
      );
      return;
    }
    // Neither word's new value may be computed from the other word's new value.
    if (!mentions(hi, low.name)) {
      this.emit(assign(low, lo));
      this.emit(assign(high, hi));
      return;
    }
    const safeLo = mentions(lo, high.name) ? this.temporary(lo) : lo;
    this.emit(assign(high, hi));
    this.emit(assign(low, safeLo));
  }

  #declaresAt(variable: number): boolean {
    if (variable < this.func.localCount || this.#declared[variable] === 1) return false;
    this.#declared[variable] = 1;
    return true;
  }

  #keyword(variable: number): "const" | "let" {
    return this.analysis.assignments[variable] === 1 ? "const" : "let";
  }

  // Temporaries of the lowering itself

  /** Evaluates `value` now and gives its name. */
  temporary(value: JsExpression): JsName {
    const made = name(this.unique("t"));
    this.emit(declare("const", [{ name: made.name, value }]));
    return made;
  }

  /** Something that can be used several times. */
  atom(value: JsExpression): JsExpression {
    return isAtom(value) ? value : this.temporary(value);
  }

  // Bindings

  #bind(key: string, wanted: string, binding: Binding): JsName {
    let known = this.bindings.get(key);
    if (known === undefined) {
      known = { name: this.unique(wanted), binding };
      this.bindings.set(key, known);
    }
    return name(known.name);
  }

  helper(helper: HelperName): JsName {
    return this.#bind(`helper ${helper}`, helper, { kind: "helper", helper });
  }

  entity(kind: "function" | "memory" | "table" | "global" | "data" | "element" | "type", index: number): JsName {
    const given = kind === "function" ? this.functionName(index) : undefined;
    const plain = kind === "memory" && index === 0 ? "memory" : `${kind}${index}`;
    return this.#bind(`${kind} ${index}`, sanitize(given, plain), { kind, index });
  }

  nan(kind: "f32" | "f64", lo: number, hi: number): JsName {
    return this.#bind(`${kind} ${lo} ${hi}`, "nan", { kind, lo, hi });
  }

  isPair(expression: Expression): boolean {
    return expression.type === i64;
  }
}
