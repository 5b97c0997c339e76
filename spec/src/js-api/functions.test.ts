// Functions across the border: identity, conversions, exceptions and traps. Each scenario runs on the engine's own object
// too and must give the same.
import { WebAssembly as ours } from "anywasm/js-api";
import { expect, test } from "vitest";
import { attempt, instantiate, same } from "./scenario.test-support.ts";

same("exported functions: one object a function, wherever it is met", (W) => {
  const first = instantiate(
    W,
    `(module (func $f (export "f") (export "g")) (table (export "t") 2 funcref) (elem (i32.const 0) $f)
      (global (export "c") funcref (ref.func $f)) (func (export "get") (result funcref) ref.func $f))`,
  );
  const second = instantiate(W, `(module (import "m" "f" (func $f)) (export "again" (func $f)))`, { m: first });
  first.t.set(1, second.again);
  const table = new W.Table({ initial: 1, element: "anyfunc" }, first.f);
  return [
    first.f === first.g,
    first.t.get(0) === first.f,
    first.c.value === first.f,
    first.get() === first.f,
    second.again === first.f,
    first.t.get(1) === first.f,
    table.get(0) === first.f,
    Object.getPrototypeOf(first.f) === Function.prototype,
    "prototype" in first.f,
  ];
});

same("imports are read once each, in order, through getters and proxies", (W) => {
  const log: string[] = [];
  const logging = (name: string, object: object): object =>
    new Proxy(object, {
      get: (target, key) => {
        log.push(`${name}.${String(key)}`);
        return Reflect.get(target, key);
      },
    });
  instantiate(
    W,
    `(module (import "b" "x" (func)) (import "a" "y" (func)) (import "b" "x" (func (result i32))) (import "b" "z" (global i32)))`,
    logging("imports", { a: logging("a", { y: () => 1 }), b: logging("b", { x: () => 2, z: 3 }) }),
  );
  return log;
});

same("a JavaScript function imported and exported is a function of its own", (W) => {
  const f = (...args: unknown[]): unknown => args.length;
  const { g } = instantiate(W, `(module (import "m" "f" (func (param i32 i32))) (export "g" (func 0)))`, { m: { f } });
  return [g === f, g(1), g.length, g.name];
});

same("what arguments become", (W) => {
  const types = ["i32", "f32", "f64"];
  const values = [
    0,
    -0,
    1.5,
    2 ** 31,
    2 ** 32 + 1,
    1e20,
    NaN,
    Infinity,
    "7",
    "x",
    true,
    null,
    undefined,
    [3],
    { valueOf: () => 9 },
    0.1,
  ];
  const exports = instantiate(
    W,
    `(module ${types.map((type) => `(func (export "${type}") (param ${type}) (result ${type}) local.get 0)`).join("")})`,
  );
  return types.map((type) => values.map((value) => exports[type](value)));
});

// V8's own object quiets them once the calling loop is hot.
test("NaNs keep their bits on the way in, also when engines have optimized that", () => {
  const { f } = instantiate(
    ours,
    `(module (func (export "f") (param f64) (result i64) local.get 0 i64.reinterpret_f64))`,
  );
  const bits = new BigInt64Array([0x7ff4_0000_0000_0001n, 0x7ff8_0000_0000_0123n]);
  const seen = new Set<bigint>();
  for (let i = 0; i < 200_000; i++) seen.add(f(new Float64Array(bits.buffer)[i & 1]));
  expect([...seen].sort()).toEqual([...bits]);
});

same("what bigints become", (W) => {
  const { f } = instantiate(W, `(module (func (export "f") (param i64) (result i64) local.get 0))`);
  return [0n, -1n, 2n ** 63n, 2n ** 64n + 5n, -(2n ** 63n) - 1n, true, "12", "0x10", [4n]].map((value) => f(value));
});

same("what imported functions give", (W) => {
  const values = [0, 1.5, 2 ** 31, NaN, "7", undefined, null, 0.1, { valueOf: () => 3 }];
  return ["i32", "f32", "f64"].map((type) =>
    values.map((value) =>
      instantiate(W, `(module (import "m" "f" (func (result ${type}))) (func (export "g") (result ${type}) call 0))`, {
        m: { f: () => value },
      }).g(),
    ),
  );
});

same("what imported functions are called with", (W) => {
  const calls: unknown[] = [];
  const exports = instantiate(
    W,
    `(module (import "m" "f" (func $f (param i32 i64 f32 f64 externref funcref)))
      (func $self (export "self"))
      (elem declare func $self)
      (func (export "run") (param externref)
        (call $f (i32.const -1) (i64.const -2) (f32.const 0.1) (f64.const 0.1) (local.get 0) (ref.func $self))
        (call $f (i32.const 0x80000000) (i64.const 0x8000000000000000) (f32.const nan) (f64.const -0) (ref.null extern) (ref.null func))))`,
    {
      m: {
        f(this: unknown, ...args: unknown[]) {
          calls.push(this, ...args.map((arg) => (arg === exports.self ? "self" : arg)));
        },
      },
    },
  );
  exports.run(calls);
  return calls.map((value) => (value === calls ? "calls" : Object.is(value, -0) ? "-0" : value));
});

same("missing and surplus arguments", (W) => {
  const { f } = instantiate(
    W,
    `(module (func (export "f") (param i32 f64 externref) (result i32 f64 externref) local.get 0 local.get 1 local.get 2))`,
  );
  return [f(), f(1), f(1, 2, 3, 4)];
});

same("several results", (W) => {
  const log: unknown[] = [];
  const { g, h } = instantiate(
    W,
    `(module (import "m" "f" (func (result i32 i64 f32))) (func (export "g") (result i32 i64 f32) call 0)
      (func (export "h") (result i32) call 0 drop drop))`,
    {
      m: {
        f: () => ({
          *[Symbol.iterator]() {
            log.push("begin");
            yield { valueOf: () => log.push("converted") + 0.9 };
            yield 2n;
            log.push("end");
            yield 0.1;
          },
        }),
      },
    },
  );
  return [g(), h(), log];
});

same("arguments are converted in order, before the call", (W) => {
  const log: string[] = [];
  const traced = (name: string): object => ({ valueOf: () => log.push(name) });
  const { f } = instantiate(
    W,
    `(module (import "m" "f" (func $f)) (func (export "f") (param i32 f64 f32 i32) call $f))`,
    { m: { f: () => log.push("called") } },
  );
  f(traced("a"), traced("b"), traced("c"), traced("d"));
  return log;
});

same("exceptions of host functions keep their identity through the guest", (W) => {
  const thrown = [
    new RangeError("Offset is outside the bounds of the DataView"),
    "text",
    undefined,
    { a: 1 },
    new Error("x"),
  ];
  return thrown.map((value) => {
    const { g } = instantiate(W, `(module (import "m" "f" (func)) (func (export "g") call 0))`, {
      m: {
        f: () => {
          throw value;
        },
      },
    });
    try {
      g();
    } catch (error) {
      return Object.is(error, value);
    }
    return "nothing";
  });
});

same("a trap that passes through JavaScript is one error", (W) => {
  const inner = instantiate(W, `(module (func (export "f") unreachable))`);
  let seen: unknown;
  const outer = instantiate(W, `(module (import "m" "f" (func)) (func (export "g") call 0))`, {
    m: {
      f: () => {
        try {
          inner.f();
        } catch (error) {
          seen = error;
          throw error;
        }
      },
    },
  });
  try {
    outer.g();
  } catch (error) {
    return [
      error === seen,
      error instanceof W.RuntimeError,
      error instanceof Error,
      String((error as Error).stack).split("\n")[0],
    ];
  }
  return "nothing";
});

same("the stack's end is JavaScript's own error", (W) => {
  const { f } = instantiate(
    W,
    `(module (func $f (export "f") (param i32) (result i32) (i32.add (call $f (local.get 0)) (i32.const 1))))`,
  );
  return attempt(() => f(1));
});
