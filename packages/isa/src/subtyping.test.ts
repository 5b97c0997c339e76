import { describe, expect, test } from "vitest";
import { type DefinedType, isCompositeSubtype, isDefinedSubtype, isSubtype, TypeRegistry } from "./subtyping.ts";
import {
  anyref,
  arrayref,
  bottom,
  type CompositeType,
  eqref,
  exactHeapType,
  externref,
  funcref,
  type HeapType,
  i31ref,
  i32,
  i64,
  parseValType,
  type RecGroup,
  refType,
  type SubType,
  structref,
  type ValType,
} from "./types.ts";

function ref(index: number): ValType {
  return refType(index as HeapType, false);
}

function exact(index: number): ValType {
  return refType(exactHeapType(index), false);
}

function struct(...storages: readonly ValType[]): CompositeType {
  return { kind: "struct", fields: storages.map((storage) => ({ storage, mutable: false })) };
}

function open(composite: CompositeType, ...supertypes: readonly number[]): SubType {
  return { final: false, supertypes, composite };
}

/** The definitions of groups that stand one after the other. */
function define(registry: TypeRegistry, ...groups: readonly (readonly SubType[])[]): DefinedType[] {
  const known: DefinedType[] = [];
  for (const types of groups) registry.addGroup({ start: known.length, types } satisfies RecGroup, known);
  return known;
}

describe("definitions", () => {
  test("differ by exactness of what they refer to, and by their clauses", () => {
    const registry = new TypeRegistry();
    const [, some] = define(registry, [open(struct())], [open(struct(ref(0)))]);
    const [, exactly] = define(registry, [open(struct())], [open(struct(exact(0)))]);
    const described: SubType = { ...open(struct()), descriptor: 1 };
    const describing: SubType = { ...open(struct()), describes: 0 };
    const [plain] = define(registry, [open(struct()), open(struct())]);
    const [first, second] = define(registry, [described, describing]);
    const [again] = define(registry, [described, describing]);
    const [chain] = define(registry, [described, { ...describing, descriptor: 2 }, { ...describing, describes: 1 }]);
    expect(new Set([some, exactly, plain, first, second, chain]).size).toBe(6);
    expect(again).toBe(first);
    expect(first?.descriptor).toBe(second?.id);
  });

  test("are the same if their groups are, whatever their indices", () => {
    const registry = new TypeRegistry();
    const list = (self: number): SubType[] => [open(struct(i32, ref(self)))];
    const [first] = define(registry, list(0));
    const [, second] = define(registry, [open(struct(i64))], list(1));
    expect(second).toBe(first);
  });

  test("differ by place in the group, finality, supertypes, and what they refer to", () => {
    const registry = new TypeRegistry();
    const empty = open(struct());
    const [alone] = define(registry, [empty]);
    const [first, second] = define(registry, [empty, empty]);
    const [final] = define(registry, [{ ...empty, final: true }]);
    const [, below] = define(registry, [empty], [open(struct(), 0)]);
    const [, outside] = define(registry, [empty], [open(struct(ref(0)))]);
    const [inside] = define(registry, [open(struct(ref(0)))]);
    expect(new Set([alone, first, second, final, below, outside, inside]).size).toBe(7);
  });

  test("know their supertypes", () => {
    const registry = new TypeRegistry();
    const types = define(
      registry,
      ...Array.from({ length: 12 }, (_, i) => [i === 0 ? open(struct()) : open(struct(), i - 1)]),
    );
    const other = define(registry, [open(struct()), open(struct(), 0)]);
    for (const [i, type] of types.entries())
      for (const [j, supertype] of types.entries()) expect(isDefinedSubtype(type, supertype)).toBe(j <= i);
    expect(isDefinedSubtype(other[1] as DefinedType, types[0] as DefinedType)).toBe(false);
  });

  test("of functions by themselves are those of modules", () => {
    const registry = new TypeRegistry();
    const type = { kind: "func", params: [i32], results: [funcref] } as const;
    const [defined] = define(registry, [{ final: true, supertypes: [], composite: type }]);
    expect(registry.func(type)).toBe(defined);
  });
});

describe("subtypes", () => {
  const registry = new TypeRegistry();
  const types = define(
    registry,
    [open(struct(i32))],
    [open(struct(i32, i64), 0)],
    [open({ kind: "array", element: { storage: "i8", mutable: true } })],
    [open({ kind: "func", params: [], results: [] })],
  );
  const named = ["nullref", "nullfuncref", "nullexternref", "(ref none)"].map((name) => parseValType(name) as ValType);
  const [nullref, nullfuncref, nullexternref, none] = named as [ValType, ValType, ValType, ValType];

  test.each([
    [i32, i32, true],
    [i32, i64, false],
    [bottom, i32, true],
    [i31ref, eqref, true],
    [eqref, anyref, true],
    [anyref, eqref, false],
    [structref, arrayref, false],
    [ref(0), structref, true],
    [ref(1), ref(0), true],
    [ref(0), ref(1), false],
    [ref(2), arrayref, true],
    [ref(2), structref, false],
    [ref(3), funcref, true],
    [ref(3), anyref, false],
    [structref, ref(0), false],
    [nullref, ref(0), false],
    [none, exact(0), true],
    [nullref, exact(0), false],
    [exact(0), exact(0), true],
    [exact(0), ref(0), true],
    [ref(0), exact(0), false],
    [exact(1), ref(0), true],
    [exact(1), exact(0), false],
    [exact(0), anyref, true],
    [exact(3), exact(0), false],
    [none, ref(0), true],
    [none, ref(3), false],
    [nullref, i31ref, true],
    [nullfuncref, funcref, true],
    [nullfuncref, externref, false],
    [nullexternref, externref, true],
    [externref, anyref, false],
  ])("%i of %i: %s", (actual, expected, holds) => {
    expect(isSubtype(actual, expected, types)).toBe(holds);
  });

  test("of functions take more and give less", () => {
    const func = (params: ValType[], results: ValType[]): CompositeType => ({ kind: "func", params, results });
    expect(isCompositeSubtype(func([anyref], [i31ref]), func([eqref], [eqref]), types)).toBe(true);
    expect(isCompositeSubtype(func([i31ref], [eqref]), func([eqref], [eqref]), types)).toBe(false);
  });

  test("of fields that can be written are the same", () => {
    const array = (storage: ValType, mutable: boolean): CompositeType => ({
      kind: "array",
      element: { storage, mutable },
    });
    expect(isCompositeSubtype(array(i31ref, false), array(eqref, false), types)).toBe(true);
    expect(isCompositeSubtype(array(i31ref, true), array(eqref, true), types)).toBe(false);
    expect(isCompositeSubtype(array(eqref, true), array(eqref, false), types)).toBe(false);
  });
});
