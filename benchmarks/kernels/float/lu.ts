// LU decomposition with partial pivoting of an n x n matrix of doubles, then one solve (n <= 256).
// Stresses f64 arithmetic, divisions, comparisons of absolute values and row swaps.
const MAX_N: i32 = 256;
const A: usize = memory.data(MAX_N * MAX_N * 8);
const X: usize = memory.data(MAX_N * 8);
const PIVOT: usize = memory.data(MAX_N * 4);

let seed: u32 = 0;

function random(): f64 {
  seed = seed * 1664525 + 1013904223;
  return <f64>(seed >>> 8) / 16777216.0 - 0.5;
}

@inline
function at(n: i32, i: i32, j: i32): usize {
  return A + (<usize>(i * n + j) << 3);
}

function swapRows(n: i32, i: i32, k: i32): void {
  for (let j = 0; j < n; j++) {
    const t = load<f64>(at(n, i, j));
    store<f64>(at(n, i, j), load<f64>(at(n, k, j)));
    store<f64>(at(n, k, j), t);
  }
}

function decompose(n: i32): void {
  for (let k = 0; k < n; k++) {
    let p = k;
    let best = abs<f64>(load<f64>(at(n, k, k)));
    for (let i = k + 1; i < n; i++) {
      const v = abs<f64>(load<f64>(at(n, i, k)));
      if (v > best) {
        best = v;
        p = i;
      }
    }
    store<i32>(PIVOT + (<usize>k << 2), p);
    if (p != k) swapRows(n, p, k);
    const inverse = 1.0 / load<f64>(at(n, k, k));
    for (let i = k + 1; i < n; i++) {
      const factor = load<f64>(at(n, i, k)) * inverse;
      store<f64>(at(n, i, k), factor);
      for (let j = k + 1; j < n; j++) {
        const a = at(n, i, j);
        store<f64>(a, load<f64>(a) - factor * load<f64>(at(n, k, j)));
      }
    }
  }
}

function solve(n: i32): void {
  for (let k = 0; k < n; k++) {
    const p = load<i32>(PIVOT + (<usize>k << 2));
    const t = load<f64>(X + (<usize>p << 3));
    store<f64>(X + (<usize>p << 3), load<f64>(X + (<usize>k << 3)));
    store<f64>(X + (<usize>k << 3), t);
  }
  for (let i = 0; i < n; i++) {
    let sum = load<f64>(X + (<usize>i << 3));
    for (let j = 0; j < i; j++) sum -= load<f64>(at(n, i, j)) * load<f64>(X + (<usize>j << 3));
    store<f64>(X + (<usize>i << 3), sum);
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = load<f64>(X + (<usize>i << 3));
    for (let j = i + 1; j < n; j++) sum -= load<f64>(at(n, i, j)) * load<f64>(X + (<usize>j << 3));
    store<f64>(X + (<usize>i << 3), sum / load<f64>(at(n, i, i)));
  }
}

export function run(n: i32): i32 {
  seed = 12345;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) store<f64>(at(n, i, j), random());
    store<f64>(X + (<usize>i << 3), random());
  }
  decompose(n);
  solve(n);
  let hash: i64 = 0;
  for (let i = 0; i < n * n; i++) {
    hash = rotl<i64>(hash, 5) ^ reinterpret<i64>(load<f64>(A + (<usize>i << 3)));
  }
  for (let i = 0; i < n; i++) {
    hash = rotl<i64>(hash, 5) ^ reinterpret<i64>(load<f64>(X + (<usize>i << 3)));
  }
  return <i32>(hash ^ (hash >>> 32));
}
