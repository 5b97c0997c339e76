// Compile-time imports: built-in string functions and string constants (JS API, "Compile options"; the proposal
// js-string-builtins). They are checked when a module is compiled, and supplied when it is instantiated.
//
// Built-ins whose type has `(ref extern)` in it cannot be imported until typed references are implemented: no module
// can name their type.
import type { Module } from "@anywasm/engine";
import { CompileError, externref, type FuncType, formatFuncType, type Import, i32, type ValType } from "@anywasm/isa";
import { Global, type HostDefinition, Trap } from "@anywasm/runtime";
import { FuncRecord, importPlace, valTypeOf } from "@anywasm/runtime/embed";
import type { Realm } from "./realm.ts";
import { toDictionary, toSequence } from "./webidl.ts";

/** What a module was compiled with. */
export interface CompileOptions {
  /** Names of sets, such as "js-string"; unknown ones have no effect. */
  readonly builtins: readonly string[];
  /** The module name whose imports are the strings that they are named by. */
  readonly importedStringConstants: string | undefined;
}

/** Imports that the embedder does not give, by their position in the module. */
export type ProvidedImports = ReadonlyMap<number, Global | HostDefinition>;

/** The dictionary WebAssemblyCompileOptions. @throws TypeError */
export function toCompileOptions(value: unknown, context: string): CompileOptions {
  if (value === undefined || value === null) return { builtins: [], importedStringConstants: undefined };
  const dictionary = toDictionary(value, context, "the options");
  const { builtins, importedStringConstants } = dictionary;
  return {
    builtins: builtins === undefined ? [] : toSequence(builtins, context, "option 'builtins'").map(toUSVString),
    importedStringConstants:
      importedStringConstants === undefined || importedStringConstants === null
        ? undefined
        : toUSVString(importedStringConstants),
  };
}

function toUSVString(value: unknown): string {
  return `${value as string}`.replace(/\p{Surrogate}/gu, "\uFFFD");
}

/** JS API, "validate builtins and imported string for a module". @throws the isa's CompileError */
export function provideImports(realm: Realm, module: Module, options: CompileOptions): ProvidedImports {
  const duplicate = options.builtins.find((name, position) => options.builtins.indexOf(name) !== position);
  if (duplicate !== undefined) throw refused(`option 'builtins' names ${JSON.stringify(duplicate)} twice`);
  const provided = new Map<number, Global | HostDefinition>();
  module.structure.imports.forEach((item, position) => {
    const found = provide(realm, module, item, options);
    if (found !== undefined) provided.set(position, found);
  });
  return provided;
}

function provide(
  realm: Realm,
  { types }: Module,
  item: Import,
  options: CompileOptions,
): Global | HostDefinition | undefined {
  const { module, name, type } = item;
  if (module === options.importedStringConstants) {
    if (type.kind !== "global" || type.type.mutable || type.type.value !== externref)
      throw refused(`import ${importPlace(item)} is a string constant, so it must be an immutable global of externref`);
    return Global.create(realm.store, valTypeOf(externref), name);
  }
  if (module !== "wasm:js-string" || !options.builtins.includes("js-string")) return undefined;
  const builtin = stringBuiltins.get(name);
  if (builtin === undefined) return undefined;
  const expected = realm.engine.canonicalType(builtin.type);
  if (type.kind !== "func" || types[type.typeIndex] !== expected)
    throw refused(
      `import ${importPlace(item)} is a built-in function, so it must be a function of type ${formatFuncType(expected)}`,
    );
  return { kind: "host", type: expected, bind: () => new FuncRecord(expected, builtin.code) };
}

function refused(reason: string): CompileError {
  return new CompileError(reason, { code: "invalid_module", offset: 0 });
}

interface Builtin {
  readonly type: FuncType;
  readonly code: FuncRecord["code"];
}

function builtin(params: readonly ValType[], code: Builtin["code"]): Builtin {
  return { type: { kind: "func", params, results: [i32] }, code };
}

function stringOf(value: unknown): string {
  if (typeof value === "string") return value;
  throw new Trap("cast_failure");
}

/** `index` is unsigned. @throws Trap at or behind the end. */
function checkIndex(string: string, index: number): number {
  if (index >>> 0 < string.length) return index >>> 0;
  throw new Trap("string_out_of_bounds");
}

/** Those of "wasm:js-string" whose types can be written today. */
const stringBuiltins: ReadonlyMap<string, Builtin> = new Map([
  ["test", builtin([externref], (value: unknown) => (typeof value === "string" ? 1 : 0))],
  ["length", builtin([externref], (value: unknown) => stringOf(value).length)],
  [
    "charCodeAt",
    builtin([externref, i32], (value: unknown, index: number) => {
      const string = stringOf(value);
      return string.charCodeAt(checkIndex(string, index));
    }),
  ],
  [
    "codePointAt",
    builtin([externref, i32], (value: unknown, index: number) => {
      const string = stringOf(value);
      return string.codePointAt(checkIndex(string, index));
    }),
  ],
  [
    "equals",
    builtin([externref, externref], (a: unknown, b: unknown) => {
      const first = a === null ? null : stringOf(a);
      const second = b === null ? null : stringOf(b);
      return first === second ? 1 : 0;
    }),
  ],
  [
    "compare",
    builtin([externref, externref], (a: unknown, b: unknown) => {
      const first = stringOf(a);
      const second = stringOf(b);
      return first < second ? -1 : first > second ? 1 : 0;
    }),
  ],
]);
