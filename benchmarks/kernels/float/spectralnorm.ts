// Spectral norm of the n x n matrix 1 / ((i + j) (i + j + 1) / 2 + i + 1) by power iteration (n <= 1024).
// Stresses f64 divisions and conversions from integers.
const MAX_N: i32 = 1024;
const U: usize = memory.data(MAX_N * 8);
const V: usize = memory.data(MAX_N * 8);
const T: usize = memory.data(MAX_N * 8);

@inline
function element(i: i32, j: i32): f64 {
  return 1.0 / <f64>(((i + j) * (i + j + 1) >> 1) + i + 1);
}

function times(n: i32, from: usize, to: usize): void {
  for (let i = 0; i < n; i++) {
    let sum: f64 = 0;
    for (let j = 0; j < n; j++) sum += element(i, j) * load<f64>(from + (<usize>j << 3));
    store<f64>(to + (<usize>i << 3), sum);
  }
}

function timesTransposed(n: i32, from: usize, to: usize): void {
  for (let i = 0; i < n; i++) {
    let sum: f64 = 0;
    for (let j = 0; j < n; j++) sum += element(j, i) * load<f64>(from + (<usize>j << 3));
    store<f64>(to + (<usize>i << 3), sum);
  }
}

function timesBoth(n: i32, from: usize, to: usize): void {
  times(n, from, T);
  timesTransposed(n, T, to);
}

export function run(n: i32): i32 {
  for (let i = 0; i < n; i++) store<f64>(U + (<usize>i << 3), 1);
  for (let i = 0; i < 10; i++) {
    timesBoth(n, U, V);
    timesBoth(n, V, U);
  }
  let uv: f64 = 0;
  let vv: f64 = 0;
  for (let i = 0; i < n; i++) {
    const u = load<f64>(U + (<usize>i << 3));
    const v = load<f64>(V + (<usize>i << 3));
    uv += u * v;
    vv += v * v;
  }
  const hash = reinterpret<i64>(sqrt<f64>(uv / vv)) ^ rotl<i64>(reinterpret<i64>(uv), 7);
  return <i32>(hash ^ (hash >>> 32));
}
