// The benchmark command. Every sample is a process of its own; engines take turns, so that the machine's moods fall on
// all alike. Medians and ratios to native are what to read.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadTextParser } from "anywasm";
import { type EngineName, engineNames, instantiate } from "./engines.ts";
import { type Workload, workloads } from "./workloads.ts";

/** What one process measured. */
interface Sample {
  /** From bytes to the first result, in milliseconds. */
  readonly coldMs: number;
  /** Median of the calls after warming up. */
  readonly steadyMs: number;
}

/** Calls for the steady state; the first third warms up. */
const steadyCalls = 30;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  options: {
    rounds: { type: "string", default: "3" },
    only: { type: "string" },
    node: { type: "string", default: process.execPath },
    json: { type: "boolean", default: false },
    sample: { type: "string" },
  },
});

async function measure(workload: Workload, engine: EngineName, bytes: Uint8Array): Promise<Sample> {
  const start = performance.now();
  const run = await instantiate(engine, bytes);
  const result = run(...workload.args);
  const coldMs = performance.now() - start;
  if (result !== workload.result)
    throw new Error(`${workload.name} on ${engine}: got ${result}, not ${workload.result}`);
  const times: number[] = [];
  for (let i = 0; i < steadyCalls; i++) {
    const before = performance.now();
    run(...workload.args);
    times.push(performance.now() - before);
  }
  return { coldMs, steadyMs: median(times.slice(steadyCalls / 3)) };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Runs one sample in a new process. The module goes there as text in an environment variable: it is small. */
function sampleInProcess(workload: Workload, engine: EngineName, bytes: Uint8Array): Sample {
  const output = execFileSync(
    values.node,
    [...process.execArgv, fileURLToPath(import.meta.url), "--sample", `${workload.name}:${engine}`],
    { env: { ...process.env, BENCH_MODULE: Buffer.from(bytes).toString("base64") }, encoding: "utf8" },
  );
  return JSON.parse(output) as Sample;
}

async function benchmark(): Promise<void> {
  const parse = await loadTextParser();
  const chosen = workloads.filter(({ name }) => values.only === undefined || name === values.only);
  const ratios = new Map<EngineName, number[]>();
  const rows: unknown[] = [];
  print(["workload", "engine", "cold ms", "steady ms", "steady / native"]);
  for (const workload of chosen) {
    const bytes = parse(workload.text);
    const samples = new Map<EngineName, Sample[]>(engineNames.map((engine) => [engine, []]));
    for (let round = 0; round < Number(values.rounds); round++)
      for (const engine of engineNames) samples.get(engine)?.push(sampleInProcess(workload, engine, bytes));
    const steady = (engine: EngineName): number => median((samples.get(engine) ?? []).map(({ steadyMs }) => steadyMs));
    for (const engine of engineNames) {
      const cold = median((samples.get(engine) ?? []).map(({ coldMs }) => coldMs));
      const ratio = steady(engine) / steady("native");
      ratios.set(engine, [...(ratios.get(engine) ?? []), ratio]);
      rows.push({ workload: workload.name, engine, coldMs: cold, steadyMs: steady(engine), ratio });
      print([workload.name, engine, cold.toFixed(1), steady(engine).toFixed(2), `${ratio.toFixed(2)}x`]);
    }
  }
  for (const [engine, list] of ratios) {
    const mean = Math.exp(list.reduce((sum, ratio) => sum + Math.log(ratio), 0) / list.length);
    print(["geometric mean", engine, "", "", `${mean.toFixed(2)}x`]);
  }
  if (values.json) process.stdout.write(`${JSON.stringify({ node: values.node, rows })}\n`);
}

function print(columns: readonly string[]): void {
  if (!values.json)
    process.stdout.write(
      `${columns
        .map((column) => column.padEnd(16))
        .join("")
        .trimEnd()}\n`,
    );
}

if (values.sample === undefined) await benchmark();
else {
  const [name, engine] = values.sample.split(":");
  const workload = workloads.find((each) => each.name === name);
  const engineName = engineNames.find((each) => each === engine);
  if (workload === undefined || engineName === undefined) throw new Error(`no sample ${values.sample}`);
  const bytes = Uint8Array.from(Buffer.from(process.env["BENCH_MODULE"] ?? "", "base64"));
  process.stdout.write(JSON.stringify(await measure(workload, engineName, bytes)));
}
