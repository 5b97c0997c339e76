// Prints results: a line a file, a line a part of the suite, and the total.
import { featuresWithout, groupOf } from "./embeddings.ts";
import type { FileResult } from "./suite.ts";

interface Counts {
  passed: number;
  failed: number;
  unsupported: number;
  milliseconds: number;
}

export function countOutcomes(results: readonly FileResult[]): Counts {
  const counts: Counts = { passed: 0, failed: 0, unsupported: 0, milliseconds: 0 };
  for (const { outcomes, milliseconds } of results) {
    counts.milliseconds += milliseconds;
    for (const { result } of outcomes) counts[result]++;
  }
  return counts;
}

export function formatReport(results: readonly FileResult[], verbose: boolean): string {
  const lines = [row("file", "passed", "failed", "unsup.", "ms"), ""];
  for (const result of results) {
    lines.push(countRow(result.file, [result], needs(result) + without(result.file)));
    if (!verbose) continue;
    for (const { line, command, result: outcome, reason } of result.outcomes)
      if (outcome !== "passed") lines.push(`    ${result.file}:${line} ${command} ${outcome}: ${reason}`);
  }
  lines.push("", row("part of the suite", "passed", "failed", "unsup.", "ms"), "");
  const groups = [...new Set(results.map(({ file }) => groupOf(file)))];
  for (const group of groups)
    lines.push(
      countRow(
        group,
        results.filter(({ file }) => groupOf(file) === group),
        without(group),
      ),
    );
  lines.push("", countRow(`total, ${results.length} files`, results));
  return lines.join("\n");
}

function needs({ outcomes }: FileResult): string {
  const features = new Set(outcomes.filter(({ result }) => result === "unsupported").map(({ reason }) => reason));
  return features.size === 0 ? "" : `  needs ${[...features].sort().join(", ")}`;
}

function without(part: string): string {
  const features = featuresWithout(part);
  return features.length === 0 ? "" : `  without ${features.join(", ")}`;
}

function countRow(name: string, results: readonly FileResult[], note = ""): string {
  const { passed, failed, unsupported, milliseconds } = countOutcomes(results);
  return row(name, String(passed), String(failed), String(unsupported), milliseconds.toFixed(0)) + note;
}

function row(name: string, ...columns: readonly string[]): string {
  return name.padEnd(48) + columns.map((column) => column.padStart(9)).join("");
}
