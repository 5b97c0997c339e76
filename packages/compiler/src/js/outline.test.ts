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
  weightOf: () => undefined,
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
  const { main, parts } = outline({ name: "main", parameters, body: [...padding, ...body] }, context);
  const unpadded: JsFunction = { ...main, body: main.body.slice(padding.length) };
  return [unpadded, ...parts].map((each) => printFunction(each, false).text).join("\n");
}

/** Enough statements to make a function too large, where no part begins. */
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

  test("what stands behind a large statement is a body of its own", () => {
    const inner: JsStatement = { kind: "block", label: "out", body: [...bulk, { kind: "break", label: "out" }] };
    const behind = [declare("const", [{ name: "c", value: name("a") }]), ...bulk, sum("a", "c")];
    expect(text([ifElse(name("a"), [inner, ...behind], [])])).toMatchSnapshot();
  });

  test("but not before a condition, which may read what it assigns", () => {
    const inner: JsStatement = { kind: "block", label: "out", body: [...bulk, { kind: "break", label: "out" }] };
    const body: JsStatement[] = [inner, ...bulk, sum("t", "a")];
    expect(text([{ kind: "do", label: undefined, body, condition: name("t") }])).toContain("t = 1 + a;\n  } while (t)");
  });

  test("rare cases of a switch are one case, and one part", () => {
    const cases = Array.from({ length: 6 }, (_, i) => ({
      tests: i === 5 ? [undefined] : [i],
      body: [
        ...bulk,
        sum("b", "b", i % 2 === 0 ? "a" : "b"),
        { kind: "break", label: undefined },
      ] satisfies JsStatement[],
    }));
    const weightOf = (node: unknown): number =>
      node === cases[0]?.body ? 10_000 : cases.some(({ body }) => body === node) ? 1 : 100;
    const { main, parts } = outline(
      {
        name: "main",
        parameters: ["a", "b"],
        body: [...padding, { kind: "switch", label: undefined, subject: name("a"), cases }],
      },
      { ...context, maxSize: 200, weightOf },
    );
    const unpadded = { ...main, body: main.body.slice(padding.length) };
    expect([unpadded, ...parts].map((each) => printFunction(each, false).text).join("\n")).toMatchSnapshot();
  });

  test("what runs least goes first", () => {
    const arms = [
      [...bulk, sum("a", "a")],
      [...bulk, sum("b", "b")],
    ] as const;
    const weightOf = (node: unknown): number => (node === arms[0] ? 1000 : node === arms[1] ? 1 : 100);
    const { parts } = outline(
      { name: "main", parameters: ["a", "b"], body: [...padding, ifElse(name("a"), ...arms)] },
      { ...context, weightOf },
    );
    const [first, second] = parts.map((part) => printFunction(part, false).text);
    expect(first).toContain("b = 1 + b;");
    expect(second).toContain("a = 1 + a;");
  });

  describe("what a module says is unlikely goes first, if nothing was counted", () => {
    const [rare, usual] = [
      [...bulk, sum("a", "a")],
      [...bulk, sum("b", "b")],
    ] as const;
    const skip: JsStatement = { kind: "break", label: "out" };
    const blocked = (...list: readonly JsStatement[]): JsStatement => ({ kind: "block", label: "out", body: list });
    test.each<readonly [string, JsStatement]>([
      ["an arm", ifElse(name("a"), rare, usual, false)],
      ["the other arm", ifElse(name("a"), usual, rare, true)],
      ["what is mostly left out", blocked(ifElse(name("a"), usual, []), ifElse(name("b"), [skip], [], true), ...rare)],
    ])("%s", (_, statement) => {
      const { parts } = outline({ name: "main", parameters: ["a", "b"], body: [...padding, statement] }, context);
      expect(parts.map((part) => printFunction(part, false).text)[0]).toContain("a = 1 + a;");
    });
  });

  test("nothing becomes a part whose assignments a handler would miss", () => {
    const tried: JsStatement = {
      kind: "try",
      body: [ifElse(name("a"), [...bulk, ...bulk], [])],
      parameter: "e",
      handler: [],
    };
    expect(text([tried])).not.toContain("part");
  });

  test("a handler can be one, and a statement with its handler", () => {
    const tried = (handler: readonly JsStatement[]): JsStatement => ({
      kind: "try",
      body: [sum("b", "a")],
      parameter: "e",
      handler,
    });
    const leaving: JsStatement[] = [...bulk, sum("b", "e"), { kind: "break", label: undefined }];
    const loop: JsStatement = { kind: "loop", label: undefined, body: [tried(leaving)] };
    expect(text([loop])).toMatchSnapshot();
    expect(text([ifElse(name("a"), [...bulk, tried([sum("b", "e")])], [])])).toMatchSnapshot();
  });

  test("a limit too small for any part is one, too", () => {
    const body = [ifElse(name("a"), [sum("a", "b")], [sum("b", "a")])];
    expect(outline({ name: "main", parameters: ["a", "b"], body }, { ...context, maxSize: 6 })).toEqual({
      main: { name: "main", parameters: ["a", "b"], body },
      parts: [],
    });
  });

  test("small functions stay whole", () => {
    expect(text([sum("a", "b")])).not.toContain("part");
  });
});
