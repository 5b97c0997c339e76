// As float/stencil, two lanes at a time: f64x2 additions with loads that are not aligned.
const SIDE: i32 = 128;
const A: usize = memory.data(SIDE * SIDE * 8);
const B: usize = memory.data(SIDE * SIDE * 8);

@inline
function at(m: usize, i: i32, j: i32): usize {
  return m + (<usize>(i * SIDE + j) << 3);
}

function init(): void {
  for (let i = 0; i < SIDE; i++) {
    for (let j = 0; j < SIDE; j++) {
      store<f64>(at(A, i, j), (<f64>i * <f64>(j + 2) + 2.0) / <f64>SIDE);
      store<f64>(at(B, i, j), (<f64>i * <f64>(j + 3) + 3.0) / <f64>SIDE);
    }
  }
}

function sweep(from: usize, to: usize): void {
  for (let i = 1; i < SIDE - 1; i++) {
    for (let j = 1; j < SIDE - 1; j += 2) {
      let sum = f64x2.add(v128.load(at(from, i, j)), v128.load(at(from, i, j - 1)));
      sum = f64x2.add(sum, v128.load(at(from, i, j + 1)));
      sum = f64x2.add(sum, v128.load(at(from, i + 1, j)));
      sum = f64x2.add(sum, v128.load(at(from, i - 1, j)));
      v128.store(at(to, i, j), f64x2.mul(f64x2.splat(0.2), sum));
    }
  }
}

export function run(n: i32): i32 {
  init();
  for (let t = 0; t < n; t++) {
    sweep(A, B);
    sweep(B, A);
  }
  let hash: i64 = 0;
  for (let i = 0; i < SIDE * SIDE; i++) {
    hash = rotl<i64>(hash, 5) ^ reinterpret<i64>(load<f64>(A + (<usize>i << 3)));
  }
  return <i32>(hash ^ (hash >>> 32));
}
