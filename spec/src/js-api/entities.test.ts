// Memories, tables, globals, tags, and what instantiation does to them. Each scenario runs on the engine's own object too
// and must give the same.
import { assemble, attempt, instantiate, same } from "./scenario.test-support.ts";

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

same("memory accesses out of bounds are RuntimeErrors", (W) => {
  const { load, store, fill } = instantiate(
    W,
    `(module (memory 1) (func (export "load") (param i32) (result f64) (f64.load (local.get 0)))
      (func (export "store") (param i32) (i32.store16 offset=4 (local.get 0) (i32.const 1)))
      (func (export "fill") (param i32) (memory.fill (local.get 0) (i32.const 1) (i32.const 9))))`,
  );
  return [0, 65528, 65529, -1].map((at) => [load, store, fill].map((f) => attempt(() => f(at))));
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
