import {
  Engine,
  Func,
  formatBacktrace,
  Global,
  Instance,
  i32,
  i64,
  LinkError,
  Linker,
  layouts,
  Memory,
  Module,
  Store,
  Trap,
  UsageError,
} from "anywasm";
import { describe, expect, test } from "vitest";
import { instantiateText, moduleFromText } from "./support.ts";

const text = `(module $calc
  (memory (export "memory") 1 3)
  (global (export "counter") (mut i64) (i64.const 5))
  (table (export "table") 2 funcref)
  (func $div (export "div") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func $outer (export "outer") (param i32) (result i32) (call $div (i32.const 1) (local.get 0)))
  (func (export "swap") (param i32 i64) (result i64 i32) (local.get 1) (local.get 0))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func $deep (export "deep") (param i32) (result i32) (i32.add (call $deep (local.get 0)) (i32.const 1)))
)`;

describe("functions", () => {
  test("numbers, bigints and several results cross the border", async () => {
    const instance = await instantiateText(text);
    expect(instance.getFunc("swap")?.call(7, -1n)).toEqual([-1n, 7]);
    const swap = instance.getTypedFunc("swap", [i32, i64], [i64, i32]);
    const [big, small] = swap(1, 2n ** 63n);
    expect([big, small]).toEqual([-(2n ** 63n), 1]);
    expect(instance.getTypedFunc("div", [i32, i32], [i32])(7.9, 2)).toBe(3);
  });

  test("wrong uses say what is wrong", async () => {
    const instance = await instantiateText(text);
    const div = instance.getFunc("div") as Func;
    expect(() => div.call(1)).toThrow("expected 2 arguments, got 1");
    expect(() => div.call(1, 2n)).toThrow("expected a number for i32, got bigint");
    expect(() => div.typed([i32], [i32])).toThrow("the function is (i32, i32) -> (i32), not (i32) -> (i32)");
    expect(() => instance.getTypedFunc("nothing", [], [])).toThrow('no exported function "nothing"');
    expect(Object.getPrototypeOf(instance.exports)).toBeNull();
  });

  test("handles do not cross stores", async () => {
    const [a, b] = [await instantiateText(text), await instantiateText(text)];
    expect(() => a.getTable("table")?.set(0, b.getFunc("div"))).toThrow(UsageError);
    a.getTable("table")?.set(0, a.getFunc("div"));
    expect(a.getTable("table")?.get(0)).toBe(a.getFunc("div"));
  });
});

describe("traps", () => {
  test("carry a code and a backtrace with names and offsets", async () => {
    const instance = await instantiateText(text);
    let trap: unknown;
    try {
      instance.getFunc("outer")?.call(0);
    } catch (error) {
      trap = error;
    }
    expect(trap).toBeInstanceOf(Trap);
    const { code, message, frames } = trap as Trap;
    expect([code, message]).toEqual(["integer_divide_by_zero", "integer divide by zero"]);
    expect(frames.map(({ functionName, moduleName }) => [moduleName, functionName])).toEqual([
      ["calc", "div"],
      ["calc", "outer"],
    ]);
    for (const { moduleOffset } of frames) expect(moduleOffset).toBeGreaterThan(8);
    expect(formatBacktrace(frames)).toMatch(/^ {2}0: 0x[0-9a-f]+ - calc!div\n {2}1: 0x[0-9a-f]+ - calc!outer$/);
  });

  test("out of bounds, at every edge", async () => {
    const load = (await instantiateText(text)).getFunc("load") as Func;
    expect(load.call(65532)).toBe(0);
    for (const address of [65533, 65536, -1, -4, 2 ** 31]) {
      expect(() => load.call(address)).toThrow("out of bounds memory access");
    }
  });

  test("the stack is exhausted, and the store is as good as before", async () => {
    const instance = await instantiateText(text);
    expect(() => instance.getFunc("deep")?.call(0)).toThrow("call stack exhausted");
    expect(instance.getFunc("div")?.call(6, 2)).toBe(3);
  });
});

describe("host functions", () => {
  const caller = `(module (import "host" "f" (func $f (param i32) (result i32))) (memory (export "memory") 1)
    (func (export "run") (param i32) (result i32) (call $f (local.get 0)))
    (func (export "grow") (result i32) (i32.store (i32.const 0) (call $f (i32.const 1))) (i32.load (i32.const 0))))`;

  test("their exceptions pass through unchanged, whatever they are", async () => {
    for (const thrown of [new RangeError("Offset is outside the bounds of the DataView"), "text", undefined, 0]) {
      const instance = await instantiateText(caller, (store) => ({
        "host.f": Func.wrap(store, [i32], [i32], (): number => {
          throw thrown;
        }),
      }));
      let caught: unknown = "nothing";
      try {
        instance.getFunc("run")?.call(0);
      } catch (error) {
        caught = error;
      }
      expect(caught).toBe(thrown);
    }
  });

  test("may grow the memory in the middle of a store", async () => {
    let memory: Memory | undefined;
    const instance = await instantiateText(caller, (store) => ({
      "host.f": Func.wrap(store, [i32], [i32], (delta) => {
        memory?.grow(delta);
        return 77;
      }),
    }));
    memory = instance.getMemory("memory");
    expect(instance.getFunc("grow")?.call()).toBe(77);
    expect(memory?.size).toBe(2);
    expect(memory?.data[0]).toBe(77);
  });

  test("a linker gives them the caller's data and exports", async () => {
    const engine = new Engine();
    const store = new Store(engine, { log: [] as number[] });
    const linker = new Linker<{ log: number[] }>(engine).func("host", "f", [i32], [i32], (from, value) => {
      from.data.log.push(value, from.getMemory("memory")?.size ?? -1);
      return value * 2;
    });
    const instance = linker.instantiate(store, await moduleFromText(caller, engine));
    expect(instance.getFunc("run")?.call(21)).toBe(42);
    expect(store.data.log).toEqual([21, 1]);
  });

  test("what they return is checked", async () => {
    const instance = await instantiateText(caller, (store) => ({
      "host.f": Func.wrap(store, [i32], [i32], (() => "text") as unknown as (value: number) => number),
    }));
    expect(() => instance.getFunc("run")?.call(0)).toThrow(UsageError);
  });
});

describe("linking", () => {
  test("errors name the import and both types", async () => {
    const engine = new Engine();
    const module = await moduleFromText('(module (import "a" "b" (func (param i32))))', engine);
    const store = new Store(engine, undefined);
    expect(() => new Linker(engine).instantiate(store, module)).toThrow('unknown import: "a" "b" (func)');
    const wrong = new Linker(engine).func("a", "b", [i64], [], () => undefined);
    expect(() => wrong.instantiate(store, module)).toThrow('"a" "b" must be (i32) -> (), but is (i64) -> ()');
    expect(() => wrong.func("a", "b", [], [], () => undefined)).toThrow(LinkError);
    const traps = new Linker(engine).defineUnknownImportsAsTraps(module);
    expect(traps.instantiate(store, module)).toBeInstanceOf(Instance);
  });

  test("one function of a plain object serves imports of the same name and several types", async () => {
    const engine = new Engine();
    const module = await moduleFromText(
      `(module (import "m" "f" (func $one (param i32) (result i32))) (import "m" "f" (func $two (param f64 f64) (result f64)))
        (func (export "run") (result f64)
          (f64.add (f64.convert_i32_s (call $one (i32.const 5))) (call $two (f64.const 0.5) (f64.const 0.25)))))`,
      engine,
    );
    const f = (...args: number[]): number => args.reduce((sum, arg) => sum + arg, 0);
    const instance = Instance.create(new Store(engine, undefined), module, { m: { f } });
    expect(instance.getFunc("run")?.call()).toBe(5.75);
  });

  test("plain objects give imports too, by their own properties alone", async () => {
    const engine = new Engine();
    const store = new Store(engine, undefined);
    const module = await moduleFromText(
      '(module (import "env" "f" (func $f (param i32) (result i64))) (func (export "run") (result i64) (call $f (i32.const 20))))',
      engine,
    );
    const instance = Instance.create(store, module, { env: { f: (value: number) => BigInt(value) + 1n } });
    expect(instance.getFunc("run")?.call()).toBe(21n);
    expect(() => Instance.create(store, module, { env: {} })).toThrow(LinkError);
    const inherited = await moduleFromText('(module (import "env" "toString" (func)))', engine);
    expect(() => Instance.create(store, inherited, { env: {} })).toThrow('unknown import: "env" "toString"');
    expect(() => Instance.create(store, inherited, {})).toThrow(LinkError);
  });

  test("imports can be looked up once for many instances", async () => {
    const engine = new Engine();
    const module = await moduleFromText(
      '(module (import "a" "b" (func $b (result i32))) (func (export "run") (result i32) (call $b)))',
      engine,
    );
    const linker = new Linker<number>(engine);
    expect(() => linker.instantiatePre(module)).toThrow('unknown import: "a" "b" (func)');
    const pre = linker.func("a", "b", [], [i32], ({ data }) => data).instantiatePre(module);
    const results = [1, 2].map((data) => pre.instantiate(new Store(engine, data)).getFunc("run")?.call());
    expect(results).toEqual([1, 2]);
    const later = await linker.instantiateAsync(new Store(engine, 3), module);
    expect(later.getFunc("run")?.call()).toBe(3);
  });

  test("instances see each other's memory grow", async () => {
    const engine = new Engine();
    const store = new Store(engine, undefined);
    const linker = new Linker<undefined>(engine);
    linker.module(
      store,
      "owner",
      await moduleFromText(
        '(module (memory (export "m") 1) (func (export "grow") (drop (memory.grow (i32.const 1)))))',
        engine,
      ),
    );
    const user = linker.instantiate(
      store,
      await moduleFromText(
        `(module (import "owner" "m" (memory 1)) (import "owner" "grow" (func $grow))
          (func (export "run") (result i32) (call $grow) (i32.store (i32.const 70000) (i32.const 9)) (i32.load (i32.const 70000))))`,
        engine,
      ),
    );
    expect(user.getFunc("run")?.call()).toBe(9);
  });
});

test("a million tail calls take no stack, also through tables and between modules", async () => {
  const engine = new Engine();
  const store = new Store(engine, undefined);
  const linker = new Linker<undefined>(engine);
  const ping = `(module (type $t (func (param i64) (result i64))) (table (export "table") 2 funcref) (elem (i32.const 0) $even)
    (func $even (export "even") (param i64) (result i64)
      (if (result i64) (i64.eqz (local.get 0)) (then (i64.const 1))
        (else (return_call_indirect (type $t) (i64.sub (local.get 0) (i64.const 1)) (i32.const 1))))))`;
  const pong = `(module (type $t (func (param i64) (result i64))) (import "ping" "even" (func $even (param i64) (result i64)))
    (import "ping" "table" (table 2 funcref)) (elem (i32.const 1) $odd)
    (func $odd (export "odd") (param i64) (result i64)
      (if (result i64) (i64.eqz (local.get 0)) (then (i64.const 0))
        (else (return_call $even (i64.sub (local.get 0) (i64.const 1)))))))`;
  linker.module(store, "ping", await moduleFromText(ping, engine));
  const instance = linker.instantiate(store, await moduleFromText(pong, engine));
  expect(instance.getFunc("odd")?.call(1_000_001n)).toBe(1n);
});

describe("entities of the host", () => {
  test("memories, tables and globals check their limits", () => {
    const store = new Store(new Engine(), undefined);
    const memory = new Memory(store, { limits: { min: 1, max: 2 } });
    memory.write(65530, Uint8Array.of(1, 2, 3));
    expect([...memory.read(65530, 3)]).toEqual([1, 2, 3]);
    expect(() => memory.write(65534, Uint8Array.of(1, 2, 3))).toThrow(UsageError);
    expect(memory.grow(1)).toBe(1);
    expect(() => memory.grow(1)).toThrow("cannot grow the memory of 2 pages by 1 (maximum 2)");
    const constant = Global.create(store, i64, -1n);
    expect(() => {
      constant.value = 1n;
    }).toThrow("the global is immutable");
  });

  test("pointers and slices stay valid when the memory grows", () => {
    const memory = new Memory(new Store(new Engine(), undefined), { limits: { min: 1, max: 4 } });
    const pointer = memory.pointer(layouts.u32, 8);
    const slice = memory.slice(layouts.i16, 65534, 2);
    pointer.value = 0xfffefffd;
    slice.set(0, -3);
    expect(() => slice.get(1)).toThrow("element 1 of a slice of 2 i16 at 65534, in a memory of 65536 bytes");
    memory.grow(3);
    slice.set(1, 5);
    expect([pointer.value, pointer.add(1).value, ...slice]).toEqual([0xfffefffd, 0, -3, 5]);
    expect(memory.pointer(layouts.i64, 8).value).toBe(0xfffefffdn);
    expect(() => memory.slice(layouts.f64, -8, 1)).toThrow(UsageError);
  });

  test("unknown options are refused by name", () => {
    expect(() => new Engine({ features: { nonsense: true } as never })).toThrow('unknown feature "nonsense"');
    expect(() => new Engine({ strategy: "magic" as never })).toThrow('unknown strategy "magic"');
    expect(() => new Engine({ features: { "stack-switching": true } })).toThrow(
      '"stack-switching" is not implemented yet',
    );
    expect(() => new Module(new Engine(), 5 as never)).toThrow("must be an ArrayBuffer");
  });
});
