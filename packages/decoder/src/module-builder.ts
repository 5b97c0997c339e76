// The module as far as it has been read: what later sections are checked against.
import type {
  CustomSection,
  DataSegment,
  DefinedType,
  ElementSegment,
  Export,
  FeatureSet,
  FuncType,
  FunctionBody,
  GlobalDefinition,
  GlobalType,
  Import,
  MemoryType,
  ModuleStructure,
  RecGroup,
  SubType,
  TableDefinition,
  TableType,
} from "@anywasm/isa";

export class ModuleBuilder {
  readonly features: FeatureSet;
  readonly recGroups: RecGroup[] = [];
  readonly subTypes: SubType[] = [];
  readonly types: (FuncType | undefined)[] = [];
  /** By type index; equal ones are the same. */
  readonly defined: DefinedType[] = [];
  readonly imports: Import[] = [];
  importedFunctionCount = 0;
  readonly functionTypeIndices: number[] = [];
  readonly tables: TableType[] = [];
  readonly memories: MemoryType[] = [];
  readonly globals: GlobalType[] = [];
  readonly tags: FuncType[] = [];
  readonly tagTypeIndices: number[] = [];
  catchesExceptions = false;
  readonly tableDefinitions: TableDefinition[] = [];
  readonly globalDefinitions: GlobalDefinition[] = [];
  /** Validation completes them. */
  readonly bodies: { -readonly [Key in keyof FunctionBody]: FunctionBody[Key] }[] = [];
  readonly exports: Export[] = [];
  start: number | undefined;
  readonly elements: ElementSegment[] = [];
  readonly data: DataSegment[] = [];
  readonly customSections: CustomSection[] = [];
  /** From the data count section; `undefined` without one. */
  dataCount: number | undefined;
  /** Functions that occur outside bodies, which makes `ref.func` of them valid (core spec, §3.5 "C.refs"). */
  readonly declaredFunctions = new Set<number>();
  /** Imported functions that are known to be of exactly their type. */
  readonly exactImports = new Set<number>();

  constructor(features: FeatureSet) {
    this.features = features;
  }

  finish(): ModuleStructure {
    return this;
  }
}
