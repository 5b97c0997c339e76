#!/usr/bin/env node
import { version } from "anywasm";
// The anywasm command: parses arguments, runs a command, and turns whatever goes wrong into one line and an exit code.
import { Command, CommanderError } from "commander";
import { addExplainCommand } from "./commands/explain.ts";
import { addRunCommand } from "./commands/run.ts";
import { addValidateCommand } from "./commands/validate.ts";
import { addWastCommand } from "./commands/wast.ts";
import { exitCodes, reportFailure } from "./report.ts";

const program = new Command("anywasm")
  .description("Runs WebAssembly as JavaScript.")
  .version(version)
  .showHelpAfterError("(--help shows how to use it)")
  .enablePositionalOptions()
  .exitOverride();

addRunCommand(program);
addValidateCommand(program);
addExplainCommand(program);
addWastCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  // Commander has printed its own message; help and version are no failures.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
  else process.exitCode = reportFailure(error);
}
