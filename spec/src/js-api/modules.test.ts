// Modules, instances, classes and sources. Each scenario runs on the engine's own object too and must give the same.
import { createContext, runInContext } from "node:vm";
import { WebAssembly as ours } from "anywasm/js-api";
import { expect, test } from "vitest";
import { type Any, assemble, attempt, same } from "./scenario.test-support.ts";

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
