// Compile-time imports: built-in string functions and string constants (JS API, "Compile options"; the proposal
// js-string-builtins). They are checked when a module is compiled, and supplied when it is instantiated.
import type { Module } from "@anywasm/engine";
import {
  abstractHeapTypes,
  CompileError,
  type DefinedType,
  externref,
  type FuncType,
  formatFuncType,
  type HeapType,
  heapTypeOf,
  type Import,
  i32,
  refType,
  type SubType,
  type ValType,
} from "@anywasm/isa";
import { Global, type HostDefinition, Trap } from "@anywasm/runtime";
import { type ArrayObject, FuncRecord, importPlace, valTypeOf } from "@anywasm/runtime/embed";
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
    const isString = type.kind === "global" && heapTypeOf(type.type.value) === abstractHeapTypes.extern;
    if (!isString || type.type.mutable)
      throw refused(`import ${importPlace(item)} is a string constant, so it must be an immutable global of externref`);
    return Global.create(realm.store, valTypeOf(type.type.value), name);
  }
  if (module !== "wasm:js-string" || !options.builtins.includes("js-string")) return undefined;
  const builtin = stringBuiltins.get(name);
  if (builtin === undefined) return undefined;
  const expected = typeOf(realm, builtin);
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
  readonly params: readonly (ValType | "chars")[];
  readonly result: ValType;
  readonly code: FuncRecord["code"];
}

function builtin(params: Builtin["params"], result: ValType, code: Builtin["code"]): Builtin {
  return { params, result, code };
}

/** Of "chars", in the types of built-ins: arrays of UTF-16 units that can be written. */
const characters: SubType = {
  final: true,
  supertypes: [],
  composite: { kind: "array", element: { storage: "i16", mutable: true } },
};

function typeOf({ engine }: Realm, { params, result }: Builtin): DefinedType<FuncType> {
  const known: DefinedType[] = [];
  engine.types.addGroup({ start: 0, types: [characters] }, known);
  const chars = refType(known[0]?.id as HeapType, true);
  return engine.canonicalType({
    kind: "func",
    params: params.map((param) => (param === "chars" ? chars : param)),
    results: [result],
  });
}

const string = refType(abstractHeapTypes.extern, false);

/** @throws Trap for a range that the array does not have. */
function charactersOf(array: ArrayObject | null, start: number, end: number): Int16Array {
  if (array === null) throw new Trap("null_array_reference");
  if (start >>> 0 > end >>> 0 || end >>> 0 > array.length) throw new Trap("array_out_of_bounds");
  return (array.elements as Int16Array).subarray(start >>> 0, end >>> 0);
}

/** Arguments at a time: engines have room for so many. */
const maxArguments = 4096;

function stringOfCharacters(characters: Int16Array): string {
  const units = new Uint16Array(characters.buffer, characters.byteOffset, characters.length);
  let text = "";
  for (let start = 0; start < units.length; start += maxArguments)
    text += String.fromCharCode(...units.subarray(start, start + maxArguments));
  return text;
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

/** Those of "wasm:js-string". */
const stringBuiltins: ReadonlyMap<string, Builtin> = new Map([
  ["test", builtin([externref], i32, (value: unknown) => (typeof value === "string" ? 1 : 0))],
  ["length", builtin([externref], i32, (value: unknown) => stringOf(value).length)],
  [
    "charCodeAt",
    builtin([externref, i32], i32, (value: unknown, index: number) => {
      const string = stringOf(value);
      return string.charCodeAt(checkIndex(string, index));
    }),
  ],
  [
    "codePointAt",
    builtin([externref, i32], i32, (value: unknown, index: number) => {
      const string = stringOf(value);
      return string.codePointAt(checkIndex(string, index));
    }),
  ],
  [
    "equals",
    builtin([externref, externref], i32, (a: unknown, b: unknown) => {
      const first = a === null ? null : stringOf(a);
      const second = b === null ? null : stringOf(b);
      return first === second ? 1 : 0;
    }),
  ],
  [
    "compare",
    builtin([externref, externref], i32, (a: unknown, b: unknown) => {
      const first = stringOf(a);
      const second = stringOf(b);
      return first < second ? -1 : first > second ? 1 : 0;
    }),
  ],
  ["cast", builtin([externref], string, stringOf)],
  ["fromCharCode", builtin([i32], string, (unit: number) => String.fromCharCode(unit))],
  [
    "fromCodePoint",
    builtin([i32], string, (point: number) => {
      if (point >>> 0 > 0x10ffff) throw new Trap("string_out_of_bounds");
      return String.fromCodePoint(point);
    }),
  ],
  [
    "fromCharCodeArray",
    builtin(["chars", i32, i32], string, (array: ArrayObject | null, start: number, end: number) =>
      stringOfCharacters(charactersOf(array, start, end)),
    ),
  ],
  [
    "intoCharCodeArray",
    builtin([externref, "chars", i32], i32, (value: unknown, array: ArrayObject | null, start: number) => {
      const text = stringOf(value);
      const target = charactersOf(array, start, (start >>> 0) + text.length);
      for (let i = 0; i < text.length; i++) target[i] = text.charCodeAt(i);
      return text.length;
    }),
  ],
  ["concat", builtin([externref, externref], string, (a: unknown, b: unknown) => stringOf(a) + stringOf(b))],
  [
    "substring",
    builtin([externref, i32, i32], string, (value: unknown, start: number, end: number) => {
      const text = stringOf(value);
      return start >>> 0 > end >>> 0 ? "" : text.substring(start >>> 0, end >>> 0);
    }),
  ],
]);
