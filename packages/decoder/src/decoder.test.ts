import { CompileError, implementedFeatures } from "@anywasm/isa";
import { describe, expect, test } from "vitest";
import { buildFunction, decodeModule } from "./index.ts";
import { decodeUtf8 } from "./utf8.ts";

const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** An unsigned LEB128. */
function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

function section(id: number, ...contents: readonly number[]): number[] {
  return [id, ...leb(contents.length), ...contents];
}

/** A module with one function of type () -> (), whose body follows the empty list of locals. */
function withBody(body: readonly number[], names: readonly number[] = []): Uint8Array {
  const size = leb(body.length + 1);
  const code = [...section(1, 1, 0x60, 0, 0), ...section(3, 1, 0)];
  const head = [...header, ...code, 10, ...leb(body.length + 2 + size.length), 1, ...size, 0];
  const bytes = new Uint8Array(head.length + body.length + names.length);
  bytes.set(head);
  bytes.set(body, head.length);
  bytes.set(names, head.length + body.length);
  return bytes;
}

function failure(bytes: Uint8Array, features = implementedFeatures): CompileError {
  try {
    decodeModule(bytes, { features });
  } catch (error) {
    if (error instanceof CompileError) return error;
    throw error;
  }
  throw new Error("the module was accepted");
}

describe("errors say what, where and how", () => {
  const cases: readonly (readonly [string, Uint8Array, string, string, number])[] = [
    ["nothing", new Uint8Array(), "malformed_module", "unexpected end: the module is empty", 0],
    [
      "another magic",
      Uint8Array.of(1, 2, 3, 4),
      "malformed_module",
      "magic header not detected: expected 00 61 73 6d, found 01 02 03 04",
      0,
    ],
    ["a component", Uint8Array.of(0, 0x61, 0x73, 0x6d, 13, 0, 1, 0), "malformed_module", "component", 4],
    ["an unknown section", Uint8Array.from([...header, 99, 0]), "malformed_module", "malformed section id 99", 8],
    ["a section too long", Uint8Array.from([...header, 1, 9, 0]), "malformed_module", "length out of bounds", 9],
    ["a type mismatch", withBody([0x41, 0, 0x0b]), "invalid_module", "values remaining", 25],
    ["an unknown local", withBody([0x20, 7, 0x1a, 0x0b]), "invalid_module", "unknown local 7", 23],
    ["an unknown label", withBody([0x0c, 3, 0x0b]), "invalid_module", "unknown label 3", 23],
    ["no end", withBody([0x01]), "malformed_module", "END opcode expected", 24],
    ["catch without try", withBody([0x02, 0x40, 0x19, 0x0b, 0x0b]), "malformed_module", "catch_all without try", 25],
    ["catch behind catch_all", withBody([0x06, 0x40, 0x19, 0x19, 0x0b, 0x0b]), "malformed_module", "without try", 26],
    ["delegate of a block", withBody([0x02, 0x40, 0x18, 0, 0x0b]), "malformed_module", "delegate without try", 25],
    ["rethrow outside", withBody([0x06, 0x40, 0x09, 0, 0x0b, 0x0b]), "invalid_module", "invalid rethrow label", 25],
    ["an unknown tag", withBody([0x08, 0, 0x0b]), "invalid_module", "unknown tag 0", 23],
    ["a clause of no kind", withBody([0x1f, 0x40, 1, 4, 0, 0x0b, 0x0b]), "malformed_module", "catch clause", 26],
    [
      "a clause that gives too much",
      withBody([0x1f, 0x40, 1, 3, 0, 0x0b, 0x0b]),
      "invalid_module",
      "type mismatch: the clause gives 1 values, its label takes 0",
      26,
    ],
    [
      "a tag of another attribute",
      Uint8Array.from([...header, ...section(1, 1, 0x60, 0, 0), ...section(13, 1, 1, 0)]),
      "malformed_module",
      "malformed tag attribute",
      17,
    ],
    [
      "a shared memory without maximum",
      Uint8Array.from([...header, ...section(5, 1, 2, 1)]),
      "invalid_module",
      "shared memory must have maximum",
      11,
    ],
    [
      "a shared table",
      Uint8Array.from([...header, ...section(4, 1, 0x70, 3, 1, 1)]),
      "malformed_module",
      "malformed limits flags",
      12,
    ],
    [
      "an atomic access that is not aligned",
      Uint8Array.from([
        ...header,
        ...section(1, 1, 0x60, 0, 0),
        ...section(3, 1, 0),
        ...section(5, 1, 3, 1, 1),
        ...section(10, 1, 9, 0, 0x41, 0, 0xfe, 0x10, 1, 0, 0x1a, 0x0b),
      ]),
      "invalid_module",
      "atomic alignment must be natural",
      33,
    ],
    ["a fence of another kind", withBody([0xfe, 3, 1, 0x0b]), "malformed_module", "zero byte expected", 25],
    ["stack switching", withBody([0xe0, 0x0b]), "feature_disabled", 'needs the feature "stack-switching"', 23],
    ["an illegal opcode", withBody([0xff, 0x0b]), "malformed_module", "illegal opcode ff", 23],
    [
      "too many types",
      Uint8Array.from([...header, ...section(1, 0xff, 0xff, 0xff, 0x7f)]),
      "limit_exceeded",
      "types",
      10,
    ],
  ];
  test.each(cases)("%s", (_name, bytes, code, reason, offset) => {
    const error = failure(bytes);
    expect(error.code).toBe(code);
    expect(error.message).toContain(reason);
    expect(error.offset).toBe(offset);
    expect(error.message).toContain(`offset 0x${offset.toString(16)}`);
  });

  test("a function is named", () => {
    const names = section(0, 4, 0x6e, 0x61, 0x6d, 0x65, 1, 5, 1, 0, 2, 0x68, 0x69);
    const error = failure(withBody([0x1a, 0x0b], names));
    expect(error.functionIndex).toBe(0);
    expect(error.functionName).toBe("hi");
    expect(error.message).toContain("func 0 $hi");
  });

  test("a feature that is switched off is named", () => {
    const features = new Set(implementedFeatures);
    features.delete("sign-extension");
    const error = failure(withBody([0x41, 0, 0xc0, 0x1a, 0x0b]), features);
    expect(error.feature).toBe("sign-extension");
    expect(error.message).toContain("enable it in Config.features");
  });
});

describe("bounded on any input", () => {
  test("delegates at the bottom of a hundred thousand blocks", () => {
    const depth = 100_000;
    const delegates = Array<number[]>(depth).fill([0x06, 0x40, 0x18, 0]).flat();
    const body = [
      ...Array<number[]>(depth).fill([0x02, 0x40]).flat(),
      ...delegates,
      ...Array<number>(depth + 1).fill(0x0b),
    ];
    expect(buildFunction(decodeModule(withBody(body)), 0).body).toEqual([]);
  });

  test("a body of a million nested blocks", () => {
    const depth = 333_000;
    const body = [...Array<number[]>(depth).fill([0x02, 0x40]).flat(), ...Array<number>(depth + 1).fill(0x0b)];
    const module = decodeModule(withBody(body));
    expect(buildFunction(module, 0).body).toEqual([]);
  });

  test("a million waiting operands", () => {
    const count = 300_000;
    const body = [...Array<number[]>(count).fill([0x41, 1]).flat(), ...Array<number>(count).fill(0x1a), 0x0b];
    const module = decodeModule(withBody(body));
    expect(buildFunction(module, 0).body).toEqual([]);
  });

  test("a chain of a million operators is cut into trees of bounded height", () => {
    const count = 300_000;
    const body = [0x41, 1, ...Array<number>(count).fill(0x45), 0x1a, 0x0b];
    const func = buildFunction(decodeModule(withBody(body)), 0);
    const highest = Math.max(...func.body.map((each) => (each.kind === "set" ? each.value.depth : 0)));
    expect(highest).toBeGreaterThan(10);
    expect(highest).toBeLessThan(200);
  });

  test("every prefix of a module, and every one-byte change, is accepted or refused with CompileError", () => {
    const loops = [0x02, 0x40, 0x41, 1, 0x0d, 0, 0x0b, 0x03, 0x40, 0x41, 0, 0x0d, 0, 0x0b];
    const tables = [0x02, 0x40, 0x1f, 0x40, 1, 2, 0, 0x01, 0x0b, 0x0b];
    const tries = [0x06, 0x40, 0x01, 0x19, 0x09, 0, 0x0b, 0x06, 0x40, 0x06, 0x40, 0x01, 0x18, 1, 0x19, 0x0b];
    const module = Array.from(withBody([...loops, ...tables, ...tries, 0x0b]));
    const attempt = (bytes: readonly number[]): void => {
      try {
        const decoded = decodeModule(Uint8Array.from(bytes));
        for (let i = 0; i < decoded.bodies.length; i++) buildFunction(decoded, decoded.importedFunctionCount + i);
      } catch (error) {
        expect(error).toBeInstanceOf(CompileError);
      }
    };
    for (let length = 0; length < module.length; length++) attempt(module.slice(0, length));
    module.forEach((_byte, at) => {
      for (let value = 0; value < 256; value += 1) attempt(module.map((byte, i) => (i === at ? value : byte)));
    });
  });
});

test("UTF-8 is read strictly", () => {
  const cases: readonly (readonly [readonly number[], string | undefined])[] = [
    [[0x61, 0xc3, 0xa9], "aé"],
    [[0xf0, 0x9f, 0x98, 0x80], "😀"],
    [[0xef, 0xbb, 0xbf], "\ufeff"],
    [[0xc0, 0x80], undefined],
    [[0xed, 0xa0, 0x80], undefined],
    [[0xf4, 0x90, 0x80, 0x80], undefined],
    [[0xe2, 0x82], undefined],
    [[0x80], undefined],
  ];
  for (const [bytes, text] of cases) expect(decodeUtf8(Uint8Array.from(bytes), 0, bytes.length)).toBe(text);
  const long = "x".repeat(10_000);
  expect(
    decodeUtf8(
      Uint8Array.from(long, (char) => char.charCodeAt(0)),
      0,
      long.length,
    ),
  ).toBe(long);
});
