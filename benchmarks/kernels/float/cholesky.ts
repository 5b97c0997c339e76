// Cholesky factorisation of a symmetric, diagonally dominant n x n matrix of doubles, in place (n <= 512).
// Stresses f64 dot products over triangular loops, with a square root and divisions per row.
const MAX_N: i32 = 512;
const A: usize = memory.data(MAX_N * MAX_N * 8);

@inline
function at(n: i32, i: i32, j: i32): usize {
  return A + (<usize>(i * n + j) << 3);
}

function init(n: i32): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const v = <f64>((i * 13 + j * 7) % 17 - 8) / 16.0;
      store<f64>(at(n, i, j), v);
      store<f64>(at(n, j, i), v);
    }
    store<f64>(at(n, i, i), <f64>n + <f64>(i % 5));
  }
}

function factor(n: i32): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let sum = load<f64>(at(n, i, j));
      for (let k = 0; k < j; k++) sum -= load<f64>(at(n, i, k)) * load<f64>(at(n, j, k));
      store<f64>(at(n, i, j), sum / load<f64>(at(n, j, j)));
    }
    let diagonal = load<f64>(at(n, i, i));
    for (let k = 0; k < i; k++) {
      const v = load<f64>(at(n, i, k));
      diagonal -= v * v;
    }
    store<f64>(at(n, i, i), sqrt<f64>(diagonal));
  }
}

export function run(n: i32): i32 {
  init(n);
  factor(n);
  let hash: i64 = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      hash = rotl<i64>(hash, 5) ^ reinterpret<i64>(load<f64>(at(n, i, j)));
    }
  }
  return <i32>(hash ^ (hash >>> 32));
}
