// The structure of a module (core spec, §2.5) as data: what decoders produce and embedders read.
// Knows nothing of bytes except where function bodies and data lie in them.
import type { FuncType, GlobalType, HeapType, MemoryType, RecGroup, SubType, TableType, ValType } from "./types.ts";

/** The four words of a 128-bit vector, the lowest first. */
export type VectorWords = readonly [number, number, number, number];

/** One instruction of a constant expression (core spec, §3.4 "Constant Expressions"). */
export type ConstInstruction =
  | { readonly kind: "const"; readonly type: ValType; readonly lo: number; readonly hi: number }
  | { readonly kind: "vector"; readonly words: VectorWords }
  | { readonly kind: "global.get"; readonly index: number }
  | { readonly kind: "ref.func"; readonly index: number }
  | { readonly kind: "ref.null"; readonly heap: HeapType }
  | { readonly kind: "binary"; readonly name: ConstBinaryName }
  | { readonly kind: "convert"; readonly name: ConstConversionName }
  /** Makes a structure or array; `count` is that of elements of `array.new_fixed`. */
  | { readonly kind: "new"; readonly name: ConstAllocationName; readonly typeIndex: number; readonly count: number };

/** Extended constant expressions: arithmetic on the two topmost values. */
export type ConstBinaryName = "i32.add" | "i32.sub" | "i32.mul" | "i64.add" | "i64.sub" | "i64.mul";

/** Of the topmost value. */
export type ConstConversionName = "ref.i31" | "any.convert_extern" | "extern.convert_any";

export type ConstAllocationName =
  | "struct.new"
  | "struct.new_default"
  | "struct.new_desc"
  | "struct.new_default_desc"
  | "array.new"
  | "array.new_default"
  | "array.new_fixed";

export type ConstExpression = readonly ConstInstruction[];

export type ExternKind = "func" | "table" | "memory" | "global" | "tag";

/** What an import must be, or an export is. */
export type ExternType =
  | {
      readonly kind: "func";
      readonly type: FuncType;
      /** In the module that says so. */
      readonly typeIndex: number;
      /** An import that must be of that type, and of none below it. */
      readonly isExact?: boolean;
    }
  | { readonly kind: "table"; readonly type: TableType }
  | { readonly kind: "memory"; readonly type: MemoryType }
  | { readonly kind: "global"; readonly type: GlobalType }
  /** Without results. */
  | { readonly kind: "tag"; readonly type: FuncType; readonly typeIndex: number };

export interface Import {
  readonly module: string;
  readonly name: string;
  readonly type: ExternType;
}

export interface Export {
  readonly name: string;
  readonly kind: ExternKind;
  /** In the index space of `kind`. */
  readonly index: number;
}

/** A defined global; imported ones have no initial value of their own. */
export interface GlobalDefinition {
  readonly type: GlobalType;
  readonly init: ConstExpression;
}

/** A defined table, with the value of its elements where that is not null. */
export interface TableDefinition {
  readonly type: TableType;
  readonly init: ConstExpression | undefined;
}

export type SegmentMode =
  | { readonly kind: "passive" }
  | { readonly kind: "declarative" }
  /** Copied at instantiation to `offset` in the memory or table `index`. */
  | { readonly kind: "active"; readonly index: number; readonly offset: ConstExpression };

export interface ElementSegment {
  readonly mode: SegmentMode;
  readonly type: ValType;
  readonly items: readonly ConstExpression[];
}

export interface DataSegment {
  readonly mode: SegmentMode;
  /** Byte range in the module. */
  readonly start: number;
  readonly end: number;
}

/** A function body's byte range in the module: from the locals to behind the final `end`. */
export interface FunctionBody {
  readonly start: number;
  readonly end: number;
  /** While it runs, memories may grow: it calls functions, or grows one. Known once the module has been validated. */
  readonly mayGrowMemories: boolean;
}

export interface CustomSection {
  readonly name: string;
  /** Byte range of the contents in the module. */
  readonly start: number;
  readonly end: number;
}

/** Everything a module declares. Index spaces begin with the imports. */
export interface ModuleStructure {
  readonly recGroups: readonly RecGroup[];
  /** Definitions by type index. */
  readonly subTypes: readonly SubType[];
  /** Function types by type index; `undefined` for other kinds of types. */
  readonly types: readonly (FuncType | undefined)[];
  readonly imports: readonly Import[];
  readonly importedFunctionCount: number;
  /** Type index of each function, imported ones first. */
  readonly functionTypeIndices: readonly number[];
  readonly tables: readonly TableType[];
  readonly memories: readonly MemoryType[];
  readonly globals: readonly GlobalType[];
  /** What exceptions of each tag carry, as parameters. */
  readonly tags: readonly FuncType[];
  readonly tagTypeIndices: readonly number[];
  /** Some function has handlers. Known once the module has been validated. */
  readonly catchesExceptions: boolean;
  /** Without the imported ones, as are the next three. */
  readonly tableDefinitions: readonly TableDefinition[];
  readonly globalDefinitions: readonly GlobalDefinition[];
  readonly bodies: readonly FunctionBody[];
  readonly exports: readonly Export[];
  readonly start: number | undefined;
  readonly elements: readonly ElementSegment[];
  readonly data: readonly DataSegment[];
  readonly customSections: readonly CustomSection[];
}

/** What the name section says (core spec, appendix "Name Section"). */
export interface ModuleNames {
  readonly module: string | undefined;
  readonly functions: NameMap;
  /** Names of parameters and locals, by function index, then by local index. */
  readonly locals: ReadonlyMap<number, NameMap>;
}

/** Names by index. */
export interface NameMap extends Iterable<readonly [index: number, name: string]> {
  get(index: number): string | undefined;
}

/** Where the body of function `index` lies; `undefined` for one that is imported. */
export function functionBody(module: ModuleStructure, index: number): FunctionBody | undefined {
  return module.bodies[index - module.importedFunctionCount];
}

/** The type of function `index`, imported or defined. */
export function functionType(module: ModuleStructure, index: number): FuncType {
  const typeIndex = module.functionTypeIndices[index];
  const type = typeIndex === undefined ? undefined : module.types[typeIndex];
  if (type === undefined) throw new RangeError(`no function ${index}`);
  return type;
}

/** The type of tag `index`, imported or defined. */
export function tagType(module: ModuleStructure, index: number): FuncType {
  const type = module.tags[index];
  if (type === undefined) throw new RangeError(`no tag ${index}`);
  return type;
}
