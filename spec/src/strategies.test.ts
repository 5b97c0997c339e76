// Strategies of compiling, where they can be told apart from outside.
import { type Config, ConfigError, Engine, Instance, loadTextParser, Module, Store, Trap } from "anywasm";
import { describe, expect, test } from "vitest";

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

function functionOf(module: Module, name: string): (...args: readonly number[]) => number {
  const func = Instance.create(new Store(module.engine, undefined), module, () => undefined).getFunc(name);
  if (func === undefined) throw new Error(`no function ${name}`);
  return (...args) => func.call(...args) as number;
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

test.each([
  [{ strategy: "fast" }, /unknown strategy "fast"; known: auto, baseline, optimizing, binaryen/],
  [{ int64: "words" }, /unknown int64 "words"/],
  [{ promoteAfter: -1 }, /promoteAfter must be a whole number/],
  [{ splitAbove: 1.5 }, /splitAbove must be a whole number/],
])("%o is refused", (config, message) => {
  expect(() => new Engine(config as Config)).toThrow(ConfigError);
  expect(() => new Engine(config as Config)).toThrow(message);
});

test("a function that loops over 64-bit integers is optimized from the start", async () => {
  const tierOf = async (config: Config): Promise<string> => (await moduleOf(config)).compileFunction(2).source;
  const optimized = await tierOf({ strategy: "optimizing", int64: "bigint" });
  expect(await tierOf({ strategy: "auto", int64: "bigint" })).toBe(optimized);
  expect(await tierOf({ strategy: "baseline", int64: "bigint" })).not.toBe(optimized);
  expect(await tierOf({ strategy: "auto", int64: "pairs" })).toContain("self.budget");
});
