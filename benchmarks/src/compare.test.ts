import { expect, test } from "vitest";
import { compare } from "./compare.ts";
import { formatHtml } from "./html.ts";
import type { KernelResult } from "./kernel-run.ts";
import { formatKernels, type Report } from "./report.ts";
import { geometricMean, median, spread } from "./statistics.ts";

function result(contender: KernelResult["contender"], ...steady: readonly number[]): KernelResult {
  const samples = steady.map((steadyMs) => ({ coldMs: 1, steadyMs, generated: 10, evaluationMs: 1, peakMemoryMB: 50 }));
  return { kernel: "k", group: "64-bit", contender, samples };
}

function report(engine: string, ...kernels: readonly KernelResult[]): Report {
  return { format: 1, rounds: 2, engines: [{ engine, kernels, programs: [], busy: [], border: [] }] };
}

test("medians, spreads, means", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(spread([9, 10, 11])).toBeCloseTo(0.1);
  expect(geometricMean([1, 4])).toBe(2);
});

test.each([
  ["slower", [20, 20.2]],
  ["same", [10.5, 10.8]],
  // As far off, but the samples say themselves that they are not to be relied on.
  ["same", [10, 17]],
  ["faster", [5, 5.1]],
] as const)("%s: %o", (verdict, now) => {
  const before = report("node 20.1.0", result("native", 5, 5.1), result("auto", 10, 10.1));
  const after = report("node 20.2.0", result("native", 5, 5.1), result("auto", ...now));
  expect(compare(before, after).map((change) => change.verdict)).toEqual([verdict]);
});

test("runs of different engines are not compared", () => {
  const before = report("node 20.1.0", result("native", 5), result("auto", 10));
  expect(compare(before, report("node 26.0.0", result("native", 5), result("auto", 99)))).toEqual([]);
});

test("a contender that fails is told, and left out of means", () => {
  const failed: KernelResult = { ...result("polywasm"), failure: "gave 1, not 2" };
  const text = formatKernels(
    report("node 20.1.0", result("native", 5), result("auto", 10), failed).engines[0] as never,
  );
  expect(text).toMatch(/k +5\.00 +2\.00x +-/);
  expect(text).toContain("k on polywasm: gave 1, not 2");
});

test("the page holds everything, and no name can end its script", () => {
  const html = formatHtml(report("</script><b>", result("native", 5), result("auto", 10)));
  expect(html).toContain("new Chart(");
  expect(html).not.toContain("</script><b>");
  expect(html).not.toMatch(/(src|href)="http/);
});
