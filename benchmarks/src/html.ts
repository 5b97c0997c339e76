// A page with the charts of a run. Everything is inside, so that it opens without a network.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type EngineReport, formatCosts, formatKernels, formatPrograms, type Report, ratioToNative } from "./report.ts";

interface Chart {
  readonly title: string;
  readonly labels: readonly string[];
  readonly sets: readonly { readonly label: string; readonly data: readonly (number | null)[] }[];
}

export function formatHtml(report: Report): string {
  const require = createRequire(import.meta.url);
  const library = readFileSync(join(dirname(require.resolve("chart.js")), "chart.umd.min.js"), "utf8");
  const charts = report.engines.flatMap(chartsOf);
  const tables = report.engines.flatMap((each) => [
    each.kernels.length === 0 ? "" : formatKernels(each),
    each.kernels.length === 0 ? "" : formatCosts(each),
    each.programs.length === 0 ? "" : formatPrograms(each, "cold"),
    each.busy.length === 0 ? "" : formatPrograms(each, "busy"),
  ]);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Anywasm benchmarks</title>
<style>
  body { font: 15px system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
  pre { overflow-x: auto; background: #f4f4f4; padding: 1rem; }
</style>
<h1>Anywasm benchmarks</h1>
<p>Steady state in parts of the native engine's, on a logarithmic scale: 1 is native, below it is faster. Medians of
${report.rounds} ${report.rounds === 1 ? "sample" : "samples"}, each in a process of its own.</p>
${charts.map((_, i) => `<canvas id="chart${i}"></canvas>`).join("\n")}
${tables
  .filter((text) => text !== "")
  .map((text) => `<pre>${escapeHtml(text)}</pre>`)
  .join("\n")}
<script>${library.replaceAll("</script", "<\\/script")}</script>
<script>
for (const [i, { title, labels, sets }] of ${jsonForScript(charts)}.entries())
  new Chart(document.getElementById("chart" + i), {
    type: "bar",
    data: { labels, datasets: sets },
    options: { plugins: { title: { display: true, text: title } }, scales: { y: { type: "logarithmic" } } },
  });
</script>
</html>
`;
}

function chartsOf(report: EngineReport): readonly Chart[] {
  const groups = [...new Set(report.kernels.map(({ group }) => group))];
  const contenders = [...new Set(report.kernels.map(({ contender }) => contender))].filter((each) => each !== "native");
  return groups.map((group) => {
    const labels = [...new Set(report.kernels.filter((each) => each.group === group).map(({ kernel }) => kernel))];
    const sets = contenders.map((contender) => ({
      label: contender,
      data: labels.map((kernel) => ratioToNative(report, kernel, contender) ?? null),
    }));
    return { title: `${report.engine}: ${group}`, labels, sets };
  });
}

/** JSON is JavaScript; in a page, nothing in it may end the script. */
function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
