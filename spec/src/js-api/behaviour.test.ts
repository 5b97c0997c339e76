// What the WebAssembly object does, held against the engine's own: each scenario runs on both and must give the same.

import { createContext, runInContext } from "node:vm";
import { loadTextParser } from "anywasm";
import { WebAssembly as ours } from "anywasm/js-api";
import { expect, test } from "vitest";

const assemble = await loadTextParser();

/** A WebAssembly object of which TypeScript knows nothing. */
// biome-ignore lint/suspicious/noExplicitAny: scenarios go where types do not
type Any = any;
type Scenario = (W: Any) => unknown;

function same(name: string, scenario: Scenario): void {
  test(name, async () => {
    const expected = await scenario(globalThis.WebAssembly);
    expect(expected).toBeDefined();
    expect(await scenario(ours)).toEqual(expected);
  });
}

function instantiate(W: Any, text: string, imports?: unknown): Any {
  return new W.Instance(new W.Module(assemble(text)), imports).exports;
}

const attempt = (action: () => unknown): unknown => {
  try {
    return action();
  } catch (error) {
    return error instanceof Error ? error.constructor.name : error;
  }
};

same("exports: names, order, kinds, frozen, no prototype", (W) => {
  const module = new W.Module(
    assemble(`(module (func (export "b") (param i32 i64)) (memory (export "__proto__") 1) (global (export "") i32 (i32.const 1))
      (table (export "constructor") 1 funcref) (func (export "a\\u{1F600}")))`),
  );
  const { exports } = new W.Instance(module);
  return [
    Object.keys(exports),
    Object.isFrozen(exports),
    Object.getPrototypeOf(exports),
    W.Module.exports(module),
    exports.b.name,
    exports.b.length,
    Object.prototype.toString.call(Object.values(exports)[1]),
    W.Module.imports(module),
  ];
});

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

same("memories, tables and globals: one object each", (W) => {
  const memory = new W.Memory({ initial: 1 });
  const table = new W.Table({ initial: 1, element: "externref" });
  const global = new W.Global({ value: "i64", mutable: true }, 5n);
  const exports = instantiate(
    W,
    `(module (import "m" "memory" (memory 1)) (import "m" "table" (table 1 externref)) (import "m" "global" (global (mut i64)))
      (export "memory" (memory 0)) (export "table" (table 0)) (export "global" (global 0)) (table $own (export "own") 1 funcref))`,
    { m: { memory, table, global } },
  );
  return [exports.memory === memory, exports.table === table, exports.global === global, exports.own === exports.own];
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

same("instantiate reads the imports of a Module at once, those of bytes later", async (W) => {
  const bytes = assemble(`(module (import "m" "f" (func)))`);
  const log: string[] = [];
  const imports = (name: string): object => ({
    get m() {
      log.push(name);
      return { f: () => 1 };
    },
  });
  const promises = [W.instantiate(new W.Module(bytes), imports("module")), W.instantiate(bytes, imports("bytes"))];
  log.push("called");
  const [instance, source] = await Promise.all(promises);
  return [log, Object.keys(source), instance instanceof W.Instance, source.module instanceof W.Module];
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

same("buffer: the same until the memory grows, then detached", (W) => {
  const memory = new W.Memory({ initial: 1, maximum: 9 });
  const first = memory.buffer;
  const log: unknown[] = [first === memory.buffer, first.byteLength];
  new Uint8Array(first)[65535] = 7;
  log.push(memory.grow(1), first.byteLength, memory.buffer === first, memory.buffer.byteLength);
  const second = memory.buffer;
  log.push(new Uint8Array(second)[65535], memory.grow(0), second.byteLength, memory.buffer === second);
  const third = memory.buffer;
  log.push(
    attempt(() => memory.grow(9)),
    third.byteLength,
    memory.buffer === third,
    Object.isFrozen(third),
  );
  return log;
});

same("buffer: growing in the guest detaches it, also in the middle of a call", (W) => {
  const memory = new W.Memory({ initial: 1, maximum: 4 });
  const log: unknown[] = [];
  let before = memory.buffer;
  const exports = instantiate(
    W,
    `(module (import "m" "memory" (memory 1 4)) (import "m" "look" (func $look))
      (func (export "run") (result i32)
        (i32.store8 (i32.const 5) (i32.const 42)) (drop (memory.grow (i32.const 1))) call $look
        (drop (memory.grow (i32.const 1))) call $look (memory.grow (i32.const 2)))
      (func (export "read") (param i32) (result i32) (i32.load8_u (local.get 0)))
      (func (export "size") (result i32) memory.size))`,
    {
      m: {
        memory,
        look: () => {
          log.push(before.byteLength, memory.buffer.byteLength, new Uint8Array(memory.buffer)[5]);
          before = memory.buffer;
          new Uint8Array(before)[6] = 9;
        },
      },
    },
  );
  log.push(exports.run(), exports.read(6), exports.size(), memory.buffer === before);
  return log;
});

same("tables: values, defaults, growing", (W) => {
  const funcs = new W.Table({ initial: 2, element: "anyfunc" });
  const externs = new W.Table({ initial: 2, maximum: 9, element: "externref" });
  const filled = new W.Table({ initial: 2, element: "externref" }, "init");
  externs.set(0, 5);
  const log: unknown[] = [funcs.get(0), externs.get(0), externs.get(1), filled.get(1)];
  externs.set(0);
  log.push(externs.get(0), externs.grow(2), externs.get(3), externs.grow(1, "new"), externs.get(4), externs.length);
  log.push(
    funcs.grow(3),
    funcs.get(4),
    funcs.length,
    filled.set(0, undefined),
    filled.get(0),
    filled.set(0, null),
    filled.get(0),
  );
  return log.map((value) => (value === undefined ? "undefined" : value));
});

same("tables are shared with the guest", (W) => {
  const table = new W.Table({ initial: 2, element: "anyfunc" });
  const exports = instantiate(
    W,
    `(module (type $t (func (result i32))) (import "m" "table" (table 2 funcref))
      (func $f (export "f") (result i32) i32.const 11) (func $g (export "g") (result f32) f32.const 1) (elem (i32.const 0) $f)
      (func (export "call") (param i32) (result i32) (call_indirect (type $t) (local.get 0)))
      (func (export "size") (result i32) table.size))`,
    { m: { table } },
  );
  const log: unknown[] = [exports.call(0), attempt(() => exports.call(1)), attempt(() => exports.call(9))];
  table.set(1, exports.f);
  log.push(
    exports.call(1),
    table.grow(4, exports.f),
    exports.size(),
    exports.call(5),
    attempt(() => exports.call(6)),
  );
  table.set(1, exports.g);
  log.push(attempt(() => exports.call(1)));
  return log;
});

same("globals: defaults, values, the guest's view", (W) => {
  const log: unknown[] = ["i32", "i64", "f32", "f64", "anyfunc"].map((value) => new W.Global({ value }).value);
  log.push(new W.Global({ value: "externref" }, null).value, new W.Global({ value: "externref" }, "x").value);
  log.push(
    new W.Global({ value: "f32" }, 0.1).value,
    new W.Global({ value: "i32" }, 2 ** 31).value,
    +new W.Global({ value: "f64" }, 2),
  );
  const global = new W.Global({ value: "f32", mutable: true }, "1.5");
  const exports = instantiate(
    W,
    `(module (import "m" "g" (global $g (mut f32))) (func (export "add") (global.set $g (f32.add (global.get $g) (f32.const 0.1))))
      (global (export "own") (mut i64) (i64.const -1)))`,
    { m: { g: global } },
  );
  exports.add();
  log.push(global.value, global.valueOf());
  global.value = 0.7;
  exports.add();
  exports.own.value = 2n ** 63n;
  log.push(global.value, exports.own.value);
  return log;
});

same("globals given as numbers", (W) => {
  const { a, b, c } = instantiate(
    W,
    `(module (import "m" "a" (global i32)) (import "m" "b" (global i64)) (import "m" "c" (global externref))
      (export "a" (global 0)) (export "b" (global 1)) (export "c" (global 2)))`,
    { m: { a: 2 ** 32 + 3.9, b: 2n ** 64n + 1n, c: "c" } },
  );
  return [a.value, b.value, c.value, a === b];
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

same("memory accesses out of bounds are RuntimeErrors", (W) => {
  const { load, store, fill } = instantiate(
    W,
    `(module (memory 1) (func (export "load") (param i32) (result f64) (f64.load (local.get 0)))
      (func (export "store") (param i32) (i32.store16 offset=4 (local.get 0) (i32.const 1)))
      (func (export "fill") (param i32) (memory.fill (local.get 0) (i32.const 1) (i32.const 9))))`,
  );
  return [0, 65528, 65529, -1].map((at) => [load, store, fill].map((f) => attempt(() => f(at))));
});

same("the stack's end is JavaScript's own error", (W) => {
  const { f } = instantiate(
    W,
    `(module (func $f (export "f") (param i32) (result i32) (i32.add (call $f (local.get 0)) (i32.const 1))))`,
  );
  return attempt(() => f(1));
});

same("start functions run, with what they throw", (W) => {
  const log: unknown[] = [];
  instantiate(W, `(module (import "m" "f" (func $f)) (start $f))`, { m: { f: () => log.push("started") } });
  const failing = new W.Module(assemble(`(module (import "m" "f" (func $f)) (start $f))`));
  const error = new Error("mine");
  const imports = {
    m: {
      f: () => {
        throw error;
      },
    },
  };
  try {
    new W.Instance(failing, imports);
  } catch (caught) {
    log.push(caught === error);
  }
  return log;
});

same("active segments before one that fails stay written", (W) => {
  const memory = new W.Memory({ initial: 1 });
  const bytes = assemble(
    `(module (import "m" "memory" (memory 1)) (data (i32.const 3) "abc") (data (i32.const 65536) "x"))`,
  );
  return [
    attempt(() => new W.Instance(new W.Module(bytes), { m: { memory } })),
    ...new Uint8Array(memory.buffer, 0, 8),
  ];
});

same("custom sections", (W) => {
  const module = new W.Module(
    assemble(`(module (@custom "a" "first") (@custom "b" "x") (@custom "a" "\\00\\ff") (@custom "" ""))`),
  );
  const contents = (name: unknown): number[][] =>
    W.Module.customSections(module, name).map((buffer: ArrayBuffer) => [...new Uint8Array(buffer)]);
  const [first] = W.Module.customSections(module, "a");
  new Uint8Array(first)[0] = 0;
  return [contents("a"), contents("b"), contents(""), contents("none"), Object.prototype.toString.call(first)];
});

same("classes can be extended, and new.target decides the prototype", (W) => {
  const { Memory, Module, RuntimeError } = W;
  class MyMemory extends (Memory as new (descriptor: object) => object) {
    own = 1;
  }
  class MyModule extends (Module as new (bytes: Uint8Array) => object) {}
  class MyError extends (RuntimeError as new (message: string, options: object) => object) {}
  const memory = new MyMemory({ initial: 1 }) as Any;
  const module = new MyModule(assemble("(module)"));
  const error = new MyError("m", { cause: 5 }) as Any;
  const other = Reflect.construct(W.Table, [{ initial: 1, element: "anyfunc" }], Map) as Any;
  return [
    memory.own,
    memory.buffer.byteLength,
    memory instanceof W.Memory,
    module instanceof MyModule,
    module instanceof W.Module,
    new W.Instance(module) instanceof W.Instance,
    error instanceof W.RuntimeError,
    error.message,
    error.cause,
    Object.getPrototypeOf(other) === Map.prototype,
    Object.getOwnPropertyDescriptor(W.Table.prototype, "length")?.get?.call(other),
  ];
});

same("errors are constructed like ECMAScript's own", (W) =>
  ["CompileError", "LinkError", "RuntimeError"].map((name) => {
    const error = W[name]("text");
    return [
      String(error),
      String(new W[name]()),
      error instanceof W[name],
      error instanceof Error,
      Object.keys(error),
      "message" in Object.getOwnPropertyDescriptors(new W[name]()),
      Object.prototype.toString.call(error),
      attempt(() => W[name](Symbol("s"))),
    ];
  }),
);

same("bytes of other realms, views, and buffers that change", async (W) => {
  const bytes = assemble(`(module (func (export "f") (result i32) i32.const 3))`);
  const context = createContext({ list: [...bytes] });
  const foreign = runInContext("Uint8Array.from(list)", context) as Uint8Array;
  const padded = new Uint8Array(bytes.length + 9);
  padded.set(bytes, 4);
  const sources = [foreign, foreign.buffer, padded.subarray(4, 4 + bytes.length)];
  const changed = bytes.slice();
  const promise = W.compile(changed);
  changed.fill(0);
  return [
    sources.map((source) => new W.Instance(new W.Module(source)).exports.f()),
    sources.map((source) => W.validate(source)),
    new W.Instance(await promise).exports.f(),
    W.validate(padded),
  ];
});

same("streaming", async (W) => {
  const bytes = assemble(`(module (import "m" "x" (global i32)) (export "x" (global 0)))`);
  const response = (type = "application/wasm"): Response =>
    new Response(bytes as BufferSource, { headers: { "Content-Type": type } });
  const module = await W.compileStreaming(response());
  const { instance } = await W.instantiateStreaming(Promise.resolve(response()), { m: { x: 4 } });
  const used = response();
  await used.text();
  const outcomes = await Promise.allSettled([
    W.compileStreaming(used),
    W.compileStreaming(response("application/wasm; charset=utf-8")),
    W.instantiateStreaming(response(), { m: {} }),
    W.instantiateStreaming(response(), 5),
  ]);
  return [
    W.Module.imports(module),
    instance.exports.x.value,
    outcomes.map((outcome) => (outcome.status === "rejected" ? outcome.reason.constructor.name : "fulfilled")),
  ];
});

same("modules survive structured cloning, into what is used as they are", (W) => {
  const module = new W.Module(assemble(`(module (func (export "f") (result i32) i32.const 3))`));
  const { inside, twice } = structuredClone({ inside: module, twice: [module] }) as Any;
  const again = structuredClone(inside) as Any;
  return [
    inside instanceof W.Module,
    inside === twice[0],
    again instanceof W.Module,
    new W.Instance(inside).exports.f(),
    W.Module.exports(again),
    new W.Instance(again).exports.f(),
    inside instanceof W.Instance,
    new Map([["WebAssembly.Module", 1]]) instanceof W.Module,
    Object.keys(module),
  ];
});

same("tags and exceptions", (W) => {
  const tag = new W.Tag({ parameters: ["i32", "f32", "i64", "externref"] });
  const exception = new W.Exception(tag, [2 ** 31, 0.1, 5n, "x"]);
  return [
    exception.is(tag),
    exception.is(new W.Tag({ parameters: ["i32", "f32", "i64", "externref"] })),
    [0, 1, 2, 3].map((index) => exception.getArg(tag, index)),
    exception instanceof W.Exception,
    exception instanceof Error,
    String(exception),
    exception.stack === undefined,
    typeof new W.Exception(tag, [1, 1, 1n, 1], { traceStack: true }).stack,
  ];
});

test("a module that came from elsewhere cannot be changed after it was validated", () => {
  const W = ours as Any;
  const clone = structuredClone(new W.Module(assemble(`(module (func (export "f") (result i32) i32.const 3))`))) as Any;
  const bytesOf = (module: Any): Uint8Array => Map.prototype.get.call(module, "WebAssembly.Module").bytes;
  const sent = bytesOf(clone);
  expect(W.Module.exports(clone)).toEqual([{ name: "f", kind: "function" }]);
  sent.fill(0xff);
  bytesOf(clone).fill(0xff);
  expect(new W.Instance(clone).exports.f()).toBe(3);
});

// Where the engine's own object, at least of Node.js 20, does not do what the specification says.

test("DataViews, buffers that are shared, MIME types with spaces, iterables, the default of externref", async () => {
  const W = ours as Any;
  const bytes = assemble(`(module (func (export "f") (result i32) i32.const 3))`);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  expect(new W.Instance(new W.Module(shared)).exports.f()).toBe(3);
  expect(W.validate(new DataView(bytes.buffer, bytes.byteOffset, bytes.length))).toBe(true);
  const headers = { "Content-Type": " Application/WASM\t" };
  expect(await W.compileStreaming(new Response(bytes as BufferSource, { headers }))).toBeInstanceOf(W.Module);
  const tag = new W.Tag({ parameters: new Set(["i32"]) });
  expect(new W.Exception(tag, new Set([5])).getArg(tag, 0)).toBe(5);
  expect(new W.Global({ value: "externref" }).value).toBe(undefined);
});

test("resizable buffers", () => {
  const W = ours as Any;
  const memory = new W.Memory({ initial: 1, maximum: 3 });
  const { size, grow, load } = instantiate(
    W,
    `(module (import "m" "memory" (memory 1 3)) (func (export "size") (result i32) memory.size)
      (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
      (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0))))`,
    { m: { memory } },
  );
  const fixed = memory.buffer;
  new Uint8Array(fixed)[3] = 7;
  expect(memory.toFixedLengthBuffer()).toBe(fixed);
  const resizable = memory.toResizableBuffer();
  expect([fixed.byteLength, resizable.resizable, resizable.maxByteLength]).toEqual([0, true, 3 * 65536]);
  expect([memory.buffer, memory.toResizableBuffer()]).toEqual([resizable, resizable]);
  resizable.resize(2 * 65536);
  new Uint8Array(resizable)[65536] = 9;
  expect([size(), load(3), load(65536), memory.grow(0)]).toEqual([2, 7, 9, 2]);
  expect([grow(1), resizable.byteLength, grow(1)]).toEqual([2, 3 * 65536, -1]);
  const again = memory.toFixedLengthBuffer();
  expect([resizable.byteLength, again.resizable, memory.buffer === again, load(65536)]).toEqual([0, false, true, 9]);
  expect(() => new W.Memory({ initial: 1 }).toResizableBuffer()).toThrow(TypeError);
});

test("compile options: string constants and built-in functions", async () => {
  const W = ours as Any;
  const bytes = assemble(`(module
    (import "'" "grüße \\u{1f600}" (global $text externref)) (import "'" "" (global externref))
    (import "wasm:js-string" "length" (func $length (param externref) (result i32)))
    (import "wasm:js-string" "charCodeAt" (func $at (param externref i32) (result i32)))
    (import "wasm:js-string" "codePointAt" (func $point (param externref i32) (result i32)))
    (import "wasm:js-string" "test" (func $test (param externref) (result i32)))
    (import "wasm:js-string" "equals" (func $equals (param externref externref) (result i32)))
    (import "wasm:js-string" "compare" (func $compare (param externref externref) (result i32)))
    (import "m" "f" (func (result externref)))
    (export "text" (global $text)) (export "length" (func $length)) (export "at" (func $at)) (export "point" (func $point))
    (export "test" (func $test)) (export "equals" (func $equals)) (export "compare" (func $compare)))`);
  const options = { builtins: ["js-string", "unknown"], importedStringConstants: "'" };
  const imports = { m: { f: () => null } };
  const module = new W.Module(bytes, options);
  expect(W.Module.imports(module)).toEqual([{ module: "m", name: "f", kind: "function" }]);
  const instances = [
    new W.Instance(module, imports),
    new W.Instance(structuredClone(module), imports),
    (await W.instantiate(bytes, imports, options)).instance,
    await W.instantiate(await W.compile(bytes, options), imports),
  ];
  for (const { exports } of instances) {
    const { text, length, at, point, test: isString, equals, compare } = exports;
    expect([text.value, length(text.value), at("a\u{1f600}", 2), point("a\u{1f600}", 1)]).toEqual([
      "grüße \u{1f600}",
      8,
      0xde00,
      0x1f600,
    ]);
    expect([isString(""), isString(null), equals("a", "a"), equals(null, null), equals("a", null)]).toEqual([
      1, 0, 1, 1, 0,
    ]);
    expect([compare("a", "b"), compare("b", "a"), compare("a", "a")]).toEqual([-1, 1, 0]);
    for (const wrong of [
      () => length(5),
      () => at("a", 1),
      () => at("a", -1),
      () => compare("a", null),
      () => equals("a", 5),
    ])
      expect(wrong).toThrow(W.RuntimeError);
  }
  expect(W.validate(bytes, options)).toBe(true);
  expect(W.validate(bytes, { builtins: ["js-string", "js-string"] })).toBe(false);
  const wrongType = assemble(`(module (import "wasm:js-string" "length" (func (param i32) (result i32))))`);
  expect([W.validate(wrongType), W.validate(wrongType, options)]).toEqual([true, false]);
  expect(() => new W.Module(wrongType, options)).toThrow(W.CompileError);
  const mutable = assemble(`(module (import "'" "x" (global (mut externref))))`);
  expect([W.validate(mutable), W.validate(mutable, options)]).toEqual([true, false]);
  expect(() => W.validate(bytes, 5)).toThrow(TypeError);
});
