// Shortest paths between all pairs of n nodes by Floyd and Warshall, distances in doubles (n <= 256).
// Stresses f64 additions and comparisons with a data-dependent store in a triple loop.
const MAX_N: i32 = 256;
const D: usize = memory.data(MAX_N * MAX_N * 8);

function init(n: i32): void {
  let seed: u32 = 2463534242;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      seed ^= seed << 13;
      seed ^= seed >>> 17;
      seed ^= seed << 5;
      let d = <f64>(seed % 10000) / 16.0 + 1.0;
      if (i == j) d = 0;
      else if (((seed >>> 20) & 7) != 0) d = 1e9;
      store<f64>(D + (<usize>(i * n + j) << 3), d);
    }
  }
}

function paths(n: i32): void {
  const row = <usize>n << 3;
  for (let k = 0; k < n; k++) {
    const krow = D + <usize>k * row;
    for (let i = 0; i < n; i++) {
      const irow = D + <usize>i * row;
      const dik = load<f64>(irow + (<usize>k << 3));
      for (let j: usize = 0; j < row; j += 8) {
        const d = dik + load<f64>(krow + j);
        if (d < load<f64>(irow + j)) store<f64>(irow + j, d);
      }
    }
  }
}

export function run(n: i32): i32 {
  init(n);
  paths(n);
  let hash: i64 = 0;
  for (let i = 0; i < n * n; i++) {
    hash = rotl<i64>(hash, 5) ^ reinterpret<i64>(load<f64>(D + (<usize>i << 3)));
  }
  return <i32>(hash ^ (hash >>> 32));
}
