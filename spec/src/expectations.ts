// The lists of what is expected: failures and unsupported counts, which may only shrink, and the files that
// must pass whole.
import type { FileResult } from "./suite.ts";

/** One line of an expected-failures list. */
export type Expectation =
  | { readonly kind: "failure"; readonly file: string; readonly line: number; readonly reason: string }
  | { readonly kind: "unsupported"; readonly file: string; readonly count: number; readonly features: string };

export interface Verdict {
  /** Empty when everything is as expected. */
  readonly problems: readonly string[];
  /** Expectations that still hold, updated where counts have shrunk. */
  readonly remaining: readonly Expectation[];
  /** What would have to be added to the list for the run to pass. */
  readonly additions: readonly Expectation[];
}

/** Lines are `file.wast:LINE reason` or `file.wast unsupported COUNT features`; `#` begins a comment. @throws SyntaxError */
export function parseExpectations(text: string): readonly Expectation[] {
  return text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "")
    .map((line) => {
      const failure = /^(\S+\.wast):(\d+)\s+(.*)$/.exec(line);
      if (failure !== null)
        return { kind: "failure", file: failure[1] as string, line: Number(failure[2]), reason: failure[3] as string };
      const unsupported = /^(\S+\.wast) unsupported (\d+)\s+(.*)$/.exec(line);
      if (unsupported === null) throw new SyntaxError(`expected-failures: cannot read ${JSON.stringify(line)}`);
      return {
        kind: "unsupported",
        file: unsupported[1] as string,
        count: Number(unsupported[2]),
        features: unsupported[3] as string,
      };
    });
}

export function formatExpectations(expectations: readonly Expectation[]): string {
  const lines = expectations.map((each) =>
    each.kind === "failure"
      ? `${each.file}:${each.line} ${each.reason}`
      : `${each.file} unsupported ${each.count} ${each.features}`,
  );
  return `${["# What does not pass yet. This list may only shrink: see CONTRIBUTING.md.", ...lines].join("\n")}\n`;
}

/** Compares results with the list. A pass that was not expected is a problem too, so that the list stays true. */
export function judge(
  results: readonly FileResult[],
  expected: readonly Expectation[],
  mustPass: ReadonlySet<string>,
): Verdict {
  const problems: string[] = [];
  const remaining: Expectation[] = [];
  const additions: Expectation[] = [];
  const ran = new Set(results.map(({ file }) => file));
  for (const each of expected) if (!ran.has(each.file)) remaining.push(each);
  for (const { file, outcomes } of results) {
    const failed = outcomes.filter(({ result }) => result === "failed");
    const unsupported = outcomes.filter(({ result }) => result === "unsupported");
    if (mustPass.has(file) && failed.length + unsupported.length > 0)
      problems.push(`${file} must pass whole: ${failed.length} failed, ${unsupported.length} unsupported`);
    const expectedLines = new Map(
      expected.flatMap((each) => (each.kind === "failure" && each.file === file ? [[each.line, each] as const] : [])),
    );
    for (const { line, reason } of failed) {
      const known = expectedLines.get(line);
      expectedLines.delete(line);
      if (known !== undefined) remaining.push(known);
      else {
        problems.push(`${file}:${line} failed: ${reason}`);
        additions.push({ kind: "failure", file, line, reason: reason.split("\n")[0] ?? "" });
      }
    }
    for (const line of expectedLines.keys())
      problems.push(`${file}:${line} passes now: take it off the list with --bless`);
    judgeUnsupported(file, unsupported, expected, { problems, remaining, additions });
  }
  for (const file of mustPass) if (!ran.has(file)) problems.push(`${file} must pass, but was not run`);
  return { problems, remaining, additions };
}

function judgeUnsupported(
  file: string,
  unsupported: FileResult["outcomes"],
  expected: readonly Expectation[],
  into: { problems: string[]; remaining: Expectation[]; additions: Expectation[] },
): void {
  const known = expected.find((each) => each.kind === "unsupported" && each.file === file);
  const allowed = known?.kind === "unsupported" ? known.count : 0;
  const count = unsupported.length;
  if (count === 0 && allowed === 0) return;
  const features = [...new Set(unsupported.map(({ reason }) => reason))].sort().join(", ");
  const now: Expectation = { kind: "unsupported", file, count, features };
  if (count > allowed) {
    into.problems.push(`${file}: ${count} commands unsupported (${features}), expected at most ${allowed}`);
    into.additions.push(now);
    return;
  }
  if (count < allowed)
    into.problems.push(`${file}: only ${count} commands unsupported, not ${allowed}: note it with --bless`);
  if (count > 0) into.remaining.push(now);
}
