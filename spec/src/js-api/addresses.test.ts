// Memories and tables of the WebAssembly object with 64-bit addresses. Held against the engine's own object where it has
// them.
import { WebAssembly as ours } from "anywasm/js-api";
import { expect, test } from "vitest";
import { type Any, assemble, attempt, instantiate } from "./scenario.test-support.ts";

/** As `same`, but what is expected is said here: not every engine has such memories. */
function gives(name: string, expected: unknown, scenario: (W: Any) => unknown): void {
  test(name, () => {
    expect(scenario(ours)).toEqual(expected);
    if (isNative) expect(scenario(globalThis.WebAssembly)).toEqual(expected);
  });
}

const isNative = globalThis.WebAssembly.validate(assemble("(module (memory i64 1))") as BufferSource);

gives("a memory is described and grown with bigints", [1n, 2n, 196_608, "RangeError"], (W) => {
  const memory = new W.Memory({ address: "i64", initial: 1n, maximum: 3n });
  return [memory.grow(1n), memory.grow("1"), memory.buffer.byteLength, attempt(() => memory.grow(1n))];
});

gives("a table is described, indexed and grown with bigints", [1n, 1n, 3n, null, "f", "RangeError"], (W) => {
  const table = new W.Table({ address: "i64", element: "externref", initial: 1n, maximum: 2n ** 64n - 1n }, null);
  const log = [table.length, table.grow(2n, null), table.length, table.get(2n)];
  table.set(1n, "f");
  return [...log, table.get(1n), attempt(() => table.get(2n ** 32n))];
});

gives("they are what modules import and export", [7, 1n, "LinkError", "LinkError"], (W) => {
  const memory = new W.Memory({ address: "i64", initial: 1n });
  const table = new W.Table({ address: "i64", element: "anyfunc", initial: 1n });
  new Uint8Array(memory.buffer)[9] = 7;
  const imports = { m: { memory, table } };
  const text = `(module (import "m" "memory" (memory i64 1)) (import "m" "table" (table i64 1 funcref))
    (func (export "load") (param i64) (result i32) (i32.load8_u (local.get 0))) (table (export "t") i64 1 funcref))`;
  const exports = instantiate(W, text, imports);
  return [
    exports.load(9n),
    exports.t.length,
    attempt(() => instantiate(W, `(module (import "m" "memory" (memory 1)))`, imports)),
    attempt(() => instantiate(W, `(module (import "m" "table" (table 1 funcref)))`, imports)),
  ];
});

const refused: readonly (readonly [string, string, (W: Any) => unknown])[] = [
  ["a number for a bigint", "TypeError", (W) => new W.Memory({ address: "i64", initial: 1 })],
  ["a bigint for a number", "TypeError", (W) => new W.Memory({ initial: 1n })],
  ["no initial size", "TypeError", (W) => new W.Memory({ address: "i64" })],
  ["a negative size", "TypeError", (W) => new W.Memory({ address: "i64", initial: -1n })],
  ["a size of 2^64", "TypeError", (W) => new W.Memory({ address: "i64", initial: 2n ** 64n })],
  ["more pages than there can be", "RangeError", (W) => new W.Memory({ address: "i64", initial: 2n ** 48n + 1n })],
  ["a maximum below", "RangeError", (W) => new W.Memory({ address: "i64", initial: 2n, maximum: 1n })],
  ["an address type that is none", "TypeError", (W) => new W.Memory({ address: "i8", initial: 1n })],
  ["to grow by a number", "TypeError", (W) => new W.Memory({ address: "i64", initial: 1n }).grow(1)],
  ["to grow by 2^64 - 1", "RangeError", (W) => new W.Memory({ address: "i64", initial: 1n }).grow(2n ** 64n - 1n)],
  ["to grow by 2^64", "TypeError", (W) => new W.Memory({ address: "i64", initial: 1n }).grow(2n ** 64n)],
  ["an index that is a number", "TypeError", (W) => tableOf(W).get(0)],
  ["no index", "TypeError", (W) => tableOf(W).get()],
  ["an index of 2^63", "RangeError", (W) => tableOf(W).set(2n ** 63n, null)],
  ["more elements than there can be", "RangeError", (W) => tableOf(W, 2n ** 40n)],
];

function tableOf(W: Any, initial = 1n): Any {
  return new W.Table({ address: "i64", element: "anyfunc", initial });
}

for (const [name, error, scenario] of refused) gives(name, error, (W) => attempt(() => scenario(W)));
