// The benchmark command.

import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { ProgramMode } from "@anywasm/spec/packages";
import { runBorder } from "./border-run.ts";
import { compare } from "./compare.ts";
import { type ContenderName, contenderNames } from "./contenders.ts";
import { formatHtml } from "./html.ts";
import { type JavaScriptEngine, javaScriptEngine } from "./javascript-engines.ts";
import { buildSampler, runKernel } from "./kernel-run.ts";
import { groups, type Kernel, kernels } from "./kernels.ts";
import { type ProgramResult, runPrograms } from "./program-run.ts";
import {
  type EngineReport,
  formatBorder,
  formatCosts,
  formatKernels,
  formatParts,
  formatPrograms,
  formatTable,
  type Report,
} from "./report.ts";

const usage = `Usage: bench [options]

Measures kernels on the native engine, the tiers of Anywasm and peers; every sample is a process of its own, and
contenders take turns. Without options, a quick set in one to three minutes.

  --all                everything: all kernels, contenders and real programs
  --group NAME         kernels of a group: ${groups.join(", ")}
  --only TEXT          kernels and programs whose names contain TEXT
  --contenders LIST    of ${contenderNames.join(", ")}
  --engines LIST       of node (this one), node24, node26, bun, deno (installed from npm), or paths; default node
  --programs           real programs of npm, cold (needs \`pnpm build\`)
  --parts              how much of that validation, making JavaScript, and the engine's compiling of it take
  --busy               interpreters of npm, what they repeat, after a while (likewise)
  --border             calls between host and guest, in nanoseconds
  --no-kernels         only those
  --rounds N           samples of each (default 3; 2 in the quick set)
  --milliseconds N     how long a steady state is measured (default 300; 150 in the quick set)
  --costs              also cold times, sizes of code and memory
  --json FILE          write everything that was measured
  --html FILE          write a page with charts that needs nothing else
  --baseline FILE      compare with an earlier --json; exit 1 if something got slower than noise explains
`;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  options: {
    all: { type: "boolean", default: false },
    group: { type: "string" },
    only: { type: "string", default: "" },
    contenders: { type: "string" },
    engines: { type: "string", default: "node" },
    programs: { type: "boolean", default: false },
    parts: { type: "boolean", default: false },
    busy: { type: "boolean", default: false },
    border: { type: "boolean", default: false },
    "no-kernels": { type: "boolean", default: false },
    rounds: { type: "string" },
    milliseconds: { type: "string" },
    costs: { type: "boolean", default: false },
    json: { type: "string" },
    html: { type: "string" },
    baseline: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

const quickContenders: readonly ContenderName[] = ["native", "baseline", "auto", "polywasm"];

function chosenKernels(): readonly Kernel[] {
  if (values["no-kernels"]) return [];
  const isQuick = !values.all && values.group === undefined && values.only === "";
  if (values.group !== undefined && !groups.some((group) => group === values.group))
    throw new Error(`no group ${values.group}; there are ${groups.join(", ")}`);
  return kernels.filter(
    ({ name, group, quick }) =>
      (!isQuick || quick === true) && name.includes(values.only) && (values.group ?? group) === group,
  );
}

function chosenContenders(): readonly ContenderName[] {
  if (values.contenders === undefined) return values.all ? contenderNames : quickContenders;
  const chosen = values.contenders.split(",");
  const unknown = chosen.find((name) => !contenderNames.some((each) => each === name));
  if (unknown !== undefined) throw new Error(`no contender ${unknown}; there are ${contenderNames.join(", ")}`);
  // Ratios need the native engine.
  return contenderNames.filter((name) => name === "native" || chosen.includes(name));
}

function positive(text: string | undefined, fallback: number): number {
  const number = text === undefined ? fallback : Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`a whole number from 1 on expected, got ${text}`);
  return number;
}

async function measure(engine: JavaScriptEngine, sampler: string, rounds: number): Promise<EngineReport> {
  const contenders = chosenContenders();
  const milliseconds = positive(values.milliseconds, values.all ? 300 : 150);
  const results: EngineReport["kernels"][number][] = [];
  for (const kernel of chosenKernels()) {
    note(`${engine.name}: ${kernel.name}`);
    results.push(...(await runKernel(sampler, kernel, { engine, contenders, rounds, milliseconds })));
  }
  const isNode = engine.name.startsWith("node");
  const programs =
    (values.programs || values.parts || values.all) && isNode ? await programsOf(engine, "cold", rounds) : [];
  const busy = (values.busy || values.all) && isNode ? await programsOf(engine, "busy", rounds) : [];
  const border = values.border || values.all ? await runBorder(engine, rounds) : [];
  return { engine: engine.name, kernels: results, programs, busy, border };
}

async function programsOf(engine: JavaScriptEngine, mode: ProgramMode, rounds: number): Promise<ProgramResult[]> {
  const isChosen = (name: string): boolean => name.includes(values.only);
  return runPrograms(engine.program, mode, rounds, values.parts && mode === "cold", isChosen, (program) =>
    note(`${engine.name}: ${program}`),
  );
}

/** Progress goes where results do not. */
function note(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

function print(text: string): void {
  note("");
  process.stdout.write(`${text}\n\n`);
}

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const rounds = positive(values.rounds, values.all ? 3 : 2);
  const engines = values.engines.split(",").map(javaScriptEngine);
  const sampler = await buildSampler("sample");
  const reports: EngineReport[] = [];
  for (const engine of engines) {
    const report = await measure(engine, sampler, rounds);
    reports.push(report);
    if (report.kernels.length > 0) print(formatKernels(report));
    if (values.costs && report.kernels.length > 0) print(formatCosts(report));
    if (report.programs.length > 0) print(formatPrograms(report, "cold"));
    if (values.parts && report.programs.length > 0) print(formatParts(report));
    if (report.busy.length > 0) print(formatPrograms(report, "busy"));
    if (report.border.length > 0) print(formatBorder(report));
  }
  const report: Report = { format: 1, rounds, engines: reports };
  const home = process.env["INIT_CWD"] ?? ".";
  if (values.json !== undefined) writeFileSync(resolve(home, values.json), JSON.stringify(report));
  if (values.html !== undefined) writeFileSync(resolve(home, values.html), formatHtml(report));
  return values.baseline === undefined ? 0 : judge(resolve(home, values.baseline), report);
}

function judge(path: string, report: Report): number {
  const changes = compare(JSON.parse(readFileSync(path, "utf8")) as Report, report);
  const told = changes.filter(({ verdict }) => verdict !== "same");
  const rows = told.map(({ engine, kernel, contender, before, after, verdict }) => [
    `${engine} ${kernel} ${contender}`,
    `${before.toFixed(2)}x`,
    `${after.toFixed(2)}x`,
    verdict,
  ]);
  if (rows.length > 0) print(formatTable([["against the baseline", "before", "after", ""], ...rows]));
  const slower = told.filter(({ verdict }) => verdict === "slower").length;
  print(`${changes.length} compared: ${slower} slower, ${told.length - slower} faster, the others within noise`);
  return slower === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
