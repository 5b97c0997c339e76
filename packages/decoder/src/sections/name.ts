// Reads the name section (core spec, appendix "Name Section"). A custom section cannot make a module invalid:
// whatever is wrong in it ends the reading, and the names found so far are kept.
import { CompileError, type ModuleNames, type ModuleStructure } from "@anywasm/isa";
import { Reader } from "../reader.ts";

const MODULE = 0;
const FUNCTIONS = 1;
const LOCALS = 2;

export function readNames(bytes: Uint8Array, module: Pick<ModuleStructure, "customSections">): ModuleNames {
  const names = { module: undefined, functions: new Map(), locals: new Map() };
  try {
    readInto(names, bytes, module);
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
  }
  return names;
}

/** @throws CompileError for a section that is malformed. */
export function checkNames(bytes: Uint8Array, module: Pick<ModuleStructure, "customSections">): void {
  readInto({ module: undefined, functions: new Map(), locals: new Map() }, bytes, module);
}

interface NamesFound {
  module: string | undefined;
  readonly functions: Map<number, string>;
  readonly locals: Map<number, ReadonlyMap<number, string>>;
}

function readInto(found: NamesFound, bytes: Uint8Array, module: Pick<ModuleStructure, "customSections">): void {
  const section = module.customSections.find(({ name }) => name === "name");
  if (section === undefined) return;
  const reader = new Reader(bytes, section.start, section.end);
  while (!reader.done) {
    const id = reader.byte();
    const size = reader.size();
    const end = reader.position + size;
    if (id === MODULE) found.module = reader.name();
    else if (id === FUNCTIONS) readNameMap(reader, found.functions);
    else if (id === LOCALS) {
      for (let count = reader.u32(); count > 0; count--) {
        const names = new Map<number, string>();
        found.locals.set(reader.u32(), names);
        readNameMap(reader, names);
      }
    }
    reader.position = end;
  }
}

function readNameMap(reader: Reader, names: Map<number, string>): void {
  for (let count = reader.u32(); count > 0; count--) {
    const index = reader.u32();
    names.set(index, reader.name());
  }
}
