// Random modules of structures, arrays and casts: what every way of compiling makes of them is the same, and what they do natively
// where this process's own WebAssembly knows garbage collection.
import { type Config, type Instance, Trap } from "anywasm";
import { expect, test } from "vitest";
import { configs, instantiate, parse } from "./objects.test-support.ts";
import { randomObjectModule } from "./random-objects.ts";

/** Messages of engines by what they mean in the specification. */
function trapKind(message: string): string {
  if (/cast/.test(message)) return "cast";
  if (/null/.test(message)) return "null";
  if (/bounds/.test(message)) return "bounds";
  return message;
}

type Run = (n: number) => unknown;

/** What calls give one after the other; objects stay between them. */
function traceOf(run: Run): unknown[] {
  return [3, 3, 0, -7, 100, 5].map((n) => {
    try {
      return run(n);
    } catch (error) {
      if (error instanceof Trap || error instanceof WebAssembly.RuntimeError) return trapKind(error.message);
      throw error;
    }
  });
}

function onAnywasm(text: string, config: Config): unknown[] {
  const instance: Instance = instantiate(config, text);
  return traceOf((n) => instance.getFunc("run")?.call(n));
}

function natively(text: string): unknown[] {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(parse(text))));
  return traceOf(exports["run"] as Run);
}

const isNative = WebAssembly.validate(Uint8Array.from(parse("(module (type (struct)) (type (array i32)))")));

// More with RANDOM_OBJECTS=10000; another part of the space with RANDOM_SEED.
const count = Number(process.env["RANDOM_OBJECTS"] ?? 150);
const firstSeed = Number(process.env["RANDOM_SEED"] ?? 1);

test(
  `${count} random modules of objects do the same however they are compiled${isNative ? ", and natively" : ""}`,
  () => {
    let completed = 0;
    for (let seed = firstSeed; seed < firstSeed + count; seed++) {
      const text = randomObjectModule(seed);
      const [first, ...others] = configs as readonly [Config, ...Config[]];
      const expected = isNative ? natively(text) : onAnywasm(text, first);
      completed += expected.filter((result) => typeof result === "number").length;
      for (const config of isNative ? configs : others)
        expect({ seed, config, results: onAnywasm(text, config) }).toEqual({ seed, config, results: expected });
    }
    // Modules that all trap at once would compare little.
    expect(completed / count / 6).toBeGreaterThan(0.5);
  },
  Math.max(120_000, 400 * count),
);
