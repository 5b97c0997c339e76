// The module as far as it has been read: what later sections are checked against.
import type {
  CustomSection,
  DataSegment,
  ElementSegment,
  Export,
  FuncType,
  FunctionBody,
  GlobalDefinition,
  GlobalType,
  Import,
  MemoryType,
  ModuleStructure,
  RecGroup,
  TableDefinition,
  TableType,
} from "@anywasm/isa";

export class ModuleBuilder {
  readonly recGroups: RecGroup[] = [];
  readonly types: (FuncType | undefined)[] = [];
  readonly imports: Import[] = [];
  importedFunctionCount = 0;
  readonly functionTypeIndices: number[] = [];
  readonly tables: TableType[] = [];
  readonly memories: MemoryType[] = [];
  readonly globals: GlobalType[] = [];
  readonly tags: FuncType[] = [];
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

  finish(): ModuleStructure {
    return this;
  }
}
