// Reads element and data segments and function bodies' extents (core spec, §5.5.12 to §5.5.14).
import {
  abstractHeapTypes,
  addressTypeOf,
  type ConstExpression,
  type FeatureSet,
  funcref,
  implementationLimits,
  isSubtype,
  refType,
  type SegmentMode,
  type ValType,
} from "@anywasm/isa";
import { readConstExpression } from "../constant-expression.ts";
import { featureDisabled, invalid, limitExceeded, malformed, typeMismatch, unknown } from "../messages.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import type { Reader } from "../reader.ts";
import { readRefType } from "../types.ts";
import { readCount } from "./definitions.ts";

// The flags of an element segment.
const PASSIVE_OR_DECLARATIVE = 1;
const EXPLICIT_INDEX = 2;
const EXPRESSIONS = 4;

export function readElementSection(reader: Reader, module: ModuleBuilder, features: FeatureSet): void {
  const count = readCount(reader, "element segments", implementationLimits.elementSegments);
  for (let i = 0; i < count; i++) {
    const offset = reader.position;
    const flags = reader.u32();
    if (flags > 7) throw malformed("malformed elements segment kind", offset);
    needsBulkMemory(flags, features, "element", offset);
    const mode = readElementMode(reader, module, flags, features);
    const type = readElementType(reader, module, flags);
    const items = readElementItems(reader, module, flags, type, features);
    if (mode.kind === "active") {
      const table = module.tables[mode.index];
      if (table !== undefined && !isSubtype(type, table.element, module.defined))
        throw typeMismatch(table.element, type, offset);
    }
    module.elements.push({ mode, type, items });
  }
}

/** In version 1 of the format, segments had no flags. */
function needsBulkMemory(flags: number, features: FeatureSet, what: string, offset: number): void {
  if (flags !== 0 && !features.has("bulk-memory"))
    throw featureDisabled("bulk-memory", `the kind of ${what} segment ${flags}`, offset);
}

function readElementMode(reader: Reader, module: ModuleBuilder, flags: number, features: FeatureSet): SegmentMode {
  if ((flags & PASSIVE_OR_DECLARATIVE) !== 0) {
    return (flags & EXPLICIT_INDEX) === 0 ? { kind: "passive" } : { kind: "declarative" };
  }
  const offset = reader.position;
  const index = (flags & EXPLICIT_INDEX) === 0 ? 0 : reader.u32();
  const table = module.tables[index];
  if (table === undefined) throw unknown("table", index, offset);
  return { kind: "active", index, offset: readConstExpression(reader, module, addressTypeOf(table), features) };
}

/** Of indices, which are functions and never null. */
const functionElement = refType(abstractHeapTypes.func, false);

/** Without explicit kind or type the elements are functions, as in version 1 of the format. */
function readElementType(reader: Reader, module: ModuleBuilder, flags: number): ValType {
  const areExpressions = (flags & EXPRESSIONS) !== 0;
  if ((flags & (PASSIVE_OR_DECLARATIVE | EXPLICIT_INDEX)) === 0) return areExpressions ? funcref : functionElement;
  if (areExpressions) return readRefType(reader, module);
  const offset = reader.position;
  if (reader.byte() !== 0) throw malformed("malformed element kind", offset);
  return functionElement;
}

function readElementItems(
  reader: Reader,
  module: ModuleBuilder,
  flags: number,
  type: ValType,
  features: FeatureSet,
): readonly ConstExpression[] {
  const count = readCount(reader, "elements in a segment", implementationLimits.elementsInSegment);
  const items: ConstExpression[] = [];
  for (let i = 0; i < count; i++) {
    if ((flags & EXPRESSIONS) !== 0) {
      items.push(readConstExpression(reader, module, type, features));
      continue;
    }
    const offset = reader.position;
    const index = reader.u32();
    if (index >= module.functionTypeIndices.length) throw unknown("function", index, offset);
    module.declaredFunctions.add(index);
    items.push([{ kind: "ref.func", index }]);
  }
  return items;
}

export function readDataCountSection(reader: Reader, module: ModuleBuilder, features: FeatureSet): void {
  const offset = reader.position;
  if (!features.has("bulk-memory")) throw featureDisabled("bulk-memory", "the data count section", offset);
  const count = reader.u32();
  if (count > implementationLimits.dataSegments)
    throw limitExceeded("data segments", count, implementationLimits.dataSegments, offset);
  module.dataCount = count;
}

export function readDataSection(reader: Reader, module: ModuleBuilder, features: FeatureSet): void {
  const start = reader.position;
  const count = readCount(reader, "data segments", implementationLimits.dataSegments);
  if (module.dataCount !== undefined && module.dataCount !== count)
    throw malformed("data count and data section have inconsistent lengths", start);
  for (let i = 0; i < count; i++) {
    const offset = reader.position;
    const flags = reader.u32();
    if (flags > 2) throw malformed("malformed data segment kind", offset);
    needsBulkMemory(flags, features, "data", offset);
    const mode = readDataMode(reader, module, flags, features);
    const size = reader.size();
    module.data.push({ mode, start: reader.position, end: reader.position + size });
    reader.position += size;
  }
}

function readDataMode(reader: Reader, module: ModuleBuilder, flags: number, features: FeatureSet): SegmentMode {
  if (flags === 1) return { kind: "passive" };
  const offset = reader.position;
  const index = flags === 2 ? reader.u32() : 0;
  const memory = module.memories[index];
  if (memory === undefined) throw unknown("memory", index, offset);
  return { kind: "active", index, offset: readConstExpression(reader, module, addressTypeOf(memory), features) };
}

/** Finds where the bodies lie; their contents are validated apart. */
export function readCodeSection(reader: Reader, module: ModuleBuilder): void {
  const start = reader.position;
  const count = readCount(reader, "functions", implementationLimits.functions);
  if (count !== module.functionTypeIndices.length - module.importedFunctionCount)
    throw malformed("function and code section have inconsistent lengths", start);
  for (let i = 0; i < count; i++) {
    const offset = reader.position;
    const size = reader.size();
    if (size > implementationLimits.functionBodyBytes)
      throw limitExceeded("bytes in a function body", size, implementationLimits.functionBodyBytes, offset);
    if (size === 0) throw invalid("function body must end with END opcode", offset);
    module.bodies.push({ start: reader.position, end: reader.position + size, mayGrowMemories: false });
    reader.position += size;
  }
}
