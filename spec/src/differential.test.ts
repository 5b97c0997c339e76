// Random modules on Anywasm and on this process's own WebAssembly: same results, same traps, same state left behind.
import {
  type Config,
  Engine,
  type Global,
  Instance,
  loadTextParser,
  type Memory,
  Module,
  Store,
  Trap,
  WasmException,
} from "anywasm";
import { expect, test } from "vitest";
import { type ExceptionForm, randomModule } from "./random-module.ts";

/** What a run leaves to see. All NaNs look alike: their bits are open. */
interface Trace {
  readonly result: unknown;
  readonly globals: readonly unknown[];
  readonly pages: number;
  readonly memory: number;
}

const args = [3, -5n, 1.5, -2.25] as const;
const globalNames = ["g_i32", "g_i64", "g_f32", "g_f64"] as const;

/** Messages of engines by what they mean in the specification. */
function trapKind(message: string): string {
  if (/divide by zero|remainder by zero/.test(message)) return "divide by zero";
  if (/unrepresentable|integer overflow|invalid conversion/.test(message)) return "overflow or invalid conversion";
  if (/memory access/.test(message)) return "memory";
  if (/table|element|signature|null function|function signature|indirect/.test(message)) return "indirect call";
  return message;
}

function hash(bytes: Uint8Array): number {
  let value = 0x811c9dc5;
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193);
  return value;
}

interface Exception {
  is(tag: unknown): boolean;
  getArg(tag: unknown, position: number): unknown;
}

const { Exception: NativeException } = WebAssembly as unknown as { readonly Exception: new () => Exception };

/** What an exception carries. */
function thrownBy(error: Exception, { e0, e1 }: Readonly<Record<string, unknown>>): unknown {
  return error.is(e0) ? [] : [0, 1, 2].map((position) => error.getArg(e1, position));
}

function onNative(bytes: Uint8Array): Trace {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)));
  let result: unknown;
  try {
    result = (exports["run"] as (...values: readonly unknown[]) => unknown)(...args);
  } catch (error) {
    if (error instanceof NativeException) result = thrownBy(error, exports);
    else if (error instanceof WebAssembly.RuntimeError) result = trapKind(error.message);
    else throw error;
  }
  const { buffer } = exports["memory"] as WebAssembly.Memory;
  const globals = globalNames.map((name) => (exports[name] as WebAssembly.Global).value as unknown);
  return { result, globals, pages: buffer.byteLength / 65536, memory: hash(new Uint8Array(buffer)) };
}

/** Ways of compiling; functions of `auto` are compiled again while the module runs. */
const configs: readonly Config[] = [
  { strategy: "baseline" },
  { strategy: "optimizing", int64: "pairs" },
  { strategy: "optimizing", int64: "bigint" },
  { strategy: "auto", promoteAfter: 1, splitAbove: 100 },
];

function onAnywasm(bytes: Uint8Array, config: Config): Trace {
  const engine = new Engine(config);
  const instance = Instance.create(new Store(engine, undefined), new Module(engine, bytes), () => undefined);
  let result: unknown;
  try {
    result = instance.getFunc("run")?.call(...args);
  } catch (error) {
    if (error instanceof WasmException) result = error.values;
    else if (error instanceof Trap) result = trapKind(error.message);
    else throw error;
  }
  const memory = instance.getMemory("memory") as Memory;
  const globals = globalNames.map((name) => (instance.getGlobal(name) as Global).value);
  return { result, globals, pages: memory.size, memory: hash(memory.data) };
}

// More with RANDOM_MODULES=100000; another part of the space with RANDOM_SEED.
const count = Number(process.env["RANDOM_MODULES"] ?? 1500);
const firstSeed = Number(process.env["RANDOM_SEED"] ?? 1);

test(
  `${count} random modules do on Anywasm what they do natively`,
  async () => {
    const parse = await loadTextParser();
    const hasWide = WebAssembly.validate(Uint8Array.from(parse("(module (memory i64 1))")));
    let completed = 0;
    for (let seed = firstSeed; seed < firstSeed + count; seed++) {
      const bytes = parse(randomModule(seed, hasWide && seed % 3 === 0 ? "i64" : "i32"));
      const expected = onNative(bytes);
      if (typeof expected.result === "bigint") completed++;
      for (const config of configs)
        expect({ seed, config, ...onAnywasm(bytes, config) }).toEqual({ seed, config, ...expected });
    }
    // Modules that all trap at once would compare little.
    expect(completed / count).toBeGreaterThan(0.2);
  },
  Math.max(120_000, 200 * count),
);

// Node 20 has the legacy form only; what modules do does not depend on the form.
const forms: readonly (readonly [form: ExceptionForm, native: ExceptionForm])[] = [
  ["try_table", "legacy"],
  ["legacy", "legacy"],
  ["delegating", "delegating"],
];

const exceptionCount = Math.ceil(count / 10);

test.each(forms)(
  `${exceptionCount} random modules with exceptions (%s) do what they do natively`,
  async (form, native) => {
    const parse = await loadTextParser();
    let completed = 0;
    for (let seed = firstSeed; seed < firstSeed + exceptionCount; seed++) {
      const expected = onNative(parse(randomModule(seed, "i32", native)));
      if (typeof expected.result !== "string") completed++;
      const bytes = parse(randomModule(seed, "i32", form));
      for (const config of configs)
        expect({ seed, config, ...onAnywasm(bytes, config) }).toEqual({ seed, config, ...expected });
    }
    expect(completed / exceptionCount).toBeGreaterThan(0.2);
  },
);
