// Names that modules give their functions, well-formed or not.
import { expect, test } from "vitest";
import { readNames } from "../index.ts";
import { checkNames } from "./name.ts";

/** A section "name" of one subsection, and what of a module is needed to read it. */
function section(id: number, ...contents: readonly number[]) {
  const bytes = Uint8Array.of(0xff, 0xff, id, contents.length, ...contents);
  return { bytes, module: { customSections: [{ name: "name", start: 2, end: bytes.length }] } };
}

const a = [1, 0x61];
const umlaut = [2, 0xc3, 0xa4];
const notUtf8 = [2, 0xc3, 0x28];

test("names of functions", () => {
  const { bytes, module } = section(1, 2, 0, ...a, 7, ...umlaut);
  const { functions } = readNames(bytes, module);
  expect([functions.get(0), functions.get(7), functions.get(7), functions.get(1)]).toEqual(["a", "ä", "ä", undefined]);
  expect([...functions]).toEqual([
    [0, "a"],
    [7, "ä"],
  ]);
});

test("names of locals", () => {
  const { bytes, module } = section(2, 1, 3, 2, 0, ...a, 1, ...umlaut);
  const { locals } = readNames(bytes, module);
  expect([locals.get(3)?.get(0), locals.get(3)?.get(1), locals.get(0)?.get(0)]).toEqual(["a", "ä", undefined]);
});

test("a name that is not UTF-8 is none, and an error where sections are checked", () => {
  const { bytes, module } = section(1, 2, 0, ...notUtf8, 1, ...a);
  const { functions } = readNames(bytes, module);
  expect([functions.get(0), functions.get(1), [...functions]]).toEqual([undefined, "a", [[1, "a"]]]);
  expect(() => checkNames(bytes, module)).toThrow(/malformed UTF-8 encoding/);
});

test("a name that is longer than the section ends the reading", () => {
  const { bytes, module } = section(1, 2, 0, ...a, 1, 9, 0x62);
  expect([...readNames(bytes, module).functions]).toEqual([[0, "a"]]);
  expect(() => checkNames(bytes, module)).toThrow(/length out of bounds/);
});
