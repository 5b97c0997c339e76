// Reads the section "metadata.code.branch_hint" (branch hinting proposal): which way conditional branches mostly go. Read
// when somebody asks, like names; a custom section cannot make a module invalid.
import { CompileError, functionBody, type ModuleNames, type ModuleStructure } from "@anywasm/isa";
import { disassemble } from "../disassemble.ts";
import { invalid, malformed } from "../messages.ts";
import { Reader } from "../reader.ts";

/** By function, then by the byte offset of an `if` or `br_if` in the module: whether its condition mostly holds. */
export type BranchHints = ReadonlyMap<number, ReadonlyMap<number, boolean>>;

const annotation = "@metadata.code.branch_hint annotation";
const noNames: ModuleNames = { module: undefined, functions: new Map(), locals: new Map() };

/** Those found before the first mistake in the section, if there is one. */
export function readBranchHints(bytes: Uint8Array, module: ModuleStructure): BranchHints {
  const hints = new Map<number, ReadonlyMap<number, boolean>>();
  try {
    readInto(hints, bytes, module);
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
  }
  return hints;
}

/** @throws CompileError for a section that is malformed, or hints at what is no conditional branch. */
export function checkBranchHints(bytes: Uint8Array, module: ModuleStructure): void {
  const hints = new Map<number, ReadonlyMap<number, boolean>>();
  readInto(hints, bytes, module);
  for (const [functionIndex, ofFunction] of hints) {
    const targets = new Set(
      disassemble(bytes, module, functionIndex, noNames)
        .filter(({ text }) => /^(if|br_if)\b/.test(text))
        .map(({ offset }) => offset),
    );
    for (const offset of ofFunction.keys())
      if (!targets.has(offset)) throw invalid(`${annotation}: invalid target`, offset);
  }
}

function readInto(hints: Map<number, ReadonlyMap<number, boolean>>, bytes: Uint8Array, module: ModuleStructure): void {
  const section = module.customSections.find(({ name }) => name === "metadata.code.branch_hint");
  if (section === undefined) return;
  const reader = new Reader(bytes, section.start, section.end);
  let lastFunction = -1;
  for (let functions = reader.u32(); functions > 0; functions--) {
    const position = reader.position;
    const functionIndex = reader.u32();
    const body = functionBody(module, functionIndex);
    if (body === undefined) throw malformed(`${annotation}: not in a function`, position);
    if (functionIndex <= lastFunction) throw malformed(`${annotation}: functions out of order`, position);
    lastFunction = functionIndex;
    hints.set(functionIndex, readOfFunction(reader, body.start, body.end));
  }
  if (!reader.done) throw malformed(`${annotation}: unexpected content`, reader.position);
}

/** Offsets count from where the body's locals begin. */
function readOfFunction(reader: Reader, start: number, end: number): ReadonlyMap<number, boolean> {
  const hints = new Map<number, boolean>();
  let last = start;
  for (let count = reader.u32(); count > 0; count--) {
    const position = reader.position;
    const offset = start + reader.u32();
    if (offset === last) throw malformed(`${annotation}: duplicate annotation`, position);
    if (offset < last || offset >= end) throw malformed(`${annotation}: hints out of order`, position);
    last = offset;
    const size = reader.u32();
    const value = reader.byte();
    if (size !== 1 || value > 1) throw malformed(`${annotation}: invalid value`, position);
    hints.set(offset, value === 1);
  }
  return hints;
}
