// The names of a function's JavaScript: its own, unique, and those of what is outside of it, each bound once.
import type { HelperName } from "@anywasm/isa";
import type { Binding } from "../compiled.ts";
import { name } from "../js/build.ts";
import { NameScope, sanitize } from "../js/names.ts";
import type { JsName } from "../js/nodes.ts";
import type { ModuleContext } from "../module-context.ts";

type EntityKind = Extract<Binding, { readonly index: number }>["kind"];

/** How a function's variables are numbered: parameters, declared locals, temporaries. */
export interface FunctionShape {
  readonly index: number;
  readonly parameterCount: number;
  readonly localCount: number;
}

export class Bindings {
  readonly functionName: (index: number) => string | undefined;
  readonly bindings = new Map<string, { readonly name: string; readonly binding: Binding }>();
  protected readonly scope = new NameScope();
  private readonly helperNames = new Map<HelperName, JsName>();
  private readonly entityNames: Partial<Record<EntityKind, Map<number, JsName>>> = {};

  constructor(functionName: (index: number) => string | undefined) {
    this.functionName = functionName;
  }

  unique(wanted: string): string {
    return this.scope.unique(wanted);
  }

  /** Names a variable as the module's names do, or by its number; a pair's high word is called the same with `$hi`. */
  protected nameVariable(
    { names }: ModuleContext,
    { index, parameterCount, localCount }: FunctionShape,
    variable: number,
    temporary: "t" | "v",
    isPair: boolean,
  ): string {
    const kind = variable >= localCount ? temporary : variable < parameterCount ? "p" : "l";
    const number = variable >= localCount ? variable - localCount : variable;
    const wanted = sanitize(names.locals.get(index)?.get(variable), `${kind}${number}`);
    return isPair ? this.scope.uniqueWith(wanted, "$hi") : this.scope.unique(wanted);
  }

  protected bind(key: string, wanted: string, binding: Binding): JsName {
    let known = this.bindings.get(key);
    if (known === undefined) {
      known = { name: this.unique(wanted), binding };
      this.bindings.set(key, known);
    }
    return name(known.name);
  }

  helper(helper: HelperName): JsName {
    const known = this.helperNames.get(helper);
    if (known !== undefined) return known;
    const made = this.bind(`helper ${helper}`, helper, { kind: "helper", helper });
    this.helperNames.set(helper, made);
    return made;
  }

  entity(kind: EntityKind, index: number): JsName {
    const names = (this.entityNames[kind] ??= new Map());
    const known = names.get(index);
    if (known !== undefined) return known;
    const given = kind === "function" ? this.functionName(index) : undefined;
    const plain = kind === "memory" && index === 0 ? "memory" : `${kind}${index}`;
    const made = this.bind(`${kind} ${index}`, sanitize(given, plain), { kind, index });
    names.set(index, made);
    return made;
  }

  nan(kind: "f32" | "f64", lo: number, hi: number): JsName {
    return this.bind(`${kind} ${lo} ${hi}`, "nan", { kind, lo, hi });
  }

  /** The elements of slots as BigInts, words or floats. */
  slotView(view: "int64" | "words" | "floats"): JsName {
    return this.bind(`slots ${view}`, view, { kind: "slots", view });
  }

  profile(table: number, length: number): JsName {
    return this.bind(`profile ${table}`, `profile${table}`, { kind: "profile", table, length });
  }

  /** The function's own record. */
  self(): JsName {
    return this.bind("self", "self", { kind: "self" });
  }

  bindPart(text: string, part: number): void {
    this.bindings.set(`part ${part}`, { name: text, binding: { kind: "part", part } });
  }
}
