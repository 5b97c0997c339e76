// What is measured: modules in the text format, each with one exported function `run` and the arguments of one sample.

export interface Workload {
  readonly name: string;
  readonly about: string;
  readonly text: string;
  readonly args: readonly number[];
  /** What `run` must give, so that a wrong answer is no fast answer. */
  readonly result: number;
}

export const workloads: readonly Workload[] = [
  {
    name: "sieve",
    about: "prime sieve: i32 and memory",
    args: [2_000_000],
    result: 148_933,
    text: `(module (memory 40)
      (func (export "run") (param $n i32) (result i32) (local $i i32) (local $j i32) (local $count i32)
        (memory.fill (i32.const 0) (i32.const 0) (local.get $n))
        (local.set $i (i32.const 2))
        (block $done (loop $next
          (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
          (if (i32.eqz (i32.load8_u (local.get $i)))
            (then
              (local.set $count (i32.add (local.get $count) (i32.const 1)))
              (local.set $j (i32.shl (local.get $i) (i32.const 1)))
              (block $crossed (loop $cross
                (br_if $crossed (i32.ge_u (local.get $j) (local.get $n)))
                (i32.store8 (local.get $j) (i32.const 1))
                (local.set $j (i32.add (local.get $j) (local.get $i)))
                (br $cross)))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $next)))
        (local.get $count)))`,
  },
  {
    name: "fib",
    about: "recursion: calls",
    args: [30],
    result: 832_040,
    text: `(module
      (func $fib (export "run") (param $n i32) (result i32)
        (if (result i32) (i32.lt_s (local.get $n) (i32.const 2))
          (then (local.get $n))
          (else (i32.add
            (call $fib (i32.sub (local.get $n) (i32.const 1)))
            (call $fib (i32.sub (local.get $n) (i32.const 2))))))))`,
  },
  {
    name: "splitmix",
    about: "splitmix64: 64-bit integers",
    args: [1_000_000],
    result: 1_778_010_570,
    text: `(module
      (func (export "run") (param $n i32) (result i32) (local $x i64) (local $z i64) (local $sum i64)
        (loop $next
          (local.set $x (i64.add (local.get $x) (i64.const 0x9e3779b97f4a7c15)))
          (local.set $z (i64.mul
            (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 30))) (i64.const 0xbf58476d1ce4e5b9)))
          (local.set $z (i64.mul
            (i64.xor (local.get $z) (i64.shr_u (local.get $z) (i64.const 27))) (i64.const 0x94d049bb133111eb)))
          (local.set $sum (i64.xor (local.get $sum)
            (i64.xor (local.get $z) (i64.shr_u (local.get $z) (i64.const 31)))))
          (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
        (i32.wrap_i64 (local.get $sum))))`,
  },
  {
    name: "matmul",
    about: "matrix product of doubles",
    args: [160],
    result: 1_280_000,
    text: `(module (memory 16)
      (func (export "run") (param $n i32) (result i32)
        (local $i i32) (local $j i32) (local $k i32) (local $sum f64) (local $total f64) (local $b i32)
        (local.set $b (i32.mul (i32.mul (local.get $n) (local.get $n)) (i32.const 8)))
        (loop $fill
          (f64.store (local.get $i) (f64.const 0.5))
          (f64.store (i32.add (local.get $i) (local.get $b)) (f64.const 0.625))
          (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 8))) (local.get $b))))
        (local.set $i (i32.const 0))
        (loop $rows
          (local.set $j (i32.const 0))
          (loop $columns
            (local.set $k (i32.const 0)) (local.set $sum (f64.const 0))
            (loop $dot
              (local.set $sum (f64.add (local.get $sum) (f64.mul
                (f64.load (i32.shl (i32.add (i32.mul (local.get $i) (local.get $n)) (local.get $k)) (i32.const 3)))
                (f64.load (i32.add (local.get $b)
                  (i32.shl (i32.add (i32.mul (local.get $k) (local.get $n)) (local.get $j)) (i32.const 3)))))))
              (br_if $dot (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (local.get $n))))
            (local.set $total (f64.add (local.get $total) (local.get $sum)))
            (br_if $columns (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
          (br_if $rows (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
        (i32.trunc_f64_s (local.get $total))))`,
  },
];
