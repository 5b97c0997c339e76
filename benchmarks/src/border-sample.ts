// One process measures calls between host and guest on one WebAssembly object; prints nanoseconds by name.
import { loadTextParser } from "anywasm";
import { WebAssembly as anywasm } from "anywasm/js-api";
import { median } from "./statistics.ts";

const text = `(module
  (import "host" "i32" (func $i32 (param i32) (result i32)))
  (import "host" "f64" (func $f64 (param f64) (result f64)))
  (import "host" "i64" (func $i64 (param i64) (result i64)))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "add f64") (param f64 f64) (result f64) (f64.add (local.get 0) (local.get 1)))
  (func (export "add i64") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
  (func (export "call i32") (param $n i32) (result i32) (local $sum i32)
    (loop $next
      (local.set $sum (i32.add (local.get $sum) (call $i32 (local.get $n))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  (func (export "call f64") (param $n i32) (result f64) (local $sum f64)
    (loop $next
      (local.set $sum (f64.add (local.get $sum) (call $f64 (f64.convert_i32_s (local.get $n)))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  (func (export "call i64") (param $n i32) (result i64) (local $sum i64)
    (loop $next
      (local.set $sum (i64.add (local.get $sum) (call $i64 (i64.extend_i32_s (local.get $n)))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))`;

/** Calls of one sample. */
const count = 200_000;

type Exports = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

async function objectOf(contender: string): Promise<typeof WebAssembly> {
  if (contender === "native") return WebAssembly;
  if (contender === "anywasm") return anywasm as unknown as typeof WebAssembly;
  return (await import("polywasm")).WebAssembly;
}

const contender = process.argv[2] ?? "native";
const object = await objectOf(contender);
const bytes = Uint8Array.from((await loadTextParser())(text));
const host = { i32: (x: number) => x + 1, f64: (x: number) => x + 0.5, i64: (x: bigint) => x + 1n };
const exports = new object.Instance(new object.Module(bytes), { host }).exports as Exports;
// Each loop stands for itself, as a program's would: one that took the function as an argument would have seen them all.
const [add, addF64, addI64] = [exports["add"], exports["add f64"], exports["add i64"]] as unknown as readonly [
  (a: number, b: number) => number,
  (a: number, b: number) => number,
  (a: bigint, b: bigint) => bigint,
];
const loops: Readonly<Record<string, () => unknown>> = {
  "host to guest, i32": () => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum = add(sum, i);
    return sum;
  },
  "host to guest, f64": () => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum = addF64(sum, 0.5);
    return sum;
  },
  "host to guest, i64": () => {
    let sum = 0n;
    for (let i = 0; i < count; i++) sum = addI64(sum, 5n);
    return sum;
  },
  "guest to host, i32": () => exports["call i32"]?.(count),
  "guest to host, f64": () => exports["call f64"]?.(count),
  "guest to host, i64": () => exports["call i64"]?.(count),
};
const result: Record<string, number> = {};
for (const [name, loop] of Object.entries(loops)) {
  const times: number[] = [];
  for (let i = 0; i < 60; i++) {
    const start = performance.now();
    loop();
    times.push(performance.now() - start);
  }
  result[name] = (median(times.slice(30)) / count) * 1e6;
}
process.stdout.write(`${JSON.stringify(result)}\n`);
