// Product of two n x n matrices of doubles, C = 1.5 * A * B + 0.5 * C, plain three-loop order (n <= 256).
// Stresses f64 multiply-add chains and strided loads.
const MAX_N: i32 = 256;
const A: usize = memory.data(MAX_N * MAX_N * 8);
const B: usize = memory.data(MAX_N * MAX_N * 8);
const C: usize = memory.data(MAX_N * MAX_N * 8);

@inline
function at(m: usize, n: i32, i: i32, j: i32): usize {
  return m + (<usize>(i * n + j) << 3);
}

function init(n: i32): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      store<f64>(at(A, n, i, j), <f64>((i * j + 1) % n) / <f64>n);
      store<f64>(at(B, n, i, j), <f64>((i * (j + 1) + 2) % n) / <f64>n);
      store<f64>(at(C, n, i, j), <f64>((i * (j + 2) + 3) % n) / <f64>n);
    }
  }
}

function multiply(n: i32, alpha: f64, beta: f64): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum: f64 = 0;
      for (let k = 0; k < n; k++) {
        sum += load<f64>(at(A, n, i, k)) * load<f64>(at(B, n, k, j));
      }
      const c = at(C, n, i, j);
      store<f64>(c, alpha * sum + beta * load<f64>(c));
    }
  }
}

export function run(n: i32): i32 {
  init(n);
  multiply(n, 1.5, 0.5);
  let hash: i64 = 0;
  for (let i = 0; i < n * n; i++) {
    hash = rotl<i64>(hash, 5) ^ reinterpret<i64>(load<f64>(C + (<usize>i << 3)));
  }
  return <i32>(hash ^ (hash >>> 32));
}
