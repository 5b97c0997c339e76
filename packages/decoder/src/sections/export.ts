// Reads the export section (core spec, §5.5.10).
import { type ExternKind, type FeatureSet, implementationLimits } from "@anywasm/isa";
import { featureDisabled, invalid, malformed, unknown } from "../messages.ts";
import type { ModuleBuilder } from "../module-builder.ts";
import type { Reader } from "../reader.ts";
import { readCount } from "./definitions.ts";

const kinds: readonly ExternKind[] = ["func", "table", "memory", "global", "tag"];

export function readExportSection(reader: Reader, module: ModuleBuilder, features: FeatureSet): void {
  const count = readCount(reader, "exports", implementationLimits.exports);
  const names = new Set<string>();
  for (let i = 0; i < count; i++) {
    const offset = reader.position;
    const name = reader.name();
    if (names.has(name)) throw invalid(`duplicate export name ${JSON.stringify(name)}`, offset);
    names.add(name);
    const kindOffset = reader.position;
    const code = reader.byte();
    const kind = kinds[code];
    if (kind === undefined) throw malformed("malformed export kind", kindOffset);
    const indexOffset = reader.position;
    const index = reader.u32();
    checkIndex(module, kind, index, indexOffset, features);
    module.exports.push({ name, kind, index });
  }
}

function checkIndex(
  module: ModuleBuilder,
  kind: ExternKind,
  index: number,
  offset: number,
  features: FeatureSet,
): void {
  switch (kind) {
    case "func":
      if (index >= module.functionTypeIndices.length) throw unknown("function", index, offset);
      module.declaredFunctions.add(index);
      return;
    case "table":
      if (index >= module.tables.length) throw unknown("table", index, offset);
      return;
    case "memory":
      if (index >= module.memories.length) throw unknown("memory", index, offset);
      return;
    case "global": {
      const type = module.globals[index];
      if (type === undefined) throw unknown("global", index, offset);
      if (type.mutable && !features.has("mutable-globals"))
        throw featureDisabled("mutable-globals", "an exported mutable global", offset);
      return;
    }
    case "tag":
      // There are none where the feature is off.
      if (index >= module.tags.length) throw unknown("tag", index, offset);
      return;
  }
}
