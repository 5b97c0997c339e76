// The names of a function that is compiled to text: its variables, and temporaries, which share names.
import { functionBody, type HelperName, i64, isRefType, type ValType } from "@anywasm/isa";
import { Bindings, type FunctionShape } from "../lower/bindings.ts";
import { isOnlySplit, type ModuleContext } from "../module-context.ts";

// Control characters occur in no generated text: names are of letters, digits, `_` and `$`.
const offsetOpen = "\u0001";
const offsetClose = "\u0002";
export const offsetMark: RegExp = new RegExp(`${offsetOpen}(\\d+)${offsetClose}`, "g");

interface TypedShape extends FunctionShape {
  /** Of parameters, locals and what the builder adds. */
  readonly variables: readonly ValType[];
}

export class TextNames extends Bindings {
  readonly module: ModuleContext;
  readonly func: TypedShape;
  private readonly withPositions: boolean;
  private readonly names: (string | undefined)[] = [];
  private readonly declared: string[] = [];
  private readonly temporaries: string[] = [];
  private inUse = 0;
  private resumed: string | undefined;
  private readonly marks: number[] = [];
  private readonly mayGrow: boolean;
  /** Whether tables of branches count where they go. */
  readonly isProfiled: boolean;
  /** By memory; sparse. */
  private readonly views: string[] = [];

  constructor(
    func: TypedShape,
    module: ModuleContext,
    functionName: (index: number) => string | undefined,
    withPositions: boolean,
  ) {
    super(functionName);
    this.func = func;
    this.module = module;
    this.withPositions = withPositions;
    this.mayGrow = functionBody(module.structure, func.index)?.mayGrowMemories ?? true;
    this.isProfiled = module.countsCalls && isOnlySplit(module, func.index);
  }

  helperName(helper: HelperName): string {
    return this.helper(helper).name;
  }

  /** A variable, or its low word. */
  variable(index: number): string {
    return this.names[index] ?? this.declareVariable(index);
  }

  parameterNames(): readonly string[] {
    const names: string[] = [];
    for (let index = 0; index < this.func.parameterCount; index++) {
      names.push(this.variable(index));
      if (this.func.variables[index] === i64) names.push(this.highVariable(index));
    }
    return names;
  }

  /** The high word of a 64-bit variable. */
  highVariable(index: number): string {
    return `${this.variable(index)}$hi`;
  }

  private declareVariable(index: number): string {
    const { func, module } = this;
    const type = func.variables[index] as ValType;
    const made = this.nameVariable(module, func, index, "v", type === i64);
    this.names[index] = made;
    if (index < func.parameterCount) return made;
    // Declared locals start as zero or null (core spec, §4.4 "Function Calls").
    const start = index >= func.localCount ? "" : isRefType(type) ? " = null" : " = 0";
    this.declared.push(made + start);
    if (type === i64) this.declared.push(`${made}$hi${start}`);
    return made;
  }

  // Temporaries: engines give every variable a place in the function's frame, so those that are done with are used again.

  temporary(): string {
    const at = this.inUse++;
    const known = this.temporaries[at];
    if (known !== undefined) return known;
    const made = this.unique(`t${at}`);
    this.temporaries.push(made);
    return made;
  }

  /** Temporaries so far may be needed until `leave`. */
  enter(): void {
    this.marks.push(this.inUse);
  }

  leave(): void {
    this.marks.pop();
  }

  /** Nothing needs temporaries made since `enter`. */
  rest(): void {
    this.inUse = this.marks[this.marks.length - 1] ?? 0;
  }

  /** Where a memory's view is: in a constant, if nothing the function does can grow memories. */
  view(memory: number): string {
    let known = this.views[memory];
    if (known === undefined) {
      known = this.mayGrow ? `${this.entity("memory", memory).name}.view` : this.unique("view");
      this.views[memory] = known;
    }
    return known;
  }

  /** Before a call: where it is in the module. */
  at(offset: number): string {
    return this.withPositions ? offsetOpen + offset + offsetClose : "";
  }

  /** What a call begins with: it goes on in better code once there is some. */
  startingText(): string {
    const self = this.self().name;
    return `if (--${self}.calls < 0 && ${self}.isReplaced()) return ${self}.code(${this.parameterNames().join(", ")});`;
  }

  /** What a turn of a loop begins with. */
  countingText(): string {
    const self = this.self().name;
    return `if (--${self}.turns < 0) ${self}.promoteFrom(0);`;
  }

  /** As `countingText`, in a loop that better code may take over, given the words of all locals. */
  resumingText(label: number, words: readonly string[]): string {
    const self = this.self().name;
    this.resumed ??= this.unique("resumed");
    const call = `if (${this.resumed}) return ${this.resumed}(${words.join(", ")});`;
    return `if (--${self}.turns < 0) {\n  const ${this.resumed} = ${self}.resumeAt(${label});\n  ${call}\n}`;
  }

  /** The lines before the body. */
  declarations(): readonly string[] {
    const lines: string[] = [];
    const variables = [...this.declared, ...this.temporaries];
    if (variables.length > 0) lines.push(`let ${variables.join(", ")};`);
    if (this.mayGrow) return lines;
    this.views.forEach((view, memory) => {
      lines.push(`const ${view} = ${this.entity("memory", memory).name}.view;`);
    });
    return lines;
  }
}
