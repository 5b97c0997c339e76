// Main loops of interpreters: one function with a case for each instruction, too large for engines to optimize whole.
import { type Config, Engine, Instance, loadTextParser, Module, Store, type Trap } from "anywasm";
import { describe, expect, test } from "vitest";

interface Shape {
  readonly opcodes: number;
  /** Those below run; by default 30. */
  readonly used?: number;
  /** Some cases branch to others, or fall through into the next. */
  readonly jumps: boolean;
  /** What comes before the table may branch to a case. */
  readonly early: boolean;
}

/** `run(n, first)` runs `n` instructions, the third behind `first` and then every third. The last opcode divides by zero. */
function interpreter({ opcodes, used = 30, jumps, early }: Shape): string {
  const cases = Array.from({ length: opcodes }, (_, opcode) => {
    const next = (opcode * 5 + 3) % opcodes;
    const lines = Array.from(
      { length: 12 },
      (_, i) =>
        `(local.set $a (i32.add (i32.mul (local.get $a) (i32.const ${2 * opcode + 3})) (i32.xor (local.get $b) (i32.const ${i}))))
         (i32.store offset=${4 * i + 1024} (i32.and (local.get $a) (i32.const 1020)) (local.get $b))
         (local.set $x (i64.add (i64.mul (local.get $x) (i64.const 5)) (i64.extend_i32_s (local.get $a))))
         (local.set $b (i32.rotl (local.get $b) (i32.const ${(opcode + i) % 31})))
         (local.set $y (f64.add (local.get $y) (f64.convert_i32_s (local.get $b))))`,
    );
    const jump =
      jumps && opcode % 7 === 3 && next > opcode ? `(br_if $op${next} (i32.lt_s (local.get $a) (i32.const 0)))` : "";
    const trap = opcode === opcodes - 1 ? "(local.set $a (i32.div_s (local.get $a) (i32.const 0)))" : "";
    const end = jumps && opcode % 5 === 2 ? "" : "(br $next)";
    return `) ${lines.join("\n")} ${jump} ${trap} ${end}`;
  });
  const blocks = Array.from({ length: opcodes }, (_, i) => `(block $op${opcodes - 1 - i}`);
  // A table with a hole, and targets that several positions have.
  const targets = Array.from({ length: opcodes }, (_, i) => `$op${i % 13 === 12 ? i - 1 : i}`);
  const skip = early ? "(br_if $op1 (i32.eq (local.get $op) (i32.const 251)))" : "";
  return `(module (memory 1)
    (func $run (export "run") (param $n i32) (param $op i32) (result i64)
      (local $a i32) (local $b i32) (local $x i64) (local $y f64)
      (local.set $b (i32.const 12345))
      (loop $next
        (if (i32.eqz (local.get $n)) (then
          (return (i64.xor (local.get $x) (i64.reinterpret_f64 (local.get $y))))))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (local.set $op (i32.rem_u (i32.add (local.get $op) (i32.const 3)) (i32.const ${used})))
        ${blocks.join(" ")} ${skip}
          (br_table ${targets.join(" ")} $op0 (local.get $op))
        ${cases.join("\n")}
        (br $next))
      unreachable))`;
}

const shapes: readonly Shape[] = [
  { opcodes: 50, jumps: false, early: false },
  { opcodes: 50, jumps: true, early: false },
  { opcodes: 150, jumps: false, early: false },
  { opcodes: 150, jumps: true, early: false },
  { opcodes: 150, jumps: true, early: true },
];

const configs: readonly Config[] = [
  { strategy: "optimizing" },
  { strategy: "optimizing", splitAbove: 1000 },
  { strategy: "auto", promoteAfter: 2, splitAbove: 2000 },
  { strategy: "auto", promoteAfter: 40, splitAbove: 5000 },
];

function instantiate(bytes: Uint8Array, config: Config): { module: Module; run: (n: number, op: number) => unknown } {
  const module = new Module(new Engine(config), bytes);
  const instance = Instance.create(new Store(module.engine, undefined), module, () => undefined);
  return { module, run: (...args) => instance.getFunc("run")?.call(...args) };
}

describe.each(shapes)("$opcodes opcodes, jumps: $jumps, early: $early", (shape) => {
  test.each(configs)("$strategy $splitAbove $promoteAfter", async (config) => {
    const bytes = (await loadTextParser())(interpreter(shape));
    const native = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes))).exports["run"] as (
      n: number,
      op: number,
    ) => bigint;
    const { run } = instantiate(bytes, config);
    for (let i = 0; i < 6; i++) for (const n of [0, 1, 30, 1000]) expect(run(n, i)).toBe(native(n, i));
  });
});

test("what runs often stays in the function, what does not goes", async () => {
  const bytes = (await loadTextParser())(interpreter({ opcodes: 150, jumps: false, early: false }));
  const { module, run } = instantiate(bytes, { strategy: "auto", promoteAfter: 1000, splitAbove: 20_000 });
  for (let i = 0; i < 300; i++) run(1000, 0);
  const { source, parts } = module.compileFunction(0, "optimizing");
  const factor = (opcode: number): string => `imul(a, ${2 * opcode + 3})`;
  // Of the remainders that `run` computes, every third is reached from 0.
  for (const opcode of [0, 3, 15, 27]) expect(source).toContain(factor(opcode));
  for (const opcode of [1, 40, 100, 140]) expect(source).not.toContain(factor(opcode));
  // Together, not each in a part of its own.
  expect(parts.length).toBeLessThan(40);
});

test("a trap in a part tells where it was", async () => {
  const bytes = (await loadTextParser())(interpreter({ opcodes: 31, used: 31, jumps: true, early: false }));
  const framesOf = (config: Config, warm: number): unknown => {
    const { run } = instantiate(bytes, config);
    try {
      for (let i = 0; i < warm; i++) run(9, 0);
      run(1, 27);
    } catch (error) {
      return (error as Trap).frames;
    }
    throw new Error("no trap");
  };
  expect(framesOf({ strategy: "auto", promoteAfter: 2, splitAbove: 500 }, 100)).toEqual(
    framesOf({ strategy: "baseline" }, 0),
  );
});
