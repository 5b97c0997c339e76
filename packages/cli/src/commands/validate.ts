// `anywasm validate`: says whether files are valid modules.

import { checkCustomSections } from "@anywasm/decoder";
import { Engine } from "anywasm";
import type { Command } from "commander";
import { loadModule } from "../load.ts";
import { reportFailure } from "../report.ts";

export function addValidateCommand(program: Command): void {
  program
    .command("validate")
    .description(
      "Check that files are valid modules; say nothing if they are, but for what is wrong in custom sections.",
    )
    .argument("<files...>", "modules: .wasm, or .wat text")
    .exitOverride()
    .action(async (files: readonly string[]) => {
      const engine = new Engine();
      // Every file gets its say; the exit code is that of the last failure.
      for (const file of files) {
        try {
          const { bytes, structure } = await loadModule(engine, file);
          for (const { message } of checkCustomSections(bytes, structure))
            process.stderr.write(`${file}: warning: ${message}\n`);
        } catch (error) {
          process.stderr.write(`${file}: `);
          process.exitCode = reportFailure(error);
        }
      }
    });
}
