import { describe, expect, test } from "vitest";
import { assign, binary, declare, ifElse, index, name, number } from "./build.ts";
import type { JsExpression, JsFunction, JsStatement } from "./nodes.ts";
import { type OutlineContext, outline } from "./outline.ts";
import { printFunction } from "./print.ts";

let count = 0;
const context: OutlineContext = {
  maxSize: 64,
  slotOf: (text) => (text === "f" ? "float" : text === "r" ? undefined : "int"),
  isScratch: (text) => text === "t",
  result: "int",
  unique: (wanted) => `${wanted}${count++}`,
  element: (slot, position) => index(name(slot), number(position)) as JsExpression & { readonly kind: "index" },
};

function sum(target: string, ...terms: readonly string[]): JsStatement {
  return assign(
    name(target),
    terms.map(name).reduce<JsExpression>((a, b) => binary("+", a, b), number(1)),
  );
}

function text(body: readonly JsStatement[], parameters = ["a", "b", "f", "r"]): string {
  count = 0;
  const { main, parts } = outline({ name: "main", parameters, body: [...body, ...padding] }, context);
  const unpadded: JsFunction = { ...main, body: main.body.slice(0, -padding.length) };
  return [unpadded, ...parts].map((each) => printFunction(each, false).text).join("\n");
}

/** Enough statements to make a function too large, in lists that are no part's. */
const padding = Array.from({ length: 10 }, () => sum("b", "a", "b"));
/** Enough to be worth a part. */
const bulk = Array.from({ length: 4 }, () => sum("b", "a", "b"));

describe("functions too large are split", () => {
  test("what a part assigns comes back, words and floats apart", () => {
    const body = [...bulk, sum("a", "a"), sum("f", "f", "a")];
    expect(text([ifElse(name("a"), body, []), { kind: "return", value: name("b") }])).toMatchSnapshot();
  });

  test("jumps and returns out of a part happen behind it", () => {
    const leaving = [
      ...bulk,
      ifElse(name("a"), [{ kind: "break", label: undefined }], []),
      ifElse(name("b"), [{ kind: "continue", label: "again" }], []),
      ifElse(name("f"), [{ kind: "return", value: name("a") }], []),
    ] satisfies JsStatement[];
    const loop: JsStatement = { kind: "loop", label: "again", body: [ifElse(name("a"), leaving, [])] };
    expect(text([loop])).toMatchSnapshot();
  });

  test("jumps inside stay", () => {
    const inner: JsStatement = { kind: "loop", label: undefined, body: [...bulk, { kind: "break", label: undefined }] };
    expect(text([ifElse(name("a"), [inner], [])])).toMatchSnapshot();
  });

  test("a name that means nothing across statements is the part's own", () => {
    const body = [...bulk, sum("t", "a"), sum("a", "t")];
    expect(text([declare("let", [{ name: "t", value: undefined }]), ifElse(name("a"), body, [])])).toMatchSnapshot();
  });

  test("a body that assigns what no element holds stays whole", () => {
    const body = [...bulk, sum("r", "a")];
    expect(text([ifElse(name("a"), body, [])])).not.toContain("r = int");
  });

  test("small functions stay whole", () => {
    expect(text([sum("a", "b")])).not.toContain("part");
  });
});
