import { abstractHeapTypes, f64, i32, i64, refType, type StructType } from "@anywasm/isa";
import { describe, expect, test } from "vitest";
import { type StructureType, structureClasses } from "./structures.ts";

const fieldTypes = { i: i32, p: "i8", l: i64, f: f64, r: refType(abstractHeapTypes.any, true) } as const;

/** A type with fields of these kinds: "r" a reference, "p" a packed integer, "l" a long one. */
function type(kinds: string, descriptor?: number): StructureType & StructType {
  const fields = [...kinds].map((kind) => ({ storage: fieldTypes[kind as keyof typeof fieldTypes], mutable: true }));
  return { kind: "struct", fields, descriptor };
}

/** Types by class. */
function classesOf(...types: readonly StructureType[]): string[] {
  const classes = structureClasses(types).map(({ types: members }) => members.map((each) => types.indexOf(each)));
  return classes.map((members) => members.sort((a, b) => a - b).join(" ")).sort();
}

type Make = (...words: readonly unknown[]) => Record<string, unknown>;

/** What makes structures of each type. */
function makersOf(types: readonly StructureType[]): ReadonlyMap<StructureType, Make> {
  const makers = new Map<StructureType, Make>();
  for (const { types: members, source } of structureClasses(types)) {
    const structures = new Function(`return ${source()}`)() as (first: unknown) => (type: StructureType) => Make;
    const makerOf = structures(members[0]);
    for (const each of members) makers.set(each, makerOf(each));
  }
  return makers;
}

describe("types share a class", () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["of equal fields", ["ri", "ri"], ["0 1"]],
    ["of integers of any size", ["ip", "pi"], ["0 1"]],
    ["that one begins with", ["r", "ri", "rii"], ["0 1 2"]],
    ["but not if it has many more", ["r", "riiiii"], ["0", "1"]],
    ["counted in words", ["r", "rll"], ["0 1"]],
    ["of which a long one has two", ["r", "rlll"], ["0", "1"]],
    ["but not if it has floats more", ["r", "rf"], ["0", "1"]],
    ["with floats in the same places", ["f", "fr"], ["0 1"]],
    ["but not of other fields", ["ri", "ir", "lr"], ["0", "1", "2"]],
    ["the shortest of those", ["i", "iirr", "iip", "iir"], ["0 2", "1 3"]],
  ];
  test.each(cases)("%s", (_, kinds, expected) => {
    expect(classesOf(...kinds.map((each) => type(each)))).toEqual(expected);
  });

  test("only if both have descriptors", () => {
    expect(classesOf(type("i"), type("i", 5), type("ii", 7))).toEqual(["0", "1 2"]);
  });
});

test("structures have their own type and words; what else their class has is zero or null", () => {
  const types = [type("r", 1), type("rli", 1), type("rl", 1)];
  const makers = makersOf(types);
  const made = types.map((each) => {
    const words = each.fields.length === 1 ? ["a"] : ["a", 1, 2, 3].slice(0, each.fields.length + 1);
    return makers.get(each)?.(...words, "descriptor");
  });
  expect(made.map((each) => ({ ...each, type: types.indexOf(each?.["type"] as StructureType) }))).toEqual([
    { type: 0, f0: "a", f1: 0, h1: 0, f2: 0, descriptor: "descriptor" },
    { type: 1, f0: "a", f1: 1, h1: 2, f2: 3, descriptor: "descriptor" },
    { type: 2, f0: "a", f1: 1, h1: 2, f2: 0, descriptor: "descriptor" },
  ]);
  const classes = made.map((each) => Object.getPrototypeOf(each));
  expect(new Set(classes).size).toBe(1);
});

test("many types are sorted into classes in time that grows with their number", () => {
  const types = Array.from({ length: 20000 }, (_, i) => type(i.toString(2).replace(/0/g, "r").replace(/1/g, "i")));
  const classes = structureClasses(types);
  expect(classes.reduce((sum, { types: members }) => sum + members.length, 0)).toBe(types.length);
  expect(classes.length).toBeLessThan(types.length);
});
