// Memories and tables with 64-bit addresses. What is in bounds is computed here with BigInts, which know no wrapping.
import {
  Engine,
  funcref,
  Global,
  Instance,
  i64,
  LinkError,
  Linker,
  loadTextParser,
  Memory,
  Module,
  Store,
  Table,
  UsageError,
} from "anywasm";
import { describe, expect, test } from "vitest";

const parse = await loadTextParser();

const configs = {
  baseline: { strategy: "baseline" },
  pairs: { strategy: "optimizing", int64: "pairs" },
  bigint: { strategy: "optimizing", int64: "bigint" },
  promoted: { strategy: "auto", promoteAfter: 1 },
} as const;

const pageSize = 65536n;
const wide = 1n << 64n;

const addresses = [
  ...[0n, 1n, 8n, pageSize - 8n, pageSize - 4n, pageSize - 1n, pageSize, 0x7fffffffn, 0x80000000n],
  ...[(1n << 32n) - 1n, 1n << 32n, (1n << 32n) + 8n, 1n << 52n, (1n << 53n) + 8n, 1n << 63n, (1n << 63n) + 8n],
  ...[-1n, -4n, -8n, -9n, -pageSize, -(1n << 32n), -(1n << 32n) - 8n],
].map((address) => BigInt.asUintN(64, address));

const offsets = [0n, 4n, 9n, pageSize, (1n << 32n) - 1n, 1n << 32n, (1n << 53n) + 1n, wide - 8n, wide - 1n];

const accesses = [
  { name: "i32.load8_u", bytes: 1n, type: "i32" },
  { name: "i64.load", bytes: 8n, type: "i64" },
  { name: "i64.load16_s", bytes: 2n, type: "i64" },
  { name: "f32.load", bytes: 4n, type: "f32" },
  { name: "f64.load", bytes: 8n, type: "f64" },
];

const stores = [
  { name: "i32.store16", bytes: 2n, value: "(i32.const 7)" },
  { name: "i64.store", bytes: 8n, value: "(i64.const 7)" },
  { name: "f32.store", bytes: 4n, value: "(f32.const 7)" },
  { name: "f64.store", bytes: 8n, value: "(f64.const 7)" },
];

/** Each access at each offset: of the address as it is, of one just computed, and of one that is known. */
function accessModule(limits: string): string {
  const functions = offsets.flatMap((offset, i) => [
    ...accesses.map(
      ({ name, type }) => `
        (func (export "${name} ${i}") (param i64) (result ${type}) (${name} offset=${offset} (local.get 0)))
        (func (export "sum ${name} ${i}") (param i64 i64) (result ${type})
          (${name} offset=${offset} (i64.add (local.get 0) (local.get 1))))`,
    ),
    ...stores.map(
      ({ name, value }) =>
        `(func (export "${name} ${i}") (param i64) (${name} offset=${offset} (local.get 0) ${value}))`,
    ),
  ]);
  const known = addresses.map(
    (address, i) => `(func (export "known ${i}") (result i64) (i64.load (i64.const ${address})))`,
  );
  return `(module (memory i64 ${limits}) ${functions.join("")} ${known.join("")})`;
}

function outcome(run: () => unknown): string {
  try {
    run();
    return "in bounds";
  } catch (error) {
    return (error as Error).message;
  }
}

function expected(address: bigint, offset: bigint, bytes: bigint, length: bigint): string {
  return address + offset + bytes <= length ? "in bounds" : "out of bounds memory access";
}

describe.each(Object.keys(configs) as (keyof typeof configs)[])("%s", (name) => {
  const engine = new Engine(configs[name]);
  const store = new Store(engine, undefined);

  function instantiate(text: string): Instance {
    return Instance.create(store, new Module(engine, parse(text)), () => undefined);
  }

  // With and without a maximum below 2 GiB, which saves code a conversion.
  test.each(["1", "1 2", "1 0x1000000000000"])("loads and stores of a memory of %s pages", (limits) => {
    const instance = instantiate(accessModule(limits));
    const call = (func: string, ...args: readonly unknown[]): string =>
      outcome(() => instance.getFunc(func)?.call(...args));
    for (const address of addresses)
      offsets.forEach((offset, i) => {
        for (const { name, bytes } of [...accesses, ...stores]) {
          const result = expected(address, offset, bytes, pageSize);
          expect([name, address, offset, call(`${name} ${i}`, address)]).toEqual([name, address, offset, result]);
        }
        for (const { name, bytes } of accesses) {
          const result = expected(address, offset, bytes, pageSize);
          const half = address / 2n;
          expect([address, call(`sum ${name} ${i}`, half, address - half)]).toEqual([address, result]);
        }
      });
    addresses.forEach((address, i) => {
      expect(call(`known ${i}`)).toBe(expected(address, 0n, 8n, pageSize));
    });
  });

  test("a store that is partly out of bounds writes nothing", () => {
    const instance = instantiate(`(module (memory (export "m") i64 1)
      (func (export "f") (param i64) (i64.store (local.get 0) (i64.const -1))))`);
    expect(() => instance.getFunc("f")?.call(pageSize - 4n)).toThrow("out of bounds");
    expect(instance.getMemory("m")?.data.every((byte) => byte === 0)).toBe(true);
  });

  test("addresses whose high word is known", () => {
    const instance = instantiate(`(module (memory i64 1)
      (func (export "unsigned") (param i32) (result i32) (i32.load offset=4 (i64.extend_i32_u (local.get 0))))
      (func (export "signed") (param i32) (result i32) (i32.load offset=4 (i64.extend_i32_s (local.get 0))))
      (func (export "masked") (param i64) (result i32)
        (i32.load offset=4 (i64.and (local.get 0) (i64.const 0xfff8))))
      (func (export "loaded") (param i64) (result i32) (i32.load offset=4 (i64.load32_u (local.get 0)))))`);
    const call = (func: string, arg: unknown): string => outcome(() => instance.getFunc(func)?.call(arg));
    const out = "out of bounds memory access";
    for (const func of ["unsigned", "signed"]) {
      expect(call(func, 65528)).toBe("in bounds");
      expect(call(func, 65529)).toBe(out);
      expect(call(func, -4)).toBe(out);
      expect(call(func, -1)).toBe(out);
    }
    expect(call("masked", -1n)).toBe("in bounds");
    expect(call("loaded", 0n)).toBe("in bounds");
    expect(call("loaded", 1n << 32n)).toBe(out);
  });

  test("addresses computed from what is small", () => {
    const lookUp = (index: string): string =>
      `(i32.load offset=8 (i64.add (i64.shl ${index} (i64.const 2)) (i64.const 65000)))`;
    const instance = instantiate(`(module (memory i64 1)
      (func (export "masked") (param i64) (result i32) ${lookUp("(i64.and (local.get 0) (i64.const 255))")})
      (func (export "loaded") (param i64) (result i32) ${lookUp("(i64.load8_u (local.get 0))")})
      (func (export "wrapped") (param i64) (result i32)
        (i32.load (i64.add (i64.mul (i64.and (local.get 0) (i64.const 0xffff)) (i64.const 0x20000)) (i64.const 8))))
      (func (export "fill") (memory.fill (i64.const 0) (i32.const 131) (i64.const 1000))))`);
    const call = (func: string, arg: bigint): string => outcome(() => instance.getFunc(func)?.call(arg));
    const out = "out of bounds memory access";
    expect(call("masked", (1n << 40n) + 131n)).toBe("in bounds");
    expect(call("masked", 132n)).toBe(out);
    instance.getFunc("fill")?.call();
    expect(call("loaded", 5n)).toBe("in bounds");
    expect(call("loaded", 1n << 32n)).toBe(out);
    expect(call("wrapped", 0n)).toBe("in bounds");
    // A product of 2^32, of which the low word is 0.
    expect(call("wrapped", 0x8000n)).toBe(out);
    expect(call("wrapped", 1n)).toBe(out);
  });

  test("copies between memories of both kinds", () => {
    const instance = instantiate(`(module (memory $wide (export "wide") i64 1) (memory $narrow (export "narrow") 1)
      (data (memory $wide) (i64.const 5) "abc")
      (func (export "from") (param i32 i64 i32)
        (memory.copy $narrow $wide (local.get 0) (local.get 1) (local.get 2)))
      (func (export "to") (param i64 i32 i32)
        (memory.copy $wide $narrow (local.get 0) (local.get 1) (local.get 2))))`);
    const call = (func: string, ...args: readonly unknown[]): string =>
      outcome(() => instance.getFunc(func)?.call(...args));
    const out = "out of bounds memory access";
    expect([call("from", 9, 5n, 3), call("to", 1n, 10, 2)]).toEqual(["in bounds", "in bounds"]);
    expect([...(instance.getMemory("wide")?.data.subarray(1, 3) ?? [])]).toEqual([98, 99]);
    expect([call("from", 0, 1n << 32n, 0), call("to", 1n << 32n, 0, 0), call("from", 0, 0n, -1)]).toEqual([
      out,
      out,
      out,
    ]);
    expect([call("from", 65536, 65536n, 0), call("from", -1, 0n, 0)]).toEqual(["in bounds", out]);
  });

  test("sizes, growth, and what works on ranges", () => {
    const instance = instantiate(`(module (memory i64 1 3) (data $d "abc")
      (func (export "size") (result i64) memory.size)
      (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0)))
      (func (export "fill") (param i64 i64) (memory.fill (local.get 0) (i32.const 1) (local.get 1)))
      (func (export "copy") (param i64 i64 i64) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
      (func (export "init") (param i64 i32 i32) (memory.init $d (local.get 0) (local.get 1) (local.get 2))))`);
    const call = (func: string, ...args: readonly unknown[]): unknown => instance.getFunc(func)?.call(...args);
    expect(call("grow", 1n)).toBe(1n);
    expect(call("grow", 1n << 32n)).toBe(-1n);
    expect(call("grow", (1n << 32n) + 1n)).toBe(-1n);
    expect(call("grow", -1n)).toBe(-1n);
    expect(call("size")).toBe(2n);
    const ranges: readonly (readonly [bigint, bigint])[] = [
      [0n, 2n * pageSize],
      [2n * pageSize, 0n],
      [2n * pageSize, 1n],
      [0n, 1n << 32n],
      [1n << 32n, 0n],
      [1n << 32n, 1n],
      [(1n << 32n) - 1n, 1n],
      [wide - 1n, 1n],
      [1n, wide - 1n],
      [wide - 1n, wide - 1n],
    ];
    for (const [start, count] of ranges) {
      const result = expected(start, 0n, count, 2n * pageSize);
      expect([start, count, outcome(() => call("fill", start, count))]).toEqual([start, count, result]);
      expect([start, count, outcome(() => call("copy", start, 0n, count))]).toEqual([start, count, result]);
      expect([start, count, outcome(() => call("copy", 0n, start, count))]).toEqual([start, count, result]);
      expect(outcome(() => call("init", start, 0, 0))).toBe(expected(start, 0n, 0n, 2n * pageSize));
    }
  });

  test("tables", () => {
    const instance = instantiate(`(module (table $t i64 2 4 funcref) (type $f (func (result i32)))
      (elem (table $t) (i64.const 1) func $seven) (func $seven (result i32) (i32.const 7))
      (func (export "call") (param i64) (result i32) (call_indirect $t (type $f) (local.get 0)))
      (func (export "tail") (param i64) (result i32) (return_call_indirect $t (type $f) (local.get 0)))
      (func (export "get") (param i64) (result funcref) (table.get $t (local.get 0)))
      (func (export "size") (result i64) (table.size $t))
      (func (export "grow") (param i64) (result i64) (table.grow $t (ref.null func) (local.get 0))))`);
    const call = (func: string, ...args: readonly unknown[]): unknown => instance.getFunc(func)?.call(...args);
    for (const func of ["call", "tail"]) {
      expect(call(func, 1n)).toBe(7);
      expect(() => call(func, 0n)).toThrow("uninitialized element");
      for (const index of [2n, (1n << 32n) + 1n, -1n, 1n << 63n])
        expect(() => call(func, index)).toThrow("undefined element");
    }
    expect(() => call("get", (1n << 32n) + 1n)).toThrow("out of bounds table access");
    expect(call("grow", 1n)).toBe(2n);
    expect(call("grow", 1n << 32n)).toBe(-1n);
    expect(call("size")).toBe(3n);
  });

  test("segments at 64-bit offsets", () => {
    const at = (offset: string): string =>
      `(module (import "m" "g" (global $g i64)) (memory i64 1) (data (offset ${offset}) ""))`;
    const run = (offset: string, value: bigint): string =>
      outcome(() =>
        Instance.create(store, new Module(engine, parse(at(offset))), () => Global.create(store, i64, value)),
      );
    expect(run("(global.get $g)", pageSize)).toBe("in bounds");
    expect(run("(global.get $g)", pageSize + 1n)).toBe("out of bounds memory access");
    expect(run("(global.get $g)", 1n << 32n)).toBe("out of bounds memory access");
    expect(run("(i64.add (global.get $g) (i64.const -1))", 1n << 32n)).toBe("out of bounds memory access");
    expect(run("(i64.add (global.get $g) (i64.const 1))", -1n)).toBe("in bounds");
  });
});

describe("memories and tables of the host", () => {
  const engine = new Engine();
  const store = new Store(engine, undefined);
  const limits = { min: 1, max: undefined };

  function importing(linker: Linker<unknown>, what: string): () => Instance {
    return () => linker.instantiate(store, new Module(engine, parse(`(module (import "m" "x" ${what}))`)));
  }

  test("match imports of the same type of addresses only", () => {
    const memory = new Linker(engine).define("m", "x", new Memory(store, { limits, address: "i64" }));
    expect(importing(memory, "(memory i64 1)")).not.toThrow();
    expect(importing(memory, "(memory 1)")).toThrow(LinkError);
    expect(importing(memory, "(memory 1)")).toThrow("must be addressed by i32, but is addressed by i64");
    const table = new Linker(engine).define("m", "x", new Table(store, { element: funcref.code, limits }));
    expect(importing(table, "(table 1 funcref)")).not.toThrow();
    expect(importing(table, "(table i64 1 funcref)")).toThrow("must be addressed by i64, but is addressed by i32");
  });

  test("maxima are compared exactly, however large", () => {
    const max = (1n << 64n) - 2n;
    const table = new Table(store, { element: funcref.code, limits: { min: 1, max }, address: "i64" });
    const linker = new Linker(engine).define("m", "x", table);
    expect(importing(linker, `(table i64 1 ${max} funcref)`)).not.toThrow();
    expect(importing(linker, `(table i64 1 ${max + 1n} funcref)`)).not.toThrow();
    expect(importing(linker, `(table i64 1 ${max - 1n} funcref)`)).toThrow(LinkError);
  });

  test("what is declared may be more than there can be", () => {
    const huge = (): Memory => new Memory(store, { limits: { min: 2 ** 48, max: undefined }, address: "i64" });
    expect(huge).toThrow(UsageError);
    expect(() => new Module(engine, parse("(module (memory i64 0x1000000000000))"))).not.toThrow();
    expect(() => new Memory(store, { limits: { min: 1, max: 2 ** 48 }, address: "i64" })).not.toThrow();
  });
});

test("a module that needs the feature is refused without it", () => {
  const engine = new Engine({ features: { memory64: false } });
  for (const text of ["(module (memory i64 1))", "(module (table i64 1 funcref))"])
    expect(() => new Module(engine, parse(text))).toThrow('needs the feature "memory64"');
});
