// Makes the JavaScript of a function as text while the function is read: no tree is built, and nothing is looked at twice.
// What the builder knows of control structure and of the order of evaluation holds here as for the IR.
//
// Invariant: a 64-bit value that waits is free of effects. What has effects, or gives its high word in a register, is
// evaluated into temporaries when it is made.
import type { BranchTarget, Factory, FunctionBuilder } from "@anywasm/ir";
import { type FuncType, f32, f64, i32, i64, isRefType, type ValType } from "@anywasm/isa";
import { UNARY } from "../js/precedence.ts";
import { floatOf } from "../lower/float.ts";
import { BeyondText } from "./beyond-text.ts";
import { access } from "./text-access.ts";
import { call, callIndirect, callRef, entity, tailCall, tailCallIndirect, tailCallRef, transfer } from "./text-call.ts";
import { exceptionIs, exceptionValue, throwRefText, throwText, tryText } from "./text-exceptions.ts";
import { object } from "./text-object.ts";
import { operation } from "./text-operation.ts";
import { type TextState, wordsOf } from "./text-state.ts";
import { depthOf, leaves, nested, type Table, type TextStatement, type Tower } from "./text-statement.ts";
import { ATOM, conditionText, highText, negatedText, TextValue, wordText } from "./text-value.ts";

type Maker = Factory<TextValue, TextStatement>;

/** Functions of more locals are long to hand over. */
const maxResumedLocals = 64;
/** Locals that the loops of a function name together to be taken over: later ones are not. Bounds the text on any input. */
const maxResumedNames = 2048;

export class TextFactory implements Maker {
  readonly operation: Maker["operation"];
  readonly access: Maker["access"];
  readonly entity: Maker["entity"];
  readonly transfer: Maker["transfer"];
  readonly call: Maker["call"];
  readonly callIndirect: Maker["callIndirect"];
  readonly exceptionIs: Maker["exceptionIs"];
  readonly exceptionValue: Maker["exceptionValue"];
  readonly callRef: Maker["callRef"];
  readonly object: Maker["object"];
  private readonly state: TextState;
  /** Whether the labels around are those of loops or `if`s, and how many are. */
  private readonly conditional: boolean[] = [];
  private conditionalCount = 0;
  /** Branches to each label. */
  private readonly labelUses: number[] = [];
  private tableCount = 0;
  private resumedNames = 0;

  constructor(state: TextState) {
    this.operation = operation.bind(undefined, state);
    this.access = access.bind(undefined, state);
    this.entity = entity.bind(undefined, state);
    this.transfer = transfer.bind(undefined, state);
    this.call = call.bind(undefined, state);
    this.callIndirect = callIndirect.bind(undefined, state);
    this.exceptionIs = exceptionIs.bind(undefined, state);
    this.exceptionValue = exceptionValue.bind(undefined, state);
    this.callRef = callRef.bind(undefined, state);
    this.object = object.bind(undefined, state);
    this.state = state;
  }

  start(builder: FunctionBuilder<TextValue, TextStatement>): void {
    this.state.attach(builder);
  }

  // Values

  constant(type: ValType, lo: number, hi: number): TextValue {
    const value = new TextValue(type, 0, 0, 1, "null", ATOM);
    value.isSettled = true;
    if (type === i32 || type === i64) {
      value.isConstant = true;
      value.text = String(lo);
      value.level = lo < 0 ? UNARY : ATOM;
      if (type === i64) {
        value.high = String(hi);
        value.highLevel = hi < 0 ? UNARY : ATOM;
      }
    } else if (type === f32 || type === f64) this.setFloat(value, type === f32 ? "f32" : "f64", lo, hi);
    else if (!isRefType(type)) throw new TypeError(`no constant of type ${type}`);
    return value;
  }

  private setFloat(value: TextValue, kind: "f32" | "f64", lo: number, hi: number): void {
    const number = floatOf(kind, lo, hi);
    if (number !== number) {
      value.text = this.state.nan(kind, lo, hi).name;
      value.quiet = "NaN";
      value.maySignal = true;
      return;
    }
    value.text = Object.is(number, -0) ? "-0" : String(number);
    value.level = value.text.startsWith("-") ? UNARY : ATOM;
  }

  get(variable: number, type: ValType): TextValue {
    const name = this.state.variable(variable);
    const value = new TextValue(type, 0, 1 << (variable & 31), 1, name, ATOM);
    value.variable = variable;
    value.isSettled = variable >= this.state.func.localCount;
    if (type === i64) value.high = `${name}$hi`;
    else if (type === f32) value.maySignal = true;
    return value;
  }

  spill(value: TextValue): TextValue {
    return this.state.spill(value);
  }

  isSettled(value: TextValue): boolean {
    return value.isSettled;
  }

  isGet(value: TextValue, variable: number): boolean {
    return value.variable === variable;
  }

  mayRead(value: TextValue, variable: number): boolean {
    if ((value.reads & (1 << (variable & 31))) === 0) return false;
    return value.variable < 0 || value.variable === variable;
  }

  /** Those that take a vector have none to take, and the others give one. */
  vector(): never {
    throw new BeyondText();
  }

  // Statements

  set(variable: number, value: TextValue): TextStatement {
    const { state } = this;
    const name = state.variable(variable);
    if (this.state.func.variables[variable] !== i64) return `${name} = ${wordText(value)};`;
    const highName = `${name}$hi`;
    const low = `${name} = ${wordText(value)};`;
    const high = `${highName} = ${highText(value)};`;
    if (value.high === highName) return low;
    if (value.text === name) return high;
    // Neither word's new value may be computed from the other word's new value.
    if (!value.high.includes(name)) return `${low}\n${high}`;
    if (!value.text.includes(highName)) return `${high}\n${low}`;
    const saved = state.temporary();
    return `${saved} = ${wordText(value)};\n${high}\n${name} = ${saved};`;
  }

  /** Several results come as one array of words, or in a register; see the lowering of calls. */
  setMany(variables: readonly number[], { text }: TextValue, isCall: boolean): TextStatement {
    const { state } = this;
    const words = variables.flatMap((variable) => {
      const name = state.variable(variable);
      return state.func.variables[variable] === i64 ? [name, `${name}$hi`] : [name];
    });
    const first = isCall ? state.temporary() : (words.shift() as string);
    const rest = isCall ? first : state.helperName("high");
    const assigned = words.map((word, i) => `${word} = ${rest}[${isCall ? i + 1 : i}];`);
    return [`${first} = ${text};`, ...assigned].join("\n");
  }

  evaluate(value: TextValue): TextStatement {
    return `${value.text};`;
  }

  block(label: number, _results: readonly number[], body: readonly TextStatement[]): TextStatement {
    return this.tower(label, body) ?? nested([`block${label}: {`], [body], "}");
  }

  /** A block around a table, or around such blocks. */
  private tower(label: number, body: readonly TextStatement[]): Tower | undefined {
    const first = body[0];
    const last = body[body.length - 1];
    if (typeof last === "object" && last.kind === "table") {
      const isBranchedTo = this.hasOtherUses(label, last);
      return {
        ...{ kind: "tower", table: last, before: body.slice(0, -1), cases: [], outermost: label, isBranchedTo },
        depth: depthOf(body) + 2,
      };
    }
    if (typeof first !== "object" || first.kind !== "tower" || first.isBranchedTo) return undefined;
    const rest = body.slice(1);
    first.cases.push({ label: first.outermost, rest });
    first.outermost = label;
    first.isBranchedTo = this.hasOtherUses(label, first.table);
    first.depth = Math.max(first.depth, depthOf(rest) + 2);
    return first;
  }

  private hasOtherUses(label: number, { uses }: Table): boolean {
    return uses.get(label) !== this.labelUses[label];
  }

  loop(label: number, _results: readonly number[], body: readonly TextStatement[]): TextStatement {
    const counting = this.countingIn(label);
    const last = body[body.length - 1];
    const uses = this.labelUses[label];
    const back = typeof last === "object" && last.kind === "jump" && last.target.label === label ? last : undefined;
    const before = body.slice(0, -1);
    if (uses === 1 && back?.condition !== undefined)
      return nested(["do {"], [[...counting, ...before]], `} while (${back.condition});`);
    const isEndless = back !== undefined && back.condition === undefined;
    const turn = isEndless ? before : leaves(body) ? body : [...body, "break;"];
    const head = isEndless && uses === 1 ? "for (;;) {" : `loop${label}: for (;;) {`;
    return nested([head], [[...counting, ...turn]], "}");
  }

  /**
   * What a turn of a loop begins with. One that is reached through nothing but blocks goes on in better code, if there is
   * some from there on: see `resumeAt`.
   */
  private countingIn(label: number): readonly string[] {
    const { state } = this;
    const { localCount, variables } = state.func;
    if (!state.module.countsCalls) return [];
    const isResumed = localCount <= maxResumedLocals && this.conditionalCount === 0;
    if (!isResumed || (this.resumedNames += localCount) > maxResumedNames) return [state.countingText()];
    const words: string[] = [];
    for (let local = 0; local < localCount; local++) {
      words.push(state.variable(local));
      if (variables[local] === i64) words.push(state.highVariable(local));
    }
    return [state.resumingText(label, words)];
  }

  if(
    condition: TextValue,
    _results: readonly number[],
    then: readonly TextStatement[],
    otherwise: readonly TextStatement[],
  ): TextStatement {
    const [only] = then;
    const isJump = typeof only === "object" && only.kind === "jump" && only.condition === undefined;
    if (isJump && then.length === 1 && otherwise.length === 0) return { ...only, condition: conditionText(condition) };
    if (otherwise.length === 0) return nested([`if (${conditionText(condition)}) {`], [then], "}");
    if (then.length === 0) return nested([`if (${negatedText(condition)}) {`], [otherwise], "}");
    return nested([`if (${conditionText(condition)}) {`, "} else {"], [then, otherwise], "}");
  }

  br(target: BranchTarget): TextStatement {
    this.use(target);
    return { kind: "jump", condition: undefined, target };
  }

  private use({ label }: BranchTarget): void {
    this.labelUses[label] = (this.labelUses[label] ?? 0) + 1;
  }

  brTable(index: TextValue, targets: readonly BranchTarget[], fallback: BranchTarget): TextStatement {
    const uses = new Map<number, number>();
    for (const target of [...targets, fallback]) {
      this.use(target);
      uses.set(target.label, (uses.get(target.label) ?? 0) + 1);
    }
    return { kind: "table", subject: this.counted(wordText(index), targets.length + 1), targets, fallback, uses };
  }

  /** Of a function that may have to be split, which wants to know what runs often. */
  private counted(index: string, length: number): string {
    const { state } = this;
    const table = this.tableCount++;
    if (!state.isProfiled) return index;
    const position = state.temporary();
    return `(${state.profile(table, length).name}[(${position} = ${index}) >>> 0]++, ${position})`;
  }

  return(values: readonly TextValue[]): TextStatement {
    const [only] = values;
    if (only === undefined) return "return;";
    // See the lowering of calls: the first element is no result.
    if (values.length > 1) return `return [null, ${wordsOf(values).join(", ")}];`;
    if (only.type !== i64) return `return ${wordText(only)};`;
    return `${this.state.helperName("high")}[0] = ${highText(only)};\nreturn ${wordText(only)};`;
  }

  returnCall(functionIndex: number, _type: FuncType, operands: readonly TextValue[], offset: number): TextStatement {
    this.state.tailCalls = true;
    return `return ${tailCall(this.state, functionIndex, operands, offset)};`;
  }

  returnCallIndirect(
    typeIndex: number,
    tableIndex: number,
    _type: FuncType,
    operands: readonly TextValue[],
    offset: number,
  ): TextStatement {
    this.state.tailCalls = true;
    return `return ${tailCallIndirect(this.state, typeIndex, tableIndex, operands, offset)};`;
  }

  returnCallRef(_typeIndex: number, _type: FuncType, operands: readonly TextValue[], offset: number): TextStatement {
    this.state.tailCalls = true;
    return `return ${tailCallRef(this.state, operands, offset)};`;
  }

  unreachable(offset: number): TextStatement {
    return `throw ${this.state.at(offset)}${this.state.helperName("unreachable")}();`;
  }

  throw(tag: number, values: readonly TextValue[], offset: number): TextStatement {
    return throwText(this.state, tag, values, offset);
  }

  throwRef(value: TextValue, offset: number): TextStatement {
    return throwRefText(this.state, value, offset);
  }

  try(
    exception: number,
    _results: readonly number[],
    body: readonly TextStatement[],
    handler: readonly TextStatement[],
  ): TextStatement {
    return tryText(this.state, exception, body, handler);
  }

  // Where the builder is

  enter(isConditional: boolean): void {
    this.state.enter();
    this.conditional.push(isConditional);
    if (isConditional) this.conditionalCount++;
  }

  leave(): void {
    this.state.leave();
    if (this.conditional.pop() === true) this.conditionalCount--;
  }

  rest(): void {
    this.state.rest();
  }
}
