// The conformance command: runs a checkout of the WebAssembly test suite and holds the results against the lists.
import { fork } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createAssembler } from "./assembler.ts";
import { type Tier, tiers } from "./embeddings.ts";
import { formatExpectations, judge, parseExpectations } from "./expectations.ts";
import { countOutcomes, formatReport } from "./report.ts";
import { type FileResult, findScripts, runFile } from "./suite.ts";

const usage = `Usage: conformance [options] [suite]

Runs the scripts of a WebAssembly test suite: a folder, or one .wast file.
Without an argument, the folder that WASM_TESTSUITE names. To get the suite:
  git clone https://github.com/WebAssembly/testsuite

  --tier NAME     way of compiling: ${tiers.join(", ")}, or all (default)
  --filter TEXT   only files whose path contains TEXT; the lists are not judged then
  --jobs N        processes at a time (default 2)
  --json FILE     write all outcomes there
  --verbose       list each command that did not pass
  --bless         take from the list what passes now
  --bless-new     add to the list what fails now
`;

/** A file that takes longer has hung: the slowest takes a few seconds. */
const fileTimeoutMs = 20_000;

const here = dirname(fileURLToPath(import.meta.url));

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    // pnpm hands its own "--" on to the script.
    args: process.argv.slice(2).filter((arg) => arg !== "--"),
    options: {
      tier: { type: "string", default: "all" },
      filter: { type: "string" },
      jobs: { type: "string", default: "2" },
      json: { type: "string" },
      verbose: { type: "boolean", default: false },
      bless: { type: "boolean", default: false },
      "bless-new": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      worker: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const chosen = tiers.filter((each) => values.tier === "all" || each === values.tier);
  const [tier] = chosen;
  const given = positionals[0] ?? process.env["WASM_TESTSUITE"];
  if (tier === undefined || given === undefined) {
    process.stderr.write(tier === undefined ? `unknown tier ${values.tier}\n${usage}` : usage);
    return 2;
  }
  const root = resolve(process.env["INIT_CWD"] ?? ".", given);
  if (!existsSync(root)) {
    process.stderr.write(`no test suite at ${root}\n${usage}`);
    return 2;
  }
  if (values.worker) return work(root, tier);
  const { filter } = values;
  const files = findScripts(root).filter((file) => filter === undefined || file.includes(filter));
  const isPart = filter !== undefined || files[0] === "";
  let status = 0;
  for (const each of chosen) {
    const results = await runAll(root, files, each, Number(values.jobs));
    // The ways differ in nothing that a table could show, unless something is wrong.
    if (each === tier) process.stdout.write(`${formatReport(results, values.verbose)}\n`);
    if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(results, undefined, 1));
    if (isPart && countOutcomes(results).failed > 0) status = 1;
    if (!isPart) status = Math.max(status, judgeRun(results, each, values.bless, values["bless-new"]));
  }
  if (isPart) process.stdout.write("\nA part of the suite was run: the list of expected failures was not judged.\n");
  return status;
}

function judgeRun(results: readonly FileResult[], tier: Tier, bless: boolean, blessNew: boolean): number {
  const listPath = join(here, "../expected-failures.txt");
  const expected = existsSync(listPath) ? parseExpectations(readFileSync(listPath, "utf8")) : [];
  const mustPass = readFileSync(join(here, "../must-pass.txt"), "utf8")
    .split("\n")
    .filter((line) => /^[^#\s]/.test(line));
  const { problems, remaining, additions } = judge(results, expected, new Set(mustPass));
  if (bless || blessNew) {
    writeFileSync(listPath, formatExpectations([...remaining, ...(blessNew ? additions : [])]));
    process.stdout.write(`\nwrote ${listPath}\n`);
  }
  for (const problem of problems) process.stdout.write(`PROBLEM ${problem}\n`);
  const { passed, failed, unsupported } = countOutcomes(results);
  process.stdout.write(
    `\nconformance, ${tier}: ${passed} passed, ${failed} failed, ${unsupported} need features that are not implemented; ` +
      `${mustPass.length} files must pass whole; ${problems.length} differences from what is expected\n`,
  );
  return problems.length === 0 ? 0 : 1;
}

/** Files are handed out one at a time, so that a long one holds up nothing. */
async function runAll(
  root: string,
  files: readonly string[],
  tier: Tier,
  jobs: number,
): Promise<readonly FileResult[]> {
  const results: FileResult[] = [];
  const waiting = [...files].reverse();
  await Promise.all(
    Array.from({ length: Math.max(1, Math.min(jobs, files.length)) }, async () => {
      while (waiting.length > 0) await runWorker(root, tier, waiting, results);
    }),
  );
  return results.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** Runs a process until nothing waits; if it dies, the file it had counts as failed and the rest goes on. */
function runWorker(root: string, tier: Tier, waiting: string[], results: FileResult[]): Promise<void> {
  return new Promise((done, fail) => {
    const child = fork(fileURLToPath(import.meta.url), ["--worker", "--tier", tier, root], {
      execArgv: process.execArgv,
    });
    let current: string | undefined;
    let timer: NodeJS.Timeout | undefined;
    const next = (): void => {
      clearTimeout(timer);
      current = waiting.pop();
      timer = setTimeout(() => child.kill("SIGKILL"), fileTimeoutMs);
      if (current === undefined) {
        clearTimeout(timer);
        child.disconnect();
      } else child.send(current);
    };
    child.on("message", (message) => {
      if (message !== "ready") results.push(message as FileResult);
      next();
    });
    child.on("error", fail);
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      if (current !== undefined) {
        const reason = `the process ended (${signal ?? `exit code ${code}`})`;
        results.push({
          file: current,
          outcomes: [{ line: 0, command: "module", result: "failed", reason }],
          milliseconds: 0,
        });
      }
      done();
    });
  });
}

async function work(root: string, tier: Tier): Promise<number> {
  const assembler = await createAssembler();
  process.on("message", (file: string) => {
    process.send?.(runFile(root, file, tier, assembler));
  });
  process.send?.("ready");
  await new Promise((done) => process.once("disconnect", done));
  return 0;
}

process.exitCode = await main();
