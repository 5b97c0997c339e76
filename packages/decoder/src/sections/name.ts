// Reads the name section (core spec, appendix "Name Section"). A custom section cannot make a module invalid:
// whatever is wrong in it ends the reading, and the names found so far are kept. Names of functions and locals are decoded when
// they are asked for: programs have megabytes of them, and run few of their functions.
import { CompileError, type ModuleNames, type ModuleStructure, type NameMap } from "@anywasm/isa";
import { Reader } from "../reader.ts";
import { decodeUtf8 } from "../utf8.ts";

const MODULE = 0;
const FUNCTIONS = 1;
const LOCALS = 2;

/** Names by where they stand in the section. Those that are not UTF-8 are none. */
class NamesOnDemand implements NameMap {
  private readonly bytes: Uint8Array;
  private readonly positions = new Map<number, number>();
  private readonly decoded = new Map<number, string | undefined>();

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  add(index: number, position: number): void {
    this.positions.set(index, position);
  }

  get(index: number): string | undefined {
    const position = this.positions.get(index);
    // Every caller of a function asks for its name.
    if (position !== undefined && !this.decoded.has(index)) this.decoded.set(index, this.decode(position));
    return this.decoded.get(index);
  }

  private decode(position: number): string | undefined {
    const reader = new Reader(this.bytes, position, this.bytes.length);
    const size = reader.size();
    return decodeUtf8(this.bytes, reader.position, reader.position + size);
  }

  *[Symbol.iterator](): Iterator<readonly [index: number, name: string]> {
    for (const index of this.positions.keys()) {
      const name = this.get(index);
      if (name !== undefined) yield [index, name];
    }
  }
}

export function readNames(bytes: Uint8Array, module: Pick<ModuleStructure, "customSections">): ModuleNames {
  const names = noNames(bytes);
  try {
    readInto(names, bytes, module, false);
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
  }
  return names;
}

/** @throws CompileError for a section that is malformed. */
export function checkNames(bytes: Uint8Array, module: Pick<ModuleStructure, "customSections">): void {
  readInto(noNames(bytes), bytes, module, true);
}

interface NamesFound {
  module: string | undefined;
  readonly functions: NamesOnDemand;
  readonly locals: Map<number, NamesOnDemand>;
}

function noNames(bytes: Uint8Array): NamesFound {
  return { module: undefined, functions: new NamesOnDemand(bytes), locals: new Map() };
}

function readInto(
  found: NamesFound,
  bytes: Uint8Array,
  module: Pick<ModuleStructure, "customSections">,
  isChecked: boolean,
): void {
  const section = module.customSections.find(({ name }) => name === "name");
  if (section === undefined) return;
  const reader = new Reader(bytes, section.start, section.end);
  while (!reader.done) {
    const id = reader.byte();
    const size = reader.size();
    const end = reader.position + size;
    if (id === MODULE) found.module = reader.name();
    else if (id === FUNCTIONS) readNameMap(reader, found.functions, isChecked);
    else if (id === LOCALS) {
      for (let count = reader.u32(); count > 0; count--) {
        const names = new NamesOnDemand(bytes);
        found.locals.set(reader.u32(), names);
        readNameMap(reader, names, isChecked);
      }
    }
    reader.position = end;
  }
}

/** @param isChecked names must be UTF-8. */
function readNameMap(reader: Reader, names: NamesOnDemand, isChecked: boolean): void {
  for (let count = reader.u32(); count > 0; count--) {
    const index = reader.u32();
    const position = reader.position;
    const end = reader.size() + reader.position;
    if (isChecked) new Reader(reader.bytes, position, end).name();
    names.add(index, position);
    reader.position = end;
  }
}
