// Reads the sections that declare: types, imports, functions, tables, memories, tags, globals (core spec, §5.5).
import {
  type DefinedType,
  type ExternType,
  type FeatureSet,
  type FuncType,
  functionType,
  implementationLimits,
  isCompositeSubtype,
  isDefaultable,
  type RecGroup,
  TypeRegistry,
} from "@anywasm/isa";
import { readConstExpression } from "../constant-expression.ts";
import { featureDisabled, invalid, limitExceeded, malformed, unknown } from "../messages.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import type { Reader } from "../reader.ts";
import { readGlobalType, readMemoryType, readRecGroup, readTableType } from "../types.ts";
import { checkClause, checkDescriptors, haveMatchingClauses } from "./descriptors.ts";

/** A vector's length, refused when it passes the limit together with what is there, or cannot fit in the section. */
export function readCount(reader: Reader, what: string, limit: number, present = 0): number {
  const offset = reader.position;
  const count = reader.u32();
  if (count + present > limit) throw limitExceeded(what, count + present, limit, offset);
  return count;
}

export function readTypeSection(reader: Reader, module: ModuleBuilder, features: FeatureSet): void {
  const count = readCount(reader, "types", implementationLimits.types);
  const registry = new TypeRegistry();
  for (let i = 0; i < count; i++) {
    const offset = reader.position;
    const group = readRecGroup(reader, module.types.length, features);
    module.recGroups.push(group);
    for (const type of group.types) {
      module.subTypes.push(type);
      module.types.push(type.composite.kind === "func" ? type.composite : undefined);
    }
    checkDescriptors(group, offset);
    registry.addGroup(group, module.defined);
    checkSupertypes(group, module, offset);
  }
}

/** Core spec, §3.2 "Sub Types": what is declared below a type must be fit to be used as one. */
function checkSupertypes({ start, types }: RecGroup, { defined, subTypes }: ModuleBuilder, offset: number): void {
  types.forEach((type, i) => {
    for (const index of type.supertypes) {
      const supertype = subTypes[index];
      const isFit =
        supertype?.final === false &&
        isCompositeSubtype(type.composite, supertype.composite, defined) &&
        haveMatchingClauses(type, supertype);
      if (!isFit) throw invalid(`sub type ${start + i} does not match super type ${index}`, offset);
      checkClause("described", type.describes, supertype.describes, defined, offset);
      checkClause("descriptor", type.descriptor, supertype.descriptor, defined, offset);
    }
    const { depth } = defined[start + i] as DefinedType;
    const limit = implementationLimits.subtypingDepth;
    if (depth > limit) throw limitExceeded("supertypes", depth, limit, offset);
  });
}

export function readImportSection(reader: Reader, module: ModuleBuilder, features: FeatureSet): void {
  const count = readCount(reader, "imports", implementationLimits.imports);
  for (let i = 0; i < count; i++) {
    const moduleName = reader.name();
    const name = reader.name();
    module.imports.push({ module: moduleName, name, type: readImportType(reader, module, features) });
  }
}

function readImportType(reader: Reader, module: ModuleBuilder, features: FeatureSet): ExternType {
  const offset = reader.position;
  const kind = reader.byte();
  switch (kind) {
    case 0:
      return readFunctionImport(reader, module);
    case 1: {
      const type = readTableType(reader, module);
      addTable(module, features, offset);
      module.tables.push(type);
      return { kind: "table", type };
    }
    case 2: {
      const type = readMemoryType(reader, features);
      addMemory(module, features, offset);
      module.memories.push(type);
      return { kind: "memory", type };
    }
    case 3: {
      const type = readGlobalType(reader, module);
      if (type.mutable && !features.has("mutable-globals"))
        throw featureDisabled("mutable-globals", "an imported mutable global", offset);
      module.globals.push(type);
      return { kind: "global", type };
    }
    case 4:
      if (!features.has("exceptions")) throw featureDisabled("exceptions", "an imported tag", offset);
      return { kind: "tag", ...readTag(reader, module, offset) };
    case 0x20: {
      if (!features.has("custom-descriptors"))
        throw featureDisabled("custom-descriptors", "an exact function import", offset);
      module.exactImports.add(module.functionTypeIndices.length);
      return { ...readFunctionImport(reader, module), isExact: true };
    }
    default:
      throw malformed("malformed import kind", offset);
  }
}

function readFunctionImport(reader: Reader, module: ModuleBuilder): ExternType & { readonly kind: "func" } {
  readFunctionType(reader, module);
  module.importedFunctionCount++;
  const index = module.functionTypeIndices.length - 1;
  return { kind: "func", type: functionType(module, index), typeIndex: module.functionTypeIndices[index] as number };
}

function readFunctionType(reader: Reader, module: ModuleBuilder): void {
  const offset = reader.position;
  const typeIndex = reader.u32();
  if (module.types[typeIndex] === undefined) throw unknown("type", typeIndex, offset);
  module.functionTypeIndices.push(typeIndex);
}

export function readFunctionSection(reader: Reader, module: ModuleBuilder): void {
  const present = module.functionTypeIndices.length;
  const count = readCount(reader, "functions", implementationLimits.functions, present);
  for (let i = 0; i < count; i++) readFunctionType(reader, module);
}

function addTable(module: ModuleBuilder, features: FeatureSet, offset: number): void {
  if (module.tables.length >= 1 && !features.has("reference-types"))
    throw featureDisabled("reference-types", "a second table", offset);
  if (module.tables.length >= implementationLimits.tables)
    throw limitExceeded("tables", module.tables.length + 1, implementationLimits.tables, offset);
}

function addMemory(module: ModuleBuilder, features: FeatureSet, offset: number): void {
  if (module.memories.length >= 1 && !features.has("multi-memory"))
    throw featureDisabled("multi-memory", "a second memory", offset);
  if (module.memories.length >= implementationLimits.memories)
    throw limitExceeded("memories", module.memories.length + 1, implementationLimits.memories, offset);
}

export function readTableSection(reader: Reader, module: ModuleBuilder, features: FeatureSet): void {
  const count = readCount(reader, "tables", implementationLimits.tables, module.tables.length);
  for (let i = 0; i < count; i++) {
    const offset = reader.position;
    const hasInit = readInitMark(reader, features);
    const type = readTableType(reader, module);
    addTable(module, features, offset);
    const init = hasInit ? readConstExpression(reader, module, type.element, features) : undefined;
    if (init === undefined && !isDefaultable(type.element))
      throw invalid("type mismatch: a table of references that cannot be null needs an initial value", offset);
    module.tables.push(type);
    module.tableDefinitions.push({ type, init });
  }
}

/** A table with an initial value starts with 0x40 0x00 (core spec, §5.5.7). */
function readInitMark(reader: Reader, features: FeatureSet): boolean {
  const offset = reader.position;
  if (reader.bytes[offset] !== 0x40) return false;
  if (!features.has("function-references"))
    throw featureDisabled("function-references", "a table's initial value", offset);
  reader.position++;
  if (reader.byte() !== 0) throw malformed("malformed table", offset + 1);
  return true;
}

export function readMemorySection(reader: Reader, module: ModuleBuilder, features: FeatureSet): void {
  const count = readCount(reader, "memories", implementationLimits.memories, module.memories.length);
  for (let i = 0; i < count; i++) {
    addMemory(module, features, reader.position);
    module.memories.push(readMemoryType(reader, features));
  }
}

export function readTagSection(reader: Reader, module: ModuleBuilder, features: FeatureSet): void {
  if (!features.has("exceptions")) throw featureDisabled("exceptions", "the tag section", reader.position);
  const count = readCount(reader, "tags", implementationLimits.tags, module.tags.length);
  for (let i = 0; i < count; i++) readTag(reader, module, reader.position);
}

/** Core spec, §5.3.10: an attribute, then the type that says what exceptions carry. */
function readTag(
  reader: Reader,
  module: ModuleBuilder,
  offset: number,
): { readonly type: FuncType; readonly typeIndex: number } {
  const limit = implementationLimits.tags;
  if (module.tags.length >= limit) throw limitExceeded("tags", module.tags.length + 1, limit, offset);
  if (reader.byte() !== 0) throw malformed("malformed tag attribute", offset);
  const typeIndex = reader.u32();
  const type = module.types[typeIndex];
  if (type === undefined) throw unknown("type", typeIndex, offset);
  if (type.results.length > 0) throw invalid("non-empty tag result type", offset);
  module.tags.push(type);
  module.tagTypeIndices.push(typeIndex);
  return { type, typeIndex };
}

export function readGlobalSection(reader: Reader, module: ModuleBuilder, features: FeatureSet): void {
  const count = readCount(reader, "globals", implementationLimits.globals, module.globals.length);
  for (let i = 0; i < count; i++) {
    const type = readGlobalType(reader, module);
    const init = readConstExpression(reader, module, type.value, features);
    module.globals.push(type);
    module.globalDefinitions.push({ type, init });
  }
}

export function readStartSection(reader: Reader, module: ModuleBuilder): void {
  const offset = reader.position;
  const index = reader.u32();
  if (index >= module.functionTypeIndices.length) throw unknown("function", index, offset);
  const type = functionType(module, index);
  if (type.params.length > 0 || type.results.length > 0) throw invalid("start function: type must be () -> ()", offset);
  module.start = index;
}
