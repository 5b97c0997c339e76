// Exceptions of guests: what handlers see of variables, what they do not catch, and what crosses to the host and back.
import {
  type Config,
  Engine,
  Func,
  Instance,
  i32,
  i64,
  LinkError,
  Linker,
  loadTextParser,
  Module,
  Store,
  Tag,
  Trap,
  UsageError,
  WasmException,
} from "anywasm";
import { describe, expect, test } from "vitest";

const parse = await loadTextParser();

const configs: readonly Config[] = [
  { strategy: "baseline" },
  { strategy: "optimizing" },
  { strategy: "optimizing", int64: "bigint" },
  { strategy: "optimizing", splitAbove: 12 },
  { strategy: "auto", promoteAfter: 1 },
  { strategy: "binaryen" },
];

/** Blocks higher than JavaScript would nest, the table in the innermost: what stands behind each adds its number. */
function tower(height: number, innermost: string): string {
  let code = innermost;
  for (let i = 0; i < height; i++)
    code = `(block $b${i} ${code}) (local.set $x (i32.add (local.get $x) (i32.const ${i})))`;
  return code;
}

const labels = Array.from({ length: 100 }, (_, i) => `$b${i}`).join(" ");

/** Statements enough to be worth a part of their own where functions are split. */
const bulk =
  `(local.set $x (i32.add (local.get $x) (i32.const 1))) (local.set $y (i32.xor (local.get $x) (local.get $y)))`.repeat(
    12,
  );

const text = `(module
  (import "host" "f" (func $f (param i32) (result i32)))
  (tag $e) (tag $all (export "all") (param i32 i64 f32 f64 externref))
  (memory 1)
  (type $nothing (func))
  (func $throw (param i32) (result i32) (if (local.get 0) (then (throw $e))) (i32.const 9))
  (func $none (throw $e))
  (table funcref (elem $none))

  ;; A call that waits for its consumer throws before what comes behind it.
  (func (export "order") (param i32) (result i32) (local $x i32)
    (local.set $x (i32.const 1))
    (block $h (try_table (catch_all $h) (drop (i32.add (call $throw (local.get 0)) (local.tee $x (i32.const 2))))))
    (local.get $x))
  ;; What a branch carries is evaluated before any of it is there.
  (func (export "carry") (param i32) (result i32)
    (i32.const 3) (i32.const 4)
    (loop $l (param i32 i32) (result i32)
      (block $h (try_table (catch_all $h) (i32.const 70) (call $throw (local.get 0)) (br $l)))
      (i32.add (i32.mul (i32.const 10)))))
  (func (export "retry") (param $n i32) (result i32) (local $x i32)
    (loop $l
      (block $h
        (try_table (catch $e $h)
          (local.set $x (i32.add (local.get $x) (i32.const 1)))
          (drop (call $throw (local.get $n)))
          (return (local.get $x))))
      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
      (local.set $x (i32.mul (local.get $x) (i32.const 3)))
      (br $l))
    (unreachable))
  (func (export "split") (param i32) (result i32) (local $x i32) (local $y i32)
    (block $h (try_table (catch_all $h) (if (local.get 0) (then ${bulk} (drop (call $throw (local.get 0))) ${bulk}))))
    (i32.add (local.get $x) (i32.mul (i32.const 100) (local.get $y))))
  (func (export "tower") (param i32) (result i32) (local $x i32)
    (block $h (try_table (catch_all $h)
      ${tower(100, `(br_table ${labels} (local.get 0))`)}
      (drop (call $throw (i32.and (local.get 0) (i32.const 1))))
      (local.set $x (i32.sub (i32.const 0) (local.get $x)))))
    (local.get $x))
  (func (export "in_tower") (param i32) (result i32) (local $x i32)
    ${tower(100, `(try_table (catch $e $b7) (drop (call $throw (local.get 0))) (br $b50))`)}
    (local.get $x))
  (func (export "nested") (param i32) (result i32) (local $x i32)
    ${Array.from({ length: 60 }, (_, i) => `(block $h${i} (try_table (catch_all $h${i})`).join("")}
    (drop (call $throw (local.get 0)))
    ${Array.from({ length: 60 }, () => `(local.set $x (i32.add (local.get $x) (i32.const 1))) (throw $e)))`).join("")}
    (local.get $x))
  (func (export "bits") (param i32 i64) (result i32 i64 i64 i64)
    (local $f f32) (local $d f64)
    (block $h (result i32 i64 f32 f64 externref)
      (try_table (catch $all $h)
        (throw $all (local.get 0) (local.get 1) (f32.reinterpret_i32 (local.get 0))
          (f64.reinterpret_i64 (local.get 1)) (ref.null extern)))
      (unreachable))
    (drop) (local.set $d) (local.set $f)
    (i64.extend_i32_u (i32.reinterpret_f32 (local.get $f)))
    (i64.reinterpret_f64 (local.get $d)))
  (func $skip (export "skip") (param i32) (result i32)
    try $outer (result i32)
      try (result i32)
        try (result i32) (call $throw (local.get 0)) delegate $outer
      catch_all (i32.const 1) end
    catch $e (i32.const 2) end)
  (func (export "to_caller") (param i32) (result i32)
    try (result i32) try (result i32) (call $throw (local.get 0)) delegate 1 catch_all (i32.const 1) end)
  (func (export "tail") (param i32) (result i32)
    (block $h (try_table (catch_all $h) (return_call $throw (local.get 0)))) (i32.const 5))
  (func (export "again") (param i32) (result i32)
    try $t (result i32) (call $throw (local.get 0))
    catch $e
      try (result i32) (rethrow $t)
      catch_all (i32.const 6) end
    end)
  ;; What was caught is read in each turn, between values whose names are used again.
  (func (export "turns") (param i32) (result i32) (local $n i32) (local $s i64)
    try $t (result i32) (call $throw (local.get 0))
    catch_all
      (loop $l
        (if (i32.eq (local.get $n) (i32.const 3)) (then rethrow $t))
        ${"(local.set $s (i64.mul (i64.add (local.get $s) (i64.load (i32.wrap_i64 (local.get $s)))) (i64.const 3)))".repeat(20)}
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br $l))
      (unreachable)
    end)

  ;; Not caught.
  (func (export "trap") (param i32) (result i32)
    (block $h (try_table (catch_all $h)
      (block $3 (block $2 (block $1 (block $0 (br_table $0 $1 $2 $3 (local.get 0)))
        (drop (i32.load (i32.const 65536)))) (drop (i32.div_s (i32.const 1) (i32.const 0))))
        (call_indirect (type $nothing) (i32.const 7)))
      (throw_ref (ref.null exn))))
    (i32.const 1))
  (func $deep (export "deep") (result i32)
    try (result i32) (i32.add (call $deep) (i32.const 1)) catch_all (i32.const 1) end)

  ;; With the host.
  (func (export "catch_all") (param i32) (result i32)
    (block $h (try_table (catch_all $h) (return (call $f (local.get 0))))) (i32.const -1))
  (func (export "again_ref") (param i32) (result i32)
    (block $h (result exnref) (try_table (catch_all_ref $h) (return (call $f (local.get 0)))) (unreachable))
    (throw_ref))
  (func (export "throw_all") (param i32 i64 f32 f64 externref)
    (throw $all (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)))
  (func (export "take") (param exnref))
  (func (export "give") (result exnref) (ref.null exn))
  (global (export "held") (mut exnref) (ref.null exn)))`;

const modules = new Map<Config, Promise<Module>>();

function moduleOf(config: Config): Promise<Module> {
  let module = modules.get(config);
  if (module === undefined) modules.set(config, (module = Module.compile(new Engine(config), parse(text))));
  return module;
}

async function instantiate(config: Config, f: (value: number, store: Store) => number = (value) => value) {
  const module = await moduleOf(config);
  const store = new Store(module.engine, undefined);
  return Instance.create(store, module, { host: { f: Func.wrap(store, [i32], [i32], (value) => f(value, store)) } });
}

function caughtFrom(action: () => unknown): unknown {
  try {
    return ["returned", action()];
  } catch (error) {
    return error;
  }
}

describe.each(configs)("%j", (config) => {
  test.each<readonly [name: string, expected: readonly (readonly [argument: number, result: number | "exception"])[]]>([
    [
      "order",
      [
        [1, 1],
        [0, 2],
      ],
    ],
    ["carry", [[1, 43]]],
    [
      "retry",
      [
        [0, 1],
        [3, 40],
      ],
    ],
    [
      "split",
      [
        [1, 1212],
        [0, 0],
      ],
    ],
    [
      "tower",
      [
        [0, -4950],
        [1, 4950],
        [98, -197],
        [99, 99],
        [500, -99],
      ],
    ],
    [
      "in_tower",
      [
        [1, 4929],
        [0, 3725],
      ],
    ],
    ["nested", [[1, 59]]],
    [
      "skip",
      [
        [0, 9],
        [1, 2],
      ],
    ],
    [
      "to_caller",
      [
        [0, 9],
        [1, "exception"],
      ],
    ],
    [
      "tail",
      [
        [0, 9],
        [1, "exception"],
      ],
    ],
    [
      "turns",
      [
        [0, 9],
        [1, "exception"],
      ],
    ],
    [
      "again",
      [
        [0, 9],
        [1, 6],
      ],
    ],
  ])("%s", async (name, expected) => {
    const func = (await instantiate(config)).getFunc(name) as Func;
    // Often enough to be compiled again.
    for (let turn = 0; turn < 3; turn++)
      for (const [argument, result] of expected) {
        const got = caughtFrom(() => func.call(argument));
        if (result === "exception") expect(got).toBeInstanceOf(WasmException);
        else expect([argument, got]).toEqual([argument, ["returned", result]]);
      }
  });

  test("words of all types arrive as they were sent", async () => {
    const bits = (await instantiate(config)).getFunc("bits") as Func;
    // A signalling NaN of either width.
    expect(bits.call(0x7fa00001, 0x7ff4000000000001n)).toEqual([
      0x7fa00001,
      0x7ff4000000000001n,
      0x7fa00001n,
      0x7ff4000000000001n,
    ]);
    expect(bits.call(-5, -2n)).toEqual([-5, -2n, 0xfffffffbn, -2n]);
  });

  test("traps and the stack's end are not caught", async () => {
    const instance = await instantiate(config);
    const codes = ["memory_out_of_bounds", "integer_divide_by_zero", "undefined_element", "null_exception_reference"];
    for (const [argument, code] of codes.entries()) {
      // Which trap it is, an optimizer of modules may change.
      const expected = config.strategy === "binaryen" ? { name: "Trap" } : { name: "Trap", code };
      expect(caughtFrom(() => instance.getFunc("trap")?.call(argument))).toMatchObject(expected);
    }
    expect(caughtFrom(() => instance.getFunc("deep")?.call())).toMatchObject({ name: "Trap", code: "stack_overflow" });
  });

  test("what a host function throws is caught, and is itself when it leaves", async () => {
    for (const thrown of [new RangeError("Offset is outside the bounds of the DataView"), "text", undefined, null, 0]) {
      const instance = await instantiate(config, () => {
        throw thrown;
      });
      expect(instance.getFunc("catch_all")?.call(0)).toBe(-1);
      expect(caughtFrom(() => instance.getFunc("again_ref")?.call(0))).toBe(thrown);
    }
  });

  test("a trap that comes by way of the host is still one", async () => {
    let inner: Instance | undefined;
    const instance = await instantiate(config, () => inner?.getFunc("trap")?.call(1) as number);
    inner = instance;
    expect(caughtFrom(() => instance.getFunc("catch_all")?.call(0))).toMatchObject({ code: "integer_divide_by_zero" });
    const endless = (): number => endless() + 1;
    const deep = await instantiate(config, endless);
    expect(caughtFrom(() => deep.getFunc("catch_all")?.call(0))).toBeInstanceOf(RangeError);
  });
});

describe("in the embedding API", () => {
  const values = [-1, 1n << 40n, 0.5, Math.PI, { any: "thing" }] as const;

  test("an exception has a tag and values, and is the same however often it crosses", async () => {
    let seen: unknown;
    const instance: Instance = await instantiate({}, (argument) => {
      if (argument === 1) throw seen;
      seen = caughtFrom(() => instance.getFunc("throw_all")?.call(...values));
      throw seen;
    });
    const caught = caughtFrom(() => instance.getFunc("again_ref")?.call(0)) as WasmException;
    expect(caught).toBeInstanceOf(WasmException);
    expect(caught).toBe(seen);
    expect(caught.code).toBe("exception");
    expect(caught.tag).toBe(instance.getTag("all"));
    expect(caught.tag.params.map(({ name }) => name)).toEqual(["i32", "i64", "f32", "f64", "externref"]);
    expect(caught.values).toEqual(values);
    expect(caughtFrom(() => instance.getFunc("again_ref")?.call(1))).toBe(seen);
  });

  test("host and guest throw each other's tags; another of the same type is another", async () => {
    const engine = new Engine();
    const store = new Store(engine, undefined);
    const source = `(module (import "m" "tag" (tag $t (param i32 i64))) (import "m" "f" (func $f)) (export "tag" (tag $t))
      (func (export "run") (result i32 i64)
        (block $h (result i32 i64) (try_table (catch $t $h) (call $f)) (i32.const 0) (i64.const 0))))`;
    const tag = new Tag(store, [i32, i64]);
    const other = new Tag(store, [i32, i64]);
    let thrown = new WasmException(tag, [7, -1n]);
    const linker = new Linker<undefined>(engine).define("m", "tag", tag).func("m", "f", [], [], () => {
      throw thrown;
    });
    const instance = linker.instantiate(store, new Module(engine, parse(source)));
    expect(instance.exports["tag"]).toBe(tag);
    expect(instance.getFunc("run")?.call()).toEqual([7, -1n]);
    thrown = new WasmException(other, [7, -1n]);
    expect(caughtFrom(() => instance.getFunc("run")?.call())).toBe(thrown);
  });

  test("the tag of host errors carries the value that was thrown, and throws it", async () => {
    const engine = new Engine();
    const store = new Store(engine, undefined);
    const source = `(module (import "m" "js" (tag $js (param externref))) (import "m" "f" (func $f))
      (func (export "run") (result externref)
        (block $h (result externref) (try_table (catch $js $h) (call $f)) (ref.null extern)))
      (func (export "throw") (param externref) (throw $js (local.get 0))))`;
    const error = new Error("of the host");
    const instance = Instance.create(store, new Module(engine, parse(source)), {
      m: {
        js: Tag.ofHostErrors(store),
        f: () => {
          throw error;
        },
      },
    });
    expect(instance.getFunc("run")?.call()).toBe(error);
    expect(caughtFrom(() => instance.getFunc("throw")?.call("text"))).toBe("text");
    expect(() => new WasmException(Tag.ofHostErrors(store), [error])).toThrow(UsageError);
  });

  test("tags are matched by their types when linking", () => {
    const engine = new Engine();
    const store = new Store(engine, undefined);
    const module = new Module(engine, parse(`(module (import "m" "t" (tag (param i32))))`));
    const link = (item: Tag | Func): Instance => Instance.create(store, module, { m: { t: item } });
    expect(link(new Tag(store, [i32]))).toBeInstanceOf(Instance);
    expect(() => link(new Tag(store, [i64]))).toThrow(LinkError);
    expect(() => link(new Tag(store, [i64]))).toThrow(/incompatible import type/);
    expect(() => link(Func.wrap(store, [], [], () => undefined))).toThrow(/must be a tag, but is a function/);
    expect(() => link(new Tag(new Store(engine, undefined), [i32]))).toThrow(/another store/);
    expect(() => new WasmException(new Tag(store, [i32]), [])).toThrow(UsageError);
    expect(() => new WasmException(new Tag(store, [i32]), [1n])).toThrow(UsageError);
  });

  test("references to exceptions do not cross", async () => {
    const instance = await instantiate({});
    expect(() => instance.getFunc("take")?.call(null)).toThrow(UsageError);
    expect(() => instance.getFunc("give")?.call()).toThrow(/exnref cannot cross/);
    expect(() => instance.getGlobal("held")?.value).toThrow(UsageError);
  });

  test("errors of this library are beyond handlers", async () => {
    const error = new UsageError("wrong_type", "made by the host");
    const instance = await instantiate({}, () => {
      throw error;
    });
    expect(caughtFrom(() => instance.getFunc("catch_all")?.call(0))).toBe(error);
    expect(caughtFrom(() => instance.getFunc("trap")?.call(0))).toBeInstanceOf(Trap);
  });
});
