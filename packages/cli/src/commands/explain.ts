// `anywasm explain`: a function's instructions, its IR and its JavaScript, beside each other.

import { disassemble } from "@anywasm/decoder";
import { printFunc } from "@anywasm/ir";
import { Engine, type Module } from "anywasm";
import type { Command } from "commander";
import { loadModule } from "../load.ts";
import { InputError } from "../report.ts";
import { type StrategyOption, strategyOption } from "../strategy.ts";

export function addExplainCommand(program: Command): void {
  program
    .command("explain")
    .description("Show what functions become: instructions, IR and JavaScript.")
    .argument("<file>", "a module: .wasm, or .wat text")
    .option("--func <name>", "only this function: a name, an export, or an index")
    .addOption(strategyOption("baseline"))
    .exitOverride()
    .action(async (file: string, options: StrategyOption & { readonly func?: string }) => {
      const module = await loadModule(new Engine({ strategy: options.strategy }), file);
      const indices = options.func === undefined ? definedFunctions(module) : [findFunction(module, options.func)];
      for (const index of indices) process.stdout.write(`${explain(module, index, process.stdout.columns ?? 80)}\n`);
    });
}

function definedFunctions({ structure }: Module): readonly number[] {
  return structure.bodies.map((_body, i) => structure.importedFunctionCount + i);
}

function findFunction(module: Module, wanted: string): number {
  const { structure, names } = module;
  const exported = structure.exports.find(({ kind, name }) => kind === "func" && name === wanted)?.index;
  const named = [...names.functions].find(([, name]) => name === wanted.replace(/^\$/, ""))?.[0];
  const index = exported ?? named ?? (/^\d+$/.test(wanted) ? Number(wanted) : undefined);
  if (index === undefined || index >= structure.functionTypeIndices.length)
    throw new InputError(
      `no function ${wanted}: give a name, an export or an index below ${structure.functionTypeIndices.length}`,
    );
  if (index < structure.importedFunctionCount)
    throw new InputError(`function ${wanted} is imported: it has no code here`);
  return index;
}

/** Columns side by side where `width` allows, else one below the other. */
function explain(module: Module, index: number, width: number): string {
  const name = module.names.functions.get(index);
  const wat = disassemble(module.bytes, module.structure, index, module.names).map(
    ({ offset, depth, text }) => `${offset.toString(16).padStart(6)}: ${"  ".repeat(depth)}${text}`,
  );
  const ir = printFunc(module.buildFunction(index), { offsets: false }).trimEnd().split("\n");
  const js = module.compileFunction(index).source.split("\n");
  const columns = [
    ["wat", ...wat],
    ["ir", ...ir],
    ["js", ...js],
  ] as const;
  const title = `function ${index}${name === undefined ? "" : ` $${name}`}`;
  const widths = columns.map((lines) => Math.max(...lines.map((line) => line.length)));
  if (widths.reduce((sum, each) => sum + each + 3, 0) > width)
    return `${title}\n\n${columns.map(([head, ...lines]) => `-- ${head}\n${lines.join("\n")}\n`).join("\n")}`;
  const height = Math.max(...columns.map((lines) => lines.length));
  const rows = Array.from({ length: height }, (_row, i) =>
    columns
      .map((lines, column) => (lines[i] ?? "").padEnd(widths[column] ?? 0))
      .join(" | ")
      .trimEnd(),
  );
  return `${title}\n\n${rows.join("\n")}\n`;
}
