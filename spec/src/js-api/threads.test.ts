// Shared memories through the WebAssembly object, here and in other agents.
import { type MessagePort, Worker } from "node:worker_threads";
import { loadTextParser } from "anywasm";
import { WebAssembly as Own } from "anywasm/js-api";
import { expect, test } from "vitest";
import { classicScriptPreload } from "./classic-script.test-support.ts";

const assemble = await loadTextParser();

/** A shared memory whose `buffer` is what it is natively, too: TypeScript's library does not say so. */
type Shared = { readonly buffer: unknown; grow(delta: number): number };

const descriptor = { initial: 1, maximum: 3, shared: true };

test.each([
  ["natively", WebAssembly],
  ["here", Own],
] as const)("a shared memory %s", (_, { Memory }) => {
  const memory = new Memory(descriptor) as Shared;
  expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(Object.isFrozen(memory.buffer)).toBe(true);
  expect(memory.buffer).toBe(memory.buffer);
  expect(String(memory)).toBe("[object WebAssembly.Memory]");
  new Uint8Array(memory.buffer as ArrayBuffer)[65535] = 7;
  expect(memory.grow(1)).toBe(1);
  expect((memory.buffer as SharedArrayBuffer).byteLength).toBe(2 * 65536);
  expect(new Uint8Array(memory.buffer as ArrayBuffer)[65535]).toBe(7);
  expect(() => memory.grow(2)).toThrow(RangeError);
  expect(memory.grow(1)).toBe(2);
  expect(() => new Memory({ initial: 1, shared: true })).toThrow(TypeError);
  expect(() => new Memory({ initial: 2, maximum: 1, shared: true })).toThrow(RangeError);
});

test.each([
  ["natively", WebAssembly],
  ["here", Own],
] as const)("a memory is shared or not %s", (_, wasm) => {
  const module = new wasm.Module(
    assemble('(module (memory (import "m" "m") 1 3 shared) (export "m" (memory 0)))') as Uint8Array<ArrayBuffer>,
  );
  const link = (memory: unknown): unknown =>
    new wasm.Instance(module as WebAssembly.Module, { m: { m: memory as WebAssembly.Memory } }).exports["m"];
  const memory = new wasm.Memory(descriptor);
  expect(link(memory)).toBe(memory);
  expect(() => link(new wasm.Memory({ ...descriptor, maximum: 4 }))).toThrow(wasm.LinkError);
  expect(() => link(new wasm.Memory({ ...descriptor, shared: false }))).toThrow(wasm.LinkError);
  expect(() => link({ buffer: memory.buffer })).toThrow(wasm.LinkError);
});

test("a clone is the same memory, recognised before it is used", () => {
  const memory = new Own.Memory(descriptor);
  const clone = structuredClone(memory) as Shared;
  expect(clone).toBeInstanceOf(Own.Memory);
  // Glue looks at the buffer first.
  const view = new Int32Array(clone.buffer as SharedArrayBuffer);
  new Int32Array(memory.buffer)[5] = 42;
  expect(view[5]).toBe(42);
  const module = new Own.Module(
    assemble(`(module (memory (import "m" "m") 1 3 shared)
      (func (export "get") (param i32) (result i32) (i32.load (local.get 0)))
      (func (export "grow") (result i32) (memory.grow (i32.const 1))))`),
  );
  const { exports } = new Own.Instance(module, { m: { m: clone } });
  expect((exports["get"] as (at: number) => number)(20)).toBe(42);
  expect((exports["grow"] as () => number)()).toBe(1);
  expect(memory.grow(1)).toBe(2);
  expect(clone.grow(0)).toBe(3);
  expect((exports["get"] as (at: number) => number)(3 * 65536 - 4)).toBe(0);
  expect(structuredClone(clone)).toBeInstanceOf(Own.Memory);
});

test("what only looks like a memory is none", () => {
  const module = new Own.Module(assemble('(module (memory (import "m" "m") 1 3 shared))'));
  const buffer = new SharedArrayBuffer(65536);
  const fake = (pages: number, type: object, length = 4): unknown => {
    const size = new SharedArrayBuffer(length);
    new Uint8Array(size)[0] = pages;
    return { buffer, "WebAssembly.Memory": { size, type: { isShared: true, ...type } } };
  };
  const limits = { min: 1, max: 3 };
  const link = (memory: unknown): unknown => new Own.Instance(module, { m: { m: memory } });
  expect(link(fake(1, { limits }))).toBeInstanceOf(Own.Instance);
  for (const memory of [
    fake(2, { limits }),
    fake(1, { limits: { min: 0, max: 0 } }),
    fake(1, { limits: { min: 1 } }),
    fake(1, { limits, pageSize: 2 }),
    fake(1, { limits, isShared: false }),
    fake(1, { limits }, 8),
  ])
    expect(() => link(memory)).toThrow(TypeError);
  for (const memory of [{ buffer }, { "WebAssembly.Memory": {} }, new ArrayBuffer(8), null])
    expect(() => link(memory)).toThrow(Own.LinkError);
});

/** Takes numbers from a queue in the memory, of which there are `count`, and adds their squares up. */
const worker = `(module (memory (import "m" "memory") 1 64 shared)
  (import "m" "note" (func $note (param i32)))
  ;; A page of its own for what it finds, told to the others by its address.
  (func (export "work") (param $count i32) (result i64)
    (local $page i32) (local $next i32) (local $sum i64)
    (local.set $page (i32.shl (memory.grow (i32.const 1)) (i32.const 16)))
    (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
    (block $done
      (loop $more
        (br_if $done (i32.ge_u (local.tee $next (i32.atomic.rmw.add (i32.const 4) (i32.const 1))) (local.get $count)))
        (local.set $sum (i64.add (local.get $sum)
          (i64.mul (i64.extend_i32_u (local.get $next)) (i64.extend_i32_u (local.get $next)))))
        (i64.atomic.store offset=65528 (local.get $page) (local.get $sum))
        (br $more)))
    (drop (i64.atomic.rmw.add (i32.const 8) (i64.load offset=65528 (local.get $page))))
    (call $note (local.get $page))
    (drop (i32.atomic.rmw.add (i32.const 16) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const 16) (i32.const -1)))
    (local.get $sum))
  (func (export "start") (result i32)
    (i32.atomic.store (i32.const 0) (i32.const 1))
    (memory.atomic.notify (i32.const 0) (i32.const -1)))
  (func (export "finish") (param $workers i32) (result i64)
    (local $done i32)
    (loop $more
      (local.set $done (i32.atomic.load (i32.const 16)))
      (if (i32.ne (local.get $done) (local.get $workers))
        (then
          (drop (memory.atomic.wait32 (i32.const 16) (local.get $done) (i64.const 1_000_000_000)))
          (br $more))))
    (i64.atomic.load (i32.const 8)))
  (func (export "at") (param i32) (result i64) (i64.load offset=65528 (local.get 0))))`;

const count = 20_000;
const workerCount = 3;

/** Runs in each worker: with `Anywasm` where there is a script to load, else natively. */
const workerProgram = `
  const { workerData, parentPort } = require("node:worker_threads");
  if (workerData.script !== undefined) require(workerData.script);
  const pages = [];
  const { exports } = new WebAssembly.Instance(workerData.module, { m: { memory: workerData.memory, note: (page) => pages.push(page) } });
  const sum = exports.work(workerData.count);
  parentPort.postMessage({ sum, pages, own: globalThis.Anywasm !== undefined });`;

async function squares(wasm: typeof WebAssembly, script: string | undefined): Promise<unknown> {
  const memory = new wasm.Memory({ initial: 1, maximum: 64, shared: true });
  const module = new wasm.Module(assemble(worker) as Uint8Array<ArrayBuffer>);
  const { exports } = new wasm.Instance(module, { m: { memory, note: () => undefined } });
  const workers = Array.from(
    { length: workerCount },
    () => new Worker(workerProgram, { eval: true, workerData: { script, memory, module, count } }),
  );
  const answers = workers.map(
    (each) =>
      new Promise<{ sum: bigint; pages: readonly number[]; own: boolean }>((resolve, reject) => {
        (each as unknown as MessagePort).once("message", resolve);
        each.once("error", reject);
      }),
  );
  (exports["start"] as () => number)();
  const found = await Promise.all(answers);
  const total = (exports["finish"] as (workers: number) => bigint)(workerCount);
  const at = exports["at"] as (page: number) => bigint;
  // This agent has grown nothing itself: pages were told by messages.
  expect(found.map(({ pages: [page = -1] }) => at(page))).toEqual(found.map(({ sum }) => sum));
  expect(found.map(({ own }) => own)).toEqual(workers.map(() => script !== undefined));
  await Promise.all(workers.map((each) => each.terminate()));
  return { total, pages: memory.grow(0), distinct: new Set(found.flatMap(({ pages }) => pages)).size };
}

test("workers hand each other work by wait and notify, as natively", async () => {
  const own = await squares(Own as unknown as typeof WebAssembly, await classicScriptPreload());
  expect(own).toEqual(await squares(WebAssembly, undefined));
  expect(own).toMatchObject({ total: 2666466670000n, pages: 1 + workerCount, distinct: workerCount });
});
