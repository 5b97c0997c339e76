// `anywasm wast`: runs scripts of the specification's test suite.
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { checkCustomSections } from "@anywasm/decoder";
import { AssembleError, type Assembler, anywasmEmbedding, type Outcome, runScript } from "@anywasm/wast";
import { Engine, loadTextParser, WatError } from "anywasm";
import type { Command } from "commander";
import { readInput } from "../report.ts";
import { threadsOf } from "../threads.ts";

export function addWastCommand(program: Command): void {
  program
    .command("wast")
    .description("Run scripts of the WebAssembly test suite.")
    .argument("<files...>", "scripts: .wast")
    .exitOverride()
    .action(async (files: readonly string[]) => {
      const assembler = await createAssembler();
      for (const file of files) {
        const outcomes = runScript(readInput(file), wastEmbedding(), assembler, startThread);
        process.stdout.write(formatOutcomes(file, outcomes));
        // Unsupported commands are told, but are no failures of what is there.
        if (outcomes.some(({ result }) => result === "failed")) process.exitCode = 1;
      }
    });
}

/** What scripts run on, and their threads. */
export function wastEmbedding(): ReturnType<typeof anywasmEmbedding> {
  return anywasmEmbedding(new Engine(), checkCustomSections);
}

/** Threads run what this was compiled to, or read from. */
export const startThread = threadsOf(
  (workerData, transferList) =>
    new Worker(new URL(`./wast-thread${extname(import.meta.url)}`, import.meta.url), { workerData, transferList }),
);

async function createAssembler(): Promise<Assembler> {
  const parse = await loadTextParser();
  return {
    assemble: (text) => {
      try {
        return parse(new TextDecoder("utf-8", { fatal: true }).decode(text));
      } catch (error) {
        // A TypeError is the decoder's: the text is not UTF-8.
        if (error instanceof WatError || error instanceof TypeError) throw new AssembleError(error.message);
        throw error;
      }
    },
  };
}

function formatOutcomes(file: string, outcomes: readonly Outcome[]): string {
  const count = (wanted: Outcome["result"]): number => outcomes.filter(({ result }) => result === wanted).length;
  const lines = outcomes
    .filter(({ result }) => result !== "passed")
    .map(({ line, command, result, reason }) => `${file}:${line}: ${command} ${result}: ${reason}`);
  return `${[...lines, `${file}: ${count("passed")} passed, ${count("failed")} failed, ${count("unsupported")} unsupported`].join("\n")}\n`;
}
