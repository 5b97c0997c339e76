// Vectors on Anywasm and natively: each instruction by itself on operands that matter, and random functions.

import { runInNewContext } from "node:vm";
import { allInstructions, laneCount } from "@anywasm/isa";
import { type Config, Engine, Instance, loadTextParser, type Memory, Module, Store } from "anywasm";
import { describe, expect, test } from "vitest";
import { classicScript } from "./js-api/classic-script.test-support.ts";
import { randomVectorModule } from "./random-vectors.ts";

const parse = await loadTextParser();

const configs: readonly Config[] = [
  { strategy: "baseline" },
  { strategy: "optimizing", int64: "pairs" },
  { strategy: "optimizing", int64: "bigint" },
  { strategy: "optimizing", splitAbove: 12 },
  { strategy: "auto", promoteAfter: 1 },
];

type Exports = Readonly<Record<string, (...args: readonly number[]) => unknown>>;

interface Run {
  readonly memory: Uint8Array;
  readonly call: (name: string, ...args: readonly number[]) => void;
}

function natively(bytes: Uint8Array<ArrayBuffer>): Run {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const memory = exports["memory"] as WebAssembly.Memory;
  return { memory: new Uint8Array(memory.buffer), call: (name, ...args) => void (exports as Exports)[name]?.(...args) };
}

function onAnywasm(bytes: Uint8Array, config: Config): Run {
  const engine = new Engine(config);
  const instance = Instance.create(new Store(engine, undefined), new Module(engine, bytes), () => undefined);
  const memory = instance.getMemory("memory") as Memory;
  return { memory: memory.data, call: (name, ...args) => void instance.getFunc(name)?.call(...args) };
}

/** Bit patterns whose lanes, of any width, are limits, signs, small numbers, NaNs or infinities. */
const patterns = [
  "i32x4 0 0x80000000 0x7fffffff 0xffffffff",
  "i32x4 0x807f00ff 0x01fe7f80 0x80007fff 0x0001ffff",
  "f32x4 1.5 -0 nan:0x200001 -inf",
  "f32x4 3e38 -1e-40 0.5 2147483648",
  "f64x2 -0 nan:0x4000000000001",
  "f64x2 1e300 -4294967296.5",
  "i8x16 0 1 2 3 4 5 6 7 8 15 16 17 31 32 127 128",
  "i64x2 0x8000000000000000 0x7fffffffffffffff",
];
const scalars: Readonly<Record<string, readonly string[]>> = {
  i32: ["0", "1", "7", "33", "-1", "0x80000000"],
  i64: ["-1", "0x80000001"],
  f32: ["-1.5", "nan:0x200001"],
  f64: ["0.1", "nan:0x4000000000001"],
};

/** Stores what an instruction gives for each of some operands, one behind the other. */
function moduleOf({ name, signature, immediates }: (typeof allInstructions)[number]): string {
  const row = allInstructions.find((each) => each.name === name) as (typeof allInstructions)[number];
  const typeNames = new Map([
    [0x7b, "v128"],
    [0x7f, "i32"],
    [0x7e, "i64"],
    [0x7d, "f32"],
    [0x7c, "f64"],
  ]);
  const params = signature?.params.map((type) => typeNames.get(type) ?? "i32") ?? [];
  const result = typeNames.get(signature?.results[0] ?? 0x7b) ?? "v128";
  const lists = params.map((type) => (type === "v128" ? patterns : (scalars[type] ?? [])));
  const tuples = lists.reduce<readonly (readonly string[])[]>(
    (all, list) => all.flatMap((tuple) => list.map((value) => [...tuple, value])),
    [[]],
  );
  const count = immediates === "lane" ? laneCount(row) : 1;
  const lanes = immediates === "lanes" ? "0 17 2 19 31 30 29 28 8 9 10 11 4 4 5 5" : undefined;
  const calls = tuples.flatMap((tuple) =>
    Array.from({ length: count }, (_, lane) => {
      const operands = tuple.map((value, i) => `(${params[i]}.const ${value})`).join(" ");
      return `(${name} ${lanes ?? (immediates === "lane" ? lane : "")} ${operands})`;
    }),
  );
  const stores = calls.map((call, i) => `(${result}.store offset=${16 * i} (i32.const 0) ${call})`);
  // Functions of a few hundred instructions, as engines like them.
  const functions = Array.from({ length: Math.ceil(stores.length / 100) }, (_, i) =>
    stores.slice(100 * i, 100 * (i + 1)).join("\n"),
  );
  return `(module (memory (export "memory") 1)
    ${functions.map((body, i) => `(func $f${i} ${body})`).join("\n")}
    (func (export "run") ${functions.map((_, i) => `(call $f${i})`).join(" ")}))`;
}

/** NaNs that arithmetic gives have any bits. */
function withoutNaNs(bytes: Uint8Array, isSingle: boolean): Float32Array | Float64Array {
  const copy = bytes.slice().buffer;
  return isSingle ? new Float32Array(copy) : new Float64Array(copy);
}

const plain = allInstructions.filter(
  ({ feature, immediates, name }) => feature === "simd" && !immediates.startsWith("memarg") && name !== "v128.const",
);

describe("each instruction does what it does natively", () => {
  test.each(plain.map((row) => [row.name, row] as const))("%s", (name, row) => {
    const bytes = parse(moduleOf(row)) as Uint8Array<ArrayBuffer>;
    const expected = natively(bytes);
    expected.call("run");
    const isOpen = /^f.*\.(add|sub|mul|div|min|max|sqrt|ceil|floor|trunc|nearest|demote|promote)/.test(name);
    for (const config of configs.slice(0, 2)) {
      const { memory, call } = onAnywasm(bytes, config);
      call("run");
      if (isOpen) {
        const isSingle = name.startsWith("f32");
        expect(withoutNaNs(memory, isSingle)).toEqual(withoutNaNs(expected.memory, isSingle));
      } else expect(Buffer.from(memory).equals(expected.memory)).toBe(true);
    }
  });
});

test("so it does in the script whose properties have shorter names, relaxed instructions too", async () => {
  const api = runInNewContext(`delete globalThis.WebAssembly; ${await classicScript()}; globalThis.WebAssembly`, {
    TextDecoder,
    TextEncoder,
  }) as typeof WebAssembly;
  const relaxed = allInstructions.filter(({ feature }) => feature === "relaxed-simd");
  for (const row of [...plain, ...relaxed]) {
    const bytes = parse(moduleOf(row)) as Uint8Array<ArrayBuffer>;
    const { memory, call } = onAnywasm(bytes, { strategy: "baseline" });
    call("run");
    const { exports } = new api.Instance(new api.Module(bytes));
    (exports as Exports)["run"]?.();
    const { buffer } = exports["memory"] as WebAssembly.Memory;
    expect({ name: row.name, isEqual: Buffer.from(buffer).equals(memory) }).toEqual({ name: row.name, isEqual: true });
  }
}, 120_000);

// More with RANDOM_VECTORS=10000; another part of the space with RANDOM_SEED.
const count = Number(process.env["RANDOM_VECTORS"] ?? 40);
const firstSeed = Number(process.env["RANDOM_SEED"] ?? 1);

test(`${count} random functions of vectors do what they do natively`, () => {
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const bytes = parse(randomVectorModule(seed)) as Uint8Array<ArrayBuffer>;
    const fill = ({ memory }: Run): void => {
      for (let i = 0; i < 512; i++) memory[i] = (Math.imul(i + seed, 0x9e3779b1) >>> 24) & 255;
    };
    const expected = natively(bytes);
    fill(expected);
    for (let i = 0; i < 3; i++) expected.call("run", 100 * i);
    for (const config of configs) {
      const run = onAnywasm(bytes, config);
      fill(run);
      for (let i = 0; i < 3; i++) run.call("run", 100 * i);
      expect({ seed, config, memory: Buffer.from(run.memory.subarray(0, 1024)).toString("hex") }).toEqual({
        seed,
        config,
        memory: Buffer.from(expected.memory.subarray(0, 1024)).toString("hex"),
      });
    }
  }
});
