// Holds a run against an earlier one. Machines differ and are noisy, so what is compared are ratios to native, and a
// difference counts only where it is larger than what the samples of both runs vary by.
import type { ContenderName } from "./contenders.ts";
import { type EngineReport, type Report, ratioToNative } from "./report.ts";
import { spread } from "./statistics.ts";

/** Differences below this are never told: other processes of the machine make as much. */
const minimum = 0.1;

export interface Change {
  readonly engine: string;
  readonly kernel: string;
  readonly contender: ContenderName;
  readonly before: number;
  readonly after: number;
  readonly verdict: "slower" | "faster" | "same";
}

export function compare(before: Report, after: Report): readonly Change[] {
  return after.engines.flatMap((report) => {
    const earlier = before.engines.find(({ engine }) => majorOf(engine) === majorOf(report.engine));
    return earlier === undefined ? [] : changesOf(earlier, report);
  });
}

/** `node 20.19.0` and `node 20.20.1` are compared. */
function majorOf(engine: string): string {
  return engine.split(".")[0] ?? engine;
}

function changesOf(before: EngineReport, after: EngineReport): readonly Change[] {
  return after.kernels.flatMap(({ kernel, contender }): readonly Change[] => {
    if (contender === "native") return [];
    const [old, now] = [ratioToNative(before, kernel, contender), ratioToNative(after, kernel, contender)];
    if (old === undefined || now === undefined) return [];
    const noise = noiseOf(before, kernel, contender) + noiseOf(after, kernel, contender) + minimum;
    const change = now / old;
    const verdict = change > 1 + noise ? "slower" : change < 1 / (1 + noise) ? "faster" : "same";
    return [{ engine: after.engine, kernel, contender, before: old, after: now, verdict }];
  });
}

/** How far the samples of a ratio vary: those of the contender, and those of native. */
function noiseOf(report: EngineReport, kernel: string, contender: ContenderName): number {
  return report.kernels
    .filter((each) => each.kernel === kernel && (each.contender === contender || each.contender === "native"))
    .reduce(
      (sum, { samples }) => sum + (samples.length < 2 ? minimum : spread(samples.map((each) => each.steadyMs))),
      0,
    );
}
