// Reads the name section (core spec, appendix "Name Section"). A custom section cannot make a module invalid:
// whatever is wrong in it ends the reading, and the names found so far are kept.
import { CompileError, type ModuleNames, type ModuleStructure } from "@anywasm/isa";
import { Reader } from "../reader.ts";

const MODULE = 0;
const FUNCTIONS = 1;
const LOCALS = 2;

export function readNames(bytes: Uint8Array, module: Pick<ModuleStructure, "customSections">): ModuleNames {
  const functions = new Map<number, string>();
  const locals = new Map<number, ReadonlyMap<number, string>>();
  let moduleName: string | undefined;
  const section = module.customSections.find(({ name }) => name === "name");
  if (section === undefined) return { module: moduleName, functions, locals };
  const reader = new Reader(bytes, section.start, section.end);
  try {
    while (!reader.done) {
      const id = reader.byte();
      const size = reader.size();
      const end = reader.position + size;
      if (id === MODULE) moduleName = reader.name();
      else if (id === FUNCTIONS) readNameMap(reader, functions);
      else if (id === LOCALS) {
        for (let count = reader.u32(); count > 0; count--) {
          const names = new Map<number, string>();
          locals.set(reader.u32(), names);
          readNameMap(reader, names);
        }
      }
      reader.position = end;
    }
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
  }
  return { module: moduleName, functions, locals };
}

function readNameMap(reader: Reader, names: Map<number, string>): void {
  for (let count = reader.u32(); count > 0; count--) {
    const index = reader.u32();
    names.set(index, reader.name());
  }
}
