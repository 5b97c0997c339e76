// Memories with pages of one byte: their bounds, their growth, and what they match.
import { Engine, Instance, LinkError, Linker, loadTextParser, Memory, Module, Store } from "anywasm";
import { describe, expect, test } from "vitest";

const parse = await loadTextParser();

describe.each(["baseline", "optimizing"] as const)("%s", (strategy) => {
  const engine = new Engine({ strategy });
  const store = new Store(engine, undefined);

  test("a memory is as long as its pages say, to the byte", () => {
    const module = new Module(
      engine,
      parse(`(module (memory (export "m") 3 10 (pagesize 1))
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "size") (result i32) (memory.size))
        (func (export "load") (param i32) (result i32) (i32.load16_u offset=1 (local.get 0))))`),
    );
    const instance = Instance.create(store, module, () => undefined);
    const call = (name: string, ...args: readonly unknown[]): unknown => instance.getFunc(name)?.call(...args);
    expect(call("load", 0)).toBe(0);
    expect(() => call("load", 1)).toThrow("out of bounds memory access");
    expect(call("grow", 1)).toBe(3);
    expect(call("load", 1)).toBe(0);
    expect(() => call("load", 2)).toThrow("out of bounds memory access");
    expect(call("grow", 7)).toBe(-1);
    expect(call("grow", 6)).toBe(4);
    expect(call("size")).toBe(10);
    expect(instance.getMemory("m")?.byteLength).toBe(10);
  });
});

test("a memory of the host's has the page size that it is given", () => {
  const engine = new Engine();
  const store = new Store(engine, undefined);
  const memory = new Memory(store, { limits: { min: 1, max: undefined }, pageSize: 1 });
  for (let length = 1; length < 1000; length += 7) expect(memory.grow(7)).toBe(length);
  expect(memory.byteLength).toBe(memory.size);
  const linker = new Linker(engine).define("m", "m", memory);
  const importing = (pageSize: string): Module =>
    new Module(engine, parse(`(module (import "m" "m" (memory 1 ${pageSize})))`));
  expect(() => linker.instantiate(store, importing("(pagesize 1)"))).not.toThrow();
  expect(() => linker.instantiate(store, importing(""))).toThrow(LinkError);
  expect(() => linker.instantiate(store, importing(""))).toThrow("must be a memory with pages of 65536 bytes");
});
