// Strategies of compiling, where they can be told apart from outside.
import {
  type Config,
  ConfigError,
  Engine,
  Func,
  Instance,
  i32,
  i64,
  loadTextParser,
  Module,
  Store,
  Trap,
} from "anywasm";
import { describe, expect, test, vi } from "vitest";

const text = `(module
  (memory 1)
  (func $load (param $at i32) (result i32) (i32.load (local.get $at)))
  (func (export "sum") (param $from i32) (param $n i32) (result i32) (local $sum i32)
    (loop $next
      (local.set $sum (i32.add (local.get $sum) (call $load (local.get $from))))
      (local.set $from (i32.add (local.get $from) (i32.const 4)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  (func (export "mix") (param $n i32) (result i32) (local $x i64)
    (loop $next
      (local.set $x (i64.add (i64.mul (local.get $x) (i64.const 6364136223846793005)) (i64.const 1442695040888963407)))
      (local.set $x (i64.xor (local.get $x) (i64.rotl (local.get $x) (i64.const 23))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i32.wrap_i64 (i64.shr_u (local.get $x) (i64.const 32)))))`;

function functionOf(module: Module, name: string): (...args: readonly number[]) => unknown {
  const func = Instance.create(new Store(module.engine, undefined), module, () => undefined).getFunc(name);
  if (func === undefined) throw new Error(`no function ${name}`);
  return (...args) => func.call(...args);
}

async function moduleOf(config: Config): Promise<Module> {
  const parse = await loadTextParser();
  return Module.compile(new Engine(config), parse(text));
}

/** What the engine's own WebAssembly makes of `mix`. */
async function nativeMix(n: number): Promise<number> {
  const bytes = Uint8Array.from((await loadTextParser())(text));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  return (exports["mix"] as (n: number) => number)(n);
}

const configs: readonly Config[] = [
  { strategy: "baseline" },
  { strategy: "optimizing" },
  { strategy: "optimizing", int64: "pairs" },
  { strategy: "optimizing", int64: "bigint" },
  { strategy: "optimizing", splitAbove: 4 },
  { strategy: "auto", promoteAfter: 2 },
  { strategy: "binaryen" },
];

describe.each(configs)("$strategy $int64 $splitAbove $promoteAfter", (config) => {
  test("gives the same results, call after call", async () => {
    const module = await moduleOf(config);
    const mix = functionOf(module, "mix");
    expect(Array.from({ length: 8 }, () => mix(1000))).toEqual(Array(8).fill(await nativeMix(1000)));
  });

  test("a trap inside of what may have been inlined tells function and offset", async () => {
    const module = await moduleOf(config);
    const sum = functionOf(module, "sum");
    for (let i = 0; i < 5; i++) expect(sum(0, 10)).toBe(0);
    let trap: unknown;
    try {
      sum(65530, 3);
    } catch (error) {
      trap = error;
    }
    expect(trap).toBeInstanceOf(Trap);
    const frames = (trap as Trap).frames.map(({ functionName }) => functionName);
    // binaryen puts the function into its caller before we see it.
    expect(frames).toEqual(config.strategy === "binaryen" ? ["sum"] : ["load", "sum"]);
    expect((trap as Trap).frames[0]?.moduleOffset).toBeGreaterThan(0);
  });
});

describe.each(configs)("calls through a table, $strategy $int64 $splitAbove $promoteAfter", (config) => {
  const tables = `(module
    (import "" "host" (func $host (param i32 i64) (result i64)))
    (type $t (func (param i32 i64) (result i64)))
    (table $table (export "table") 8 funcref)
    (elem (i32.const 1) $add $host $other $last)
    (memory 1)
    (global $calls (mut i32) (i32.const 0))
    (func $add (type $t) (i64.add (local.get 1) (i64.extend_i32_s (local.get 0))))
    (func $last (type $t)
      (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (if (i32.eqz (local.get 0)) (then unreachable))
      (i64.shl (local.get 1) (i64.const 8)))
    (func $other (param i32))
    (func (export "calls") (result i32) (global.get $calls))
    (func (export "move") (param i32 i32) (table.set $table (local.get 0) (table.get $table (local.get 1))))
    (func (export "through") (param $position i32) (param $n i32) (param $x i64) (result i64)
      (call_indirect (type $t) (local.get $n) (i64.add (local.get $x) (i64.const 1)) (local.get $position))))`;

  test("finds what the table holds now", async () => {
    const parse = await loadTextParser();
    const module = await Module.compile(new Engine(config), parse(tables));
    const store = new Store(module.engine, undefined);
    const host = Func.wrap(store, [i32, i64], [i64], (n, x) => BigInt(n) * x);
    const instance = Instance.create(store, module, () => host);
    const call = (name: string, ...args: readonly unknown[]): unknown => instance.getFunc(name)?.call(...args);
    const through = (position: number, n = 3): unknown => call("through", position, n, 2n ** 32n);
    const codeOf = (f: () => unknown): unknown => {
      try {
        return f();
      } catch (error) {
        return (error as Trap).code;
      }
    };
    const all = (): unknown[] => [0, 1, 2, 3, 4, 5, 8, -1].map((position) => codeOf(() => through(position)));
    const [added, multiplied, shifted] = [2n ** 32n + 4n, 3n * (2n ** 32n + 1n), (2n ** 32n + 1n) << 8n];
    const none = "uninitialized_element";
    const [wrong, outside] = ["indirect_call_type_mismatch", "undefined_element"];
    const before = [none, added, multiplied, wrong, shifted, none, outside, outside];
    for (let i = 0; i < 4; i++) expect(all()).toEqual(before);
    call("move", 1, 4);
    call("move", 2, 3);
    call("move", 4, 0);
    call("move", 5, 1);
    const after = [none, shifted, wrong, wrong, none, shifted, outside, outside];
    for (let i = 0; i < 4; i++) expect(all()).toEqual(after);
    expect(codeOf(() => through(1, 0))).toBe("unreachable");
    expect(call("calls")).toBe(13);
  });
});

test("functions that are called often are compiled again, and their code replaced for all who call them", async () => {
  const module = await moduleOf({ strategy: "auto", promoteAfter: 3 });
  const tiers: string[] = [];
  const compile = module.compileFunction.bind(module);
  module.compileFunction = (index, tier, positions) => {
    tiers.push(`${index} ${tier}`);
    return compile(index, tier, positions);
  };
  const sum = functionOf(module, "sum");
  sum(0, 2);
  expect(tiers).toEqual(["1 baseline", "0 baseline"]);
  sum(0, 2);
  sum(0, 2);
  expect(tiers.slice(2)).toContain("1 optimizing");
  const count = tiers.length;
  for (let i = 0; i < 20; i++) sum(0, 2);
  expect(tiers.length).toBe(count);
});

function caughtFrom(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("code that calls a function that is promoted", () => {
  /** `outer` stays as it is, `deep` comes from text that nests too deep, all others are promoted soon. */
  const text = (): string => `(module (table funcref (elem $pair $fail))
    (type $walk (func (param i64 i32) (result i64)))
    (func $pair (type $walk) (local $i i32)
      (loop $next
        (local.set 0 (i64.mul (local.get 0) (i64.const 0x100000003)))
        (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get 1))))
      (local.get 0))
    (func $fail (export "fail") (type $walk)
      (if (i32.gt_s (local.get 1) (i32.const 30)) (then unreachable))
      (call $pair (local.get 0) (local.get 1)))
    (func $tail (type $walk)
      (if (i32.eqz (local.get 1)) (then (return (local.get 0))))
      (return_call $tail (i64.add (local.get 0) (i64.const 1)) (i32.sub (local.get 1) (i32.const 1))))
    (func $deep (type $walk)
      ${"(block ".repeat(300)}
      (local.set 0 (call $pair (local.get 0) (local.get 1)))
      ${")".repeat(300)}
      (local.get 0))
    (func $outer (export "outer") (param $n i32) (result i64) (local $x i64)
      (local.set $x (i64.extend_i32_u (local.get $n)))
      (local.set $x (i64.add (local.get $x) (call $pair (local.get $x) (local.get $n))))
      (local.set $x (i64.add (local.get $x) (call $deep (local.get $x) (local.get $n))))
      (local.set $x (i64.add (local.get $x) (call $tail (local.get $x) (local.get $n))))
      (i64.add (local.get $x)
        (call_indirect (type $walk) (local.get $x) (local.get $n) (i32.const 1)))))`;
  const calls = [1, 7, 30, 2, 30, 30, 30, 30, 5, 30, 30, 30, 9];

  function run(config: Config, bytes: Uint8Array): readonly unknown[] {
    const outer = functionOf(new Module(new Engine(config), bytes), "outer");
    return calls.map((n) => outer(n));
  }

  test.each([
    { strategy: "baseline" },
    { strategy: "auto", promoteAfter: 8 },
    { strategy: "auto", promoteAfter: 40 },
  ] as const)("goes on there: %o", async (config) => {
    const bytes = (await loadTextParser())(text());
    const expected = run({ strategy: "optimizing" }, bytes);
    expect(run(config, bytes)).toEqual(expected);
  });

  test("calls what is never replaced, so that engines need not compile it again", async () => {
    const bytes = (await loadTextParser())(text());
    const module = new Module(new Engine({ strategy: "auto" }), bytes);
    for (const index of [1, 3, 4]) {
      const { source } = module.compileFunction(index, "baseline");
      expect(source).toMatch(/\.first\(/);
      expect(source.match(/\.code\(/g)).toHaveLength(1);
    }
    expect(module.compileFunction(1, "optimizing").source).not.toMatch(/\.first\(/);
  });

  test("a trap tells of each call once", async () => {
    const bytes = (await loadTextParser())(text());
    const module = new Module(new Engine({ strategy: "auto", promoteAfter: 8 }), bytes);
    const instance = Instance.create(new Store(module.engine, undefined), module, () => undefined);
    for (let i = 0; i < 20; i++) instance.getFunc("fail")?.call(1n, 1);
    const trap = caughtFrom(() => instance.getFunc("outer")?.call(31)) as Trap;
    expect(trap.frames.map(({ functionName }) => functionName)).toEqual(["fail", "outer"]);
  });
});

test("functions that nest too deep for text are promoted as well", async () => {
  const depth = 300;
  const open = "(block ".repeat(depth);
  const close =
    "(br_if 0 (i32.lt_s (local.get $n) (i32.const 3))) (local.set $n (i32.add (local.get $n) (i32.const 1))))";
  const bytes = (await loadTextParser())(`(module (func (export "f") (param $n i32) (result i32) (local $i i32)
    (loop $next ${open} ${close.repeat(depth)}
      (br_if $next (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 5))))
    (local.get $n)))`);
  const module = new Module(new Engine({ strategy: "auto", promoteAfter: 20 }), bytes);
  const tiers: (string | undefined)[] = [];
  const compile = module.compileFunction.bind(module);
  module.compileFunction = (index, tier, positions) => {
    tiers.push(tier);
    return compile(index, tier, positions);
  };
  const f = functionOf(module, "f");
  for (let i = 0; i < 15; i++) expect(f(i)).toBe(i < 3 ? i : i + 5 * depth);
  expect(tiers).toEqual(["baseline", "optimizing"]);
});

describe("a long function is compiled again", () => {
  const nops = "nop ".repeat(9000);
  const text = `(module (func (export "f") (param $n i32)
    ${nops}
    (loop $next (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))`;

  /** The tiers that compile it when it is asked a dozen times, after so many milliseconds of 200,000 turns each. */
  async function tiersAt(milliseconds: number): Promise<readonly unknown[]> {
    const module = new Module(new Engine({ strategy: "auto" }), (await loadTextParser())(text));
    const tiers: unknown[] = [];
    const compile = module.compileFunction.bind(module);
    module.compileFunction = (index, tier, positions) => {
      tiers.push(tier);
      return compile(index, tier, positions);
    };
    const f = functionOf(module, "f");
    let now = 0;
    const clock = vi.spyOn(Date, "now").mockImplementation(() => (now += milliseconds));
    for (let i = 0; i < 12; i++) f(200_001);
    clock.mockRestore();
    return tiers;
  }

  test("where its turns are slow", async () => expect(await tiersAt(150)).toEqual(["baseline", "optimizing"]));
  test("not yet where they are fast", async () => expect(await tiersAt(1)).toEqual(["baseline"]));
  test("not yet where time goes elsewhere", async () => expect(await tiersAt(1500)).toEqual(["baseline"]));
});

test.each([
  [{ strategy: "fast" }, /unknown strategy "fast"; known: auto, baseline, optimizing, binaryen/],
  [{ int64: "words" }, /unknown int64 "words"/],
  [{ promoteAfter: -1 }, /promoteAfter must be a whole number/],
  [{ splitAbove: 1.5 }, /splitAbove must be a whole number/],
])("%o is refused", (config, message) => {
  expect(() => new Engine(config as Config)).toThrow(ConfigError);
  expect(() => new Engine(config as Config)).toThrow(message);
});

describe("a loop that is under way goes on in better code", () => {
  // Every turn asks; what is not resumed goes on as it is.
  const loops: Readonly<Record<string, string>> = {
    "in blocks, with locals of all types": `(func (export "f") (param $n i32) (result i64)
      (local $x i64) (local $y f64) (local $z f32) (local $r externref)
      (local.set $y (f64.const 0.5)) (local.set $x (i64.const 7))
      (block $out
        (block $inner
          (loop $next
            (br_if $out (i32.eqz (local.get $n)))
            (local.set $x (i64.add (i64.mul (local.get $x) (i64.const 6364136223846793005)) (i64.const 1)))
            (local.set $y (f64.add (local.get $y) (f64.convert_i32_s (local.get $n))))
            (local.set $z (f32.sub (local.get $z) (f32.const 0.25)))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $inner (i32.eq (local.get $n) (i32.const -7)))
            (br $next)))
        (local.set $x (i64.const 1)))
      (i64.xor (local.get $x)
        (i64.add (i64.reinterpret_f64 (local.get $y)) (i64.trunc_f32_s (local.get $z)))))`,
    "with another inside, and behind it": `(func (export "f") (param $n i32) (result i64) (local $i i32) (local $sum i64)
      (loop $outer
        (local.set $i (local.get $n))
        (loop $inner
          (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (local.get $i))))
          (br_if $inner (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
        (br_if $outer (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (loop $last
        (local.set $sum (i64.rotl (local.get $sum) (i64.const 3)))
        (br_if $last (i32.lt_s (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 9))))
      (local.get $sum))`,
    "that calls its own function": `(func $f (export "f") (param $n i32) (result i64) (local $sum i64)
      (loop $next
        (if (i32.gt_s (local.get $n) (i32.const 0)) (then
          (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 3)) (call $f (i32.shr_s (local.get $n) (i32.const 1)))))
          (local.set $n (i32.sub (local.get $n) (i32.const 3)))
          (br $next))))
      (i64.add (local.get $sum) (i64.const 1)))`,
    "with something on the stack": `(func (export "f") (param $n i32) (result i64) (local $x i64)
      (i64.add (i64.extend_i32_s (i32.mul (local.get $n) (i32.const 5)))
        (loop $next (result i64)
          (local.set $x (i64.add (local.get $x) (i64.const 3)))
          (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1))))
          (local.get $x))))`,
  };
  test.each(Object.entries(loops))("%s", async (_name, func) => {
    const bytes = (await loadTextParser())(`(module ${func})`);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)));
    const native = exports["f"] as (n: number) => bigint;
    for (const promoteAfter of [1, 2, 5, 20, 21])
      for (const int64 of ["pairs", "bigint"] as const) {
        const module = new Module(new Engine({ strategy: "auto", promoteAfter, int64 }), bytes);
        const run = functionOf(module, "f");
        for (const n of [40, 9, 40]) expect(run(n)).toBe(native(n));
      }
  });

  test("once, where nothing but locals is alive", async () => {
    const taken = async (func: string): Promise<readonly string[]> => {
      const module = new Module(
        new Engine({ strategy: "auto", promoteAfter: 20 }),
        (await loadTextParser())(`(module ${func})`),
      );
      const labels: string[] = [];
      const evaluateFrom = module.evaluateFrom.bind(module);
      module.evaluateFrom = (index, label) => {
        const evaluated = evaluateFrom(index, label);
        labels.push(`${label}: ${evaluated !== undefined}`);
        return evaluated;
      };
      functionOf(module, "f")(100);
      return labels;
    };
    expect(await taken(loops["in blocks, with locals of all types"] ?? "")).toEqual(["3: true"]);
    expect(await taken(loops["with something on the stack"] ?? "")).toEqual(["1: false"]);
  });

  test("the text of many such loops stays short", async () => {
    const locals = "(local i64) ".repeat(60);
    const loops = "(loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))".repeat(200);
    const bytes = (await loadTextParser())(`(module (func (param i32) ${locals} ${loops}))`);
    const { source } = new Module(new Engine({ strategy: "auto" }), bytes).compileFunction(0, "baseline");
    expect(source.match(/promoteFrom\(0\)|resumeAt\(/g)).toHaveLength(200);
    expect(source.match(/resumeAt\(/g)).toHaveLength(33);
    expect(source.length).toBeLessThan(100_000);
  });

  test("a trap in there tells where it was", async () => {
    const bytes = (await loadTextParser())(`(module (memory 1)
      (func $walk (param $at i32)
        (loop $next
          (drop (i32.load (local.tee $at (i32.add (local.get $at) (i32.const 1000)))))
          (br $next)))
      (func $start (export "f") (call $walk (i32.const 0))))`);
    const framesOf = (config: Config): unknown => {
      const run = functionOf(new Module(new Engine(config), bytes), "f");
      try {
        run();
      } catch (error) {
        return (error as Trap).frames;
      }
      throw new Error("no trap");
    };
    const frames = framesOf({ strategy: "baseline" });
    expect(frames).toMatchObject([{ functionName: "walk" }, { functionName: "start" }]);
    expect(framesOf({ strategy: "auto", promoteAfter: 10 })).toEqual(frames);
  });
});
