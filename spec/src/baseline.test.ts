// The JavaScript that the baseline compiler writes while it reads a function.
import { Engine, Instance, loadTextParser, Module, Store } from "anywasm";
import { describe, expect, test } from "vitest";

const parse = await loadTextParser();
const engine = new Engine({ strategy: "baseline" });

function source(text: string): string {
  return new Module(engine, parse(text)).compileFunction(0).source;
}

function run(text: string, ...args: readonly unknown[]): unknown {
  const instance = Instance.create(new Store(engine, undefined), new Module(engine, parse(text)), () => undefined);
  return instance.getFunc("f")?.call(...args);
}

function runNative(text: string, ...args: readonly unknown[]): unknown {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(parse(text))));
  return (exports["f"] as (...args: readonly unknown[]) => unknown)(...args);
}

describe("control", () => {
  test("a loop that is repeated by its last condition is a do-while", () => {
    expect(
      source(`(module (func $f (param $n i32) (result i32) (local $sum i32)
        (loop $next
          (local.set $sum (i32.add (local.get $sum) (local.get $n)))
          (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (local.get $sum)))`),
    ).toMatchInlineSnapshot(`
      "function f(n) {
        let sum = 0;
        do {
          sum = sum + n | 0;
          n = n - 1 | 0;
        } while (n);
        return sum;
      }"
    `);
  });

  test("a loop with several ways back and out", () => {
    expect(
      source(`(module (func $f (param $n i32) (result i32)
        (block $out
          (loop $next
            (br_if $out (i32.eqz (local.get $n)))
            (if (i32.and (local.get $n) (i32.const 1))
              (then (local.set $n (i32.shr_u (local.get $n) (i32.const 1))) (br $next))
              (else (local.set $n (i32.sub (local.get $n) (i32.const 3)))))
            (br_if $next (i32.lt_u (local.get $n) (i32.const 100)))))
        (local.get $n)))`),
    ).toMatchInlineSnapshot(`
      "function f(n) {
        block1: {
          loop2: for (;;) {
            if (n === 0) break block1;
            if (n & 1) {
              n = n >>> 1 | 0;
              continue loop2;
            } else {
              n = n - 3 | 0;
            }
            if (n >>> 0 < 100) continue loop2;
            break;
          }
        }
        return n;
      }"
    `);
  });

  test("blocks around a table are a switch whose cases fall through", () => {
    expect(
      source(`(module (func $f (param $n i32) (result i32)
        (block $end
          (block $b
            (block $a
              (br_table $a $b $a $end (local.get $n)))
            (local.set $n (i32.const 10)))
          (local.set $n (i32.add (local.get $n) (i32.const 1))))
        (local.get $n)))`),
    ).toMatchInlineSnapshot(`
      "function f(n) {
        block1: switch (n) {
          default: break block1;
          case 0: case 2: {
            n = 10;
          }
          case 1: {
            n = n + 1 | 0;
          }
        }
        return n;
      }"
    `);
  });

  test("values that blocks give", () => {
    expect(
      source(`(module (func $f (param $n i32) (result i32)
        (i32.mul
          (block $a (result i32) (br_if $a (i32.const 5) (local.get $n)) (drop) (i32.const 7))
          (if (result i32) (local.get $n) (then (i32.const 1)) (else (i32.const 2))))))`),
    ).toMatchInlineSnapshot(`
      "function f(n) {
        let v0, v1;
        block1: {
          if (n) {
            v0 = 5;
            break block1;
          }
          v0 = 7;
        }
        if (n) {
          v1 = 1;
        } else {
          v1 = 2;
        }
        return imul(v0, v1);
      }"
    `);
  });

  // Up to 256 levels of statements are written as they are; functions with more are lowered from IR.
  test.each([10, 250, 300, 3000])("%d blocks around each other, each the target of a branch", (depth) => {
    const open = Array.from({ length: depth }, (_, i) => `(block $b${i}`).join(" ");
    const close = Array.from({ length: depth }, (_, i) => {
      const label = depth - 1 - i;
      return `(br_if $b${Math.max(0, label - 1)} (i32.eq (local.get $n) (i32.const ${label})))
        (local.set $sum (i32.add (local.get $sum) (i32.const 1))))`;
    }).join("\n");
    const text = `(module (func (export "f") (param $n i32) (result i32) (local $sum i32)
      ${open} ${close} (local.get $sum)))`;
    for (const n of [0, 1, 5, depth - 1, depth]) expect(run(text, n)).toBe(runNative(text, n));
  });
});

describe("values", () => {
  test("64-bit integers are pairs, and memories are looked up once where nothing can grow them", () => {
    expect(
      source(`(module (memory 1) (func $f (param $p i32) (param $x i64)
        (i64.store offset=8 (local.get $p)
          (i64.add (i64.load (local.get $p)) (i64.shl (local.get $x) (i64.const 5))))))`),
    ).toMatchInlineSnapshot(`
      "function f(p, x, x$hi) {
        let t0, t1, t2, t3;
        const view = memory.view;
        t0 = view.getInt32(p >>> 0, true);
        t1 = view.getInt32((p >>> 0) + 4, true);
        t2 = x << 5;
        t3 = t0 + t2 | 0;
        view.setInt32((p >>> 0) + 12, t1 + (x$hi << 5 | x >>> 27) + ((t0 & t2 | (t0 | t2) & ~t3) >>> 31) | 0, true);
        view.setInt32((p >>> 0) + 8, t3, true);
      }"
    `);
  });

  test("addresses and sizes of 64 bits", () => {
    expect(
      source(`(module (memory i64 1 2) (memory $large i64 1)
        (func $f (param $p i64) (param $i i32) (result i64)
          (i64.store offset=8 (i64.const 16) (i64.load $large (local.get $p)))
          (f64.store $large offset=8
            (i64.add (local.get $p) (i64.extend_i32_u (local.get $i)))
            (f64.load (i64.extend_i32_u (local.get $i))))
          (memory.copy $large 0 (local.get $p) (i64.const 4294967296) (i64.const 3))
          (memory.grow $large (local.get $p))))`),
    ).toMatchInlineSnapshot(`
      "function f(p, p$hi, i) {
        let t0, t1, t2;
        t0 = p$hi ? -1 : p;
        t1 = memory1.view.getInt32(t0 >>> 0, true);
        t2 = memory1.view.getInt32((t0 >>> 0) + 4, true);
        memory.view.setInt32(28, t2, true);
        memory.view.setInt32(24, t1, true);
        t0 = p + i | 0;
        memory1.view.setFloat64(((p$hi + 0 + ((p & i | (p | i) & ~t0) >>> 31) | 0 ? -1 : t0) >>> 0) + 8, memory.view.getFloat64(i, true), true);
        memory_copy(memory1, memory, p$hi ? -1 : p, -1, 3);
        t0 = memory_grow(memory1, p$hi ? -1 : p);
        high[0] = t0 === -1 ? -1 : 0;
        return t0;
      }"
    `);
  });

  test("what a call could change is read before it", () => {
    expect(
      source(`(module (memory 1) (global $g (mut i32) (i32.const 1))
        (func $f (param $p i32) (result i32)
          (i32.add (i32.add (global.get $g) (i32.load8_u (local.get $p)))
            (i32.add (call $h (local.get $p)) (i32.load offset=4 (local.get $p)))))
        (func $h (param i32) (result i32) (global.set $g (i32.const 2)) (local.get 0)))`),
    ).toMatchInlineSnapshot(`
      "function f(p) {
        return (global0.value + memory.view.getUint8(p >>> 0) | 0) + (h.code(p) + memory.view.getInt32((p >>> 0) + 4, true) | 0) | 0;
      }"
    `);
  });

  test("comparisons are booleans until somebody counts with them", () => {
    expect(
      source(`(module (func $f (param $a i32) (param $b i32) (result i32)
        (if (i32.eqz (i32.lt_s (local.get $a) (local.get $b))) (then (return (i32.const 3))))
        (i32.add (i32.gt_u (local.get $a) (i32.const -1)) (i32.eqz (local.get $b)))))`),
    ).toMatchInlineSnapshot(`
      "function f(a, b) {
        if (!(a < b)) {
          return 3;
        }
        return (a >>> 0 > 4294967295 ? 1 : 0) + (b === 0 ? 1 : 0) | 0;
      }"
    `);
  });

  test("bits of NaNs are kept where they can be seen, and only there", () => {
    expect(
      source(`(module (memory 1) (func $f (param $p i32) (param $x f32) (result f64)
        (f32.store (local.get $p) (f32.load offset=4 (local.get $p)))
        (f32.store (local.get $p) (f32.add (local.get $x) (f32.load (local.get $p))))
        (f64.add (f64.neg (f64.load (local.get $p))) (f64.const -0))))`),
    ).toMatchInlineSnapshot(`
      "function f(p, x) {
        const view = memory.view;
        f32_store(view, p >>> 0, f32_load(view, (p >>> 0) + 4));
        view.setFloat32(p >>> 0, fround(x + view.getFloat32(p >>> 0, true)), true);
        return (-view.getFloat64(p >>> 0, true)) + -0;
      }"
    `);
  });

  test("a name of the module's cannot be taken for the high word of another variable", () => {
    const text = `(module (func (export "f") (param $x$hi i32) (param $n i32) (result i64) (local $x i64)
      (local.set $x (i64.extend_i32_s (local.get $n)))
      (i64.add (local.get $x) (i64.extend_i32_u (local.get $x$hi)))))`;
    for (const strategy of ["baseline", "optimizing"] as const) {
      const module = new Module(new Engine({ strategy, int64: "pairs" }), parse(text));
      const instance = Instance.create(new Store(module.engine, undefined), module, () => undefined);
      expect(instance.getFunc("f")?.call(5, -7)).toBe(-2n);
    }
  });
});
