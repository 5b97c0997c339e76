// A module without anything in it, for tests that compile single functions.
import type { Func } from "@anywasm/ir";
import { i32, type ModuleStructure } from "@anywasm/isa";
import type { ModuleContext } from "./module-context.ts";

const structure: ModuleStructure = {
  recGroups: [],
  subTypes: [],
  types: [],
  imports: [],
  importedFunctionCount: 0,
  functionTypeIndices: [],
  tables: [],
  memories: [{ limits: { min: 1, max: undefined } }],
  globals: [{ value: i32, mutable: true }],
  tags: [],
  tagTypeIndices: [],
  catchesExceptions: false,
  tableDefinitions: [],
  globalDefinitions: [],
  bodies: Array.from({ length: 4 }, () => ({ start: 0, end: 1, mayGrowMemories: true })),
  exports: [],
  start: undefined,
  elements: [],
  data: [],
  customSections: [],
};

/** The context of a module of these functions, with what `own` says of it; function 0 is called `f`. */
export function moduleOf(functions: readonly Func[], own: Partial<ModuleStructure> = {}): ModuleContext {
  return {
    structure: { ...structure, ...own },
    names: { module: undefined, functions: new Map([[0, "f"]]), locals: new Map() },
    build: (index) => functions.find((each) => each.index === index) as Func,
    read: () => {
      throw new TypeError("no instructions, only IR");
    },
    int64: "auto",
    splitAbove: 11_000,
    countsCalls: false,
  };
}

/** Text of function 0. */
export function func(signature: string, variables: string, ...body: readonly string[]): string {
  return `(func 0 (type ${signature}) (variables ${variables}) (labels 8) ${body.join("\n")})`;
}
