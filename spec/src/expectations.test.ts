import { expect, test } from "vitest";
import { formatExpectations, judge, parseExpectations } from "./expectations.ts";
import type { FileResult } from "./suite.ts";

function result(file: string, ...outcomes: readonly ("passed" | "failed" | "unsupported")[]): FileResult {
  return {
    file,
    outcomes: outcomes.map((each, i) => ({
      line: i + 1,
      command: "module",
      result: each,
      reason: each === "passed" ? "" : "simd",
    })),
    milliseconds: 0,
  };
}

const none = new Set<string>();

test("the list may only shrink", () => {
  const list = parseExpectations("# comment\na.wast:2 why\nb.wast unsupported 2 simd\n");
  expect(
    judge([result("a.wast", "passed", "failed"), result("b.wast", "unsupported", "unsupported")], list, none).problems,
  ).toEqual([]);
  expect(judge([result("a.wast", "passed", "passed")], list, none).problems).toEqual([
    "a.wast:2 passes now: take it off the list with --bless",
  ]);
  expect(judge([result("b.wast", "unsupported")], list, none).problems[0]).toContain(
    "only 1 commands unsupported, not 2",
  );
  expect(judge([result("b.wast", "unsupported", "unsupported", "unsupported")], list, none).problems[0]).toContain(
    "at most 2",
  );
  expect(judge([result("c.wast", "failed")], list, none).problems[0]).toContain("c.wast:1 failed");
});

test("files that must pass have to be there and whole", () => {
  expect(judge([], [], new Set(["a.wast"])).problems).toEqual(["a.wast must pass, but was not run"]);
  expect(
    judge([result("a.wast", "unsupported")], parseExpectations("a.wast unsupported 1 simd"), new Set(["a.wast"]))
      .problems,
  ).toEqual(["a.wast must pass whole: 0 failed, 1 unsupported"]);
});

test("lists are written as they are read", () => {
  const list = parseExpectations("a.wast:2 why\nb.wast unsupported 2 simd, gc");
  expect(parseExpectations(formatExpectations(list))).toEqual(list);
  expect(() => parseExpectations("nonsense")).toThrow(SyntaxError);
});
