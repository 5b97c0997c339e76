// Reads a whole module: header, sections in their order, then the validation of every function body.
import { type FeatureSet, implementationLimits, implementedFeatures } from "@anywasm/isa";
import type { DecodedModule } from "./decoded-module.ts";
import { validateBodies } from "./function.ts";
import { limitExceeded, malformed, noMagic, unexpectedEnd } from "./messages.ts";
import { ModuleBuilder } from "./module-builder.ts";
import { Reader } from "./reader.ts";
import {
  readFunctionSection,
  readGlobalSection,
  readImportSection,
  readMemorySection,
  readStartSection,
  readTableSection,
  readTagSection,
  readTypeSection,
} from "./sections/definitions.ts";
import { readExportSection } from "./sections/export.ts";
import { readCodeSection, readDataCountSection, readDataSection, readElementSection } from "./sections/segments.ts";

export interface DecodeOptions {
  /** What the module may use. Default: all features that Anywasm implements. */
  readonly features?: FeatureSet;
}

type SectionReader = (reader: Reader, module: ModuleBuilder, features: FeatureSet) => void;

/** Known sections by id, with their place in the order of sections. */
const sections: ReadonlyMap<number, readonly [order: number, read: SectionReader]> = new Map([
  [1, [1, readTypeSection]],
  [2, [2, readImportSection]],
  [3, [3, readFunctionSection]],
  [4, [4, readTableSection]],
  [5, [5, readMemorySection]],
  [13, [6, readTagSection]],
  [6, [7, readGlobalSection]],
  [7, [8, readExportSection]],
  [8, [9, readStartSection]],
  [9, [10, readElementSection]],
  [12, [11, readDataCountSection]],
  [10, [12, readCodeSection]],
  [11, [13, readDataSection]],
] as const);

const CUSTOM = 0;

/**
 * Decodes and validates a module.
 * @param bytes the binary; kept by the result, so it must not change afterwards.
 * @throws CompileError at the first byte that is malformed, invalid, over a limit or needs a disabled feature.
 */
export function decodeModule(bytes: Uint8Array, options: DecodeOptions = {}): DecodedModule {
  const features = options.features ?? implementedFeatures;
  if (bytes.length > implementationLimits.moduleBytes)
    throw limitExceeded("bytes", bytes.length, implementationLimits.moduleBytes, 0);
  const reader = new Reader(bytes);
  readHeader(reader);
  const builder = new ModuleBuilder(features);
  readSections(reader, builder, features);
  if (builder.bodies.length !== builder.functionTypeIndices.length - builder.importedFunctionCount)
    throw malformed("function and code section have inconsistent lengths", reader.position);
  if (builder.dataCount !== undefined && builder.dataCount !== builder.data.length)
    throw malformed("data count and data section have inconsistent lengths", reader.position);
  const module: DecodedModule = Object.assign(builder, { bytes });
  validateBodies(module, builder);
  return module;
}

function readHeader(reader: Reader): void {
  if (reader.end < 4) throw unexpectedEnd(reader.end);
  const magic = reader.word();
  if (magic !== 0x6d736100) throw noMagic(magic);
  if (reader.end < 8) throw unexpectedEnd(reader.end);
  const version = reader.word();
  if (version === 0x0001000d) throw malformed("this is a component, not a core module", 4);
  if (version !== 1) throw malformed(`unknown binary version ${version >>> 0}`, 4);
}

function readSections(reader: Reader, module: ModuleBuilder, features: FeatureSet): void {
  const moduleEnd = reader.end;
  let lastOrder = 0;
  while (!reader.done) {
    const offset = reader.position;
    const id = reader.byte();
    const size = reader.size();
    const end = reader.position + size;
    if (id === CUSTOM) {
      reader.end = end;
      const name = reader.name();
      module.customSections.push({ name, start: reader.position, end });
    } else {
      const section = sections.get(id);
      if (section === undefined) throw malformed(`malformed section id ${id}`, offset);
      const [order, read] = section;
      if (order <= lastOrder) throw malformed("unexpected content after last section", offset);
      lastOrder = order;
      reader.end = end;
      read(reader, module, features);
      if (reader.position !== end) throw malformed("section size mismatch", reader.position);
    }
    reader.position = end;
    reader.end = moduleEnd;
  }
}
