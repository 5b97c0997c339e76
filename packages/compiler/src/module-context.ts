// What the compiler knows about the module around a function.
import type { ModuleNames, ModuleStructure } from "@anywasm/isa";

export interface ModuleContext {
  readonly structure: ModuleStructure;
  readonly names: ModuleNames;
}

/** The best name of a function: from the name section, else its export, else its import; `undefined` without any. */
export function functionNames({ structure, names }: ModuleContext): (index: number) => string | undefined {
  const fallback = new Map<number, string>();
  let index = 0;
  for (const { name, type } of structure.imports) if (type.kind === "func") fallback.set(index++, name);
  for (const { name, kind, index: exported } of structure.exports) if (kind === "func") fallback.set(exported, name);
  return (wanted) => names.functions.get(wanted) ?? fallback.get(wanted);
}
