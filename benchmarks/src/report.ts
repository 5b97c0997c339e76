// What a run of the harness found, as data and as tables for a terminal.
import type { ProgramMode, ProgramParts } from "@anywasm/spec/packages";
import type { BorderResult } from "./border-run.ts";
import type { ContenderName } from "./contenders.ts";
import type { KernelResult } from "./kernel-run.ts";
import type { ProgramResult } from "./program-run.ts";
import { geometricMean, median, spread } from "./statistics.ts";

/** Everything one JavaScript engine was measured for. */
export interface EngineReport {
  /** As `node 26.1.0`. */
  readonly engine: string;
  readonly kernels: readonly KernelResult[];
  /** One cold run each. */
  readonly programs: readonly ProgramResult[];
  /** A turn of what programs repeat. */
  readonly busy: readonly ProgramResult[];
  readonly border: readonly BorderResult[];
}

export interface Report {
  readonly format: 1;
  readonly rounds: number;
  readonly engines: readonly EngineReport[];
}

/** Median of the steady state, in milliseconds; `undefined` where there is no sample. */
function steadyOf(result: KernelResult | undefined): number | undefined {
  if (result === undefined || result.samples.length === 0) return undefined;
  return median(result.samples.map(({ steadyMs }) => steadyMs));
}

export function ratioToNative(report: EngineReport, kernel: string, contender: ContenderName): number | undefined {
  const find = (name: ContenderName): KernelResult | undefined =>
    report.kernels.find((each) => each.kernel === kernel && each.contender === name);
  const own = steadyOf(find(contender));
  const native = steadyOf(find("native"));
  return own === undefined || native === undefined ? undefined : own / native;
}

function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}

/** A table: the first column to the left, others to the right. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** In parts of native's time; in milliseconds where the engine does not run the kernel itself. */
function cellText(report: EngineReport, kernel: string, contender: ContenderName): string {
  const ratio = ratioToNative(report, kernel, contender);
  if (ratio !== undefined) return ratioText(ratio);
  const steady = steadyOf(report.kernels.find((each) => each.kernel === kernel && each.contender === contender));
  return steady === undefined ? "-" : `${steady.toFixed(2)} ms`;
}

function ratioText(ratio: number | undefined): string {
  return ratio === undefined ? "-" : `${ratio.toFixed(2)}x`;
}

/** Steady state of each kernel in parts of the native engine's, then means of groups and of all. */
export function formatKernels(report: EngineReport): string {
  const contenders = unique(report.kernels.map(({ contender }) => contender)).filter((each) => each !== "native");
  const kernels = unique(report.kernels.map(({ kernel }) => kernel));
  const groupOf = new Map(report.kernels.map(({ kernel, group }) => [kernel, group]));
  const find = (kernel: string, contender: ContenderName): KernelResult | undefined =>
    report.kernels.find((each) => each.kernel === kernel && each.contender === contender);
  const rows = [[`${report.engine}: steady / native`, "native ms", ...contenders, "spread"]];
  for (const kernel of kernels) {
    const ratios = contenders.map((each) => cellText(report, kernel, each));
    const spreads = report.kernels
      .filter((each) => each.kernel === kernel && each.samples.length > 1)
      .map(({ samples }) => spread(samples.map(({ steadyMs }) => steadyMs)));
    const noise = spreads.length === 0 ? "" : `${(100 * Math.max(...spreads)).toFixed(0)} %`;
    rows.push([kernel, steadyOf(find(kernel, "native"))?.toFixed(2) ?? "-", ...ratios, noise]);
  }
  const mean = (chosen: readonly string[], contender: ContenderName): string => {
    const ratios = chosen.flatMap((kernel) => ratioToNative(report, kernel, contender) ?? []);
    if (ratios.length === 0) return "-";
    return ratios.length === chosen.length ? ratioText(geometricMean(ratios)) : `(${ratioText(geometricMean(ratios))})`;
  };
  for (const group of unique([...groupOf.values()])) {
    const chosen = kernels.filter((kernel) => groupOf.get(kernel) === group);
    rows.push([`mean of ${group} (${chosen.length})`, "", ...contenders.map((each) => mean(chosen, each)), ""]);
  }
  rows.push([`mean of all (${kernels.length})`, "", ...contenders.map((each) => mean(kernels, each)), ""]);
  const failures = report.kernels.flatMap(({ kernel, contender, failure }) =>
    failure === undefined ? [] : [`${kernel} on ${contender}: ${failure}`],
  );
  return [formatTable(rows), ...failures].join("\n");
}

/** From bytes to the first result, code made, and memory, for each kernel and contender. */
export function formatCosts(report: EngineReport): string {
  const rows = [[`${report.engine}: costs`, "cold ms", "evaluation ms", "characters", "peak MB"]];
  for (const { kernel, contender, samples } of report.kernels) {
    if (samples.length === 0) continue;
    const of = (field: "coldMs" | "evaluationMs" | "generated" | "peakMemoryMB", digits: number): string =>
      median(samples.map((each) => each[field])).toFixed(digits);
    rows.push([
      `${kernel} ${contender}`,
      of("coldMs", 1),
      of("evaluationMs", 1),
      of("generated", 0),
      of("peakMemoryMB", 0),
    ]);
  }
  return formatTable(rows);
}

/** Real programs: milliseconds, and means of what both run. */
export function formatPrograms({ engine, ...report }: EngineReport, mode: ProgramMode): string {
  const results = mode === "busy" ? report.busy : report.programs;
  const contenders = unique(results.map(({ contender }) => contender));
  const programs = unique(results.map(({ program }) => program));
  const find = (program: string, contender: string): number | undefined => {
    const result = results.find((each) => each.program === program && each.contender === contender);
    return result === undefined || result.ms.length === 0 ? undefined : median(result.ms);
  };
  const rows = [[`${engine}: ${mode}, ms`, ...contenders, "anywasm / native", "anywasm / polywasm"]];
  for (const program of programs) {
    const [native, own, polywasm] = [find(program, "native"), find(program, "anywasm"), find(program, "polywasm")];
    const over = (other: number | undefined): string =>
      ratioText(own === undefined || other === undefined ? undefined : own / other);
    rows.push([
      program,
      ...contenders.map((each) => find(program, each)?.toFixed(0) ?? "fails"),
      over(native),
      over(polywasm),
    ]);
  }
  const mean = (other: string): string => {
    const ratios = programs.flatMap((program) => {
      const [own, its] = [find(program, "anywasm"), find(program, other)];
      return own === undefined || its === undefined ? [] : [own / its];
    });
    return ratios.length === 0 ? "-" : `${ratioText(geometricMean(ratios))} (${ratios.length})`;
  };
  rows.push(["mean", ...contenders.map(() => ""), mean("native"), mean("polywasm")]);
  const failures = results.flatMap(({ program, contender, failure }) =>
    failure === undefined ? [] : [`${program} on ${contender}: ${failure}`],
  );
  return [formatTable(rows), ...failures].join("\n");
}

/**
 * What cold programs spend compiling: medians in milliseconds, and what would remain of the ratio to native if JavaScript came
 * from nowhere, and if the engine compiled it in no time as well.
 */
export function formatParts({ engine, programs }: EngineReport): string {
  const head = ["validation", "text", "evaluation", "rest", "(rest + evaluation) / native", "rest / native"];
  const rows = [[`${engine}: cold, ms`, "native", ...head]];
  const ratios: [number, number][] = [];
  for (const { program, ms, parts } of programs) {
    if (parts === undefined) continue;
    const native = median(programs.find((each) => each.program === program && each.contender === "native")?.ms ?? []);
    const of = (part: keyof ProgramParts): number => median(parts.map((each) => each[part]));
    const rest = median(
      parts.map(({ validation, text, evaluation }, i) => (ms[i] ?? 0) - validation - text - evaluation),
    );
    const ratio: [number, number] = [(rest + of("evaluation")) / native, rest / native];
    ratios.push(ratio);
    const times = [native, of("validation"), of("text"), of("evaluation"), rest];
    rows.push([program, ...times.map((each) => each.toFixed(0)), ...ratio.map(ratioText)]);
  }
  const means = [0, 1].map((which) => ratioText(geometricMean(ratios.map((ratio) => ratio[which] ?? Number.NaN))));
  rows.push([`mean (${ratios.length})`, ...(rows[0]?.slice(1, -2).map(() => "") ?? []), ...means]);
  return formatTable(rows);
}

/** Calls between host and guest. */
export function formatBorder(report: EngineReport): string {
  const contenders = unique(report.border.map(({ contender }) => contender));
  const rows = [[`${report.engine}: ns a call`, ...contenders]];
  for (const way of unique(report.border.map((each) => each.way)))
    rows.push([
      way,
      ...contenders.map((contender) => {
        const found = report.border.find((each) => each.way === way && each.contender === contender);
        return found === undefined ? "-" : median(found.nanoseconds).toFixed(1);
      }),
    ]);
  return formatTable(rows);
}
