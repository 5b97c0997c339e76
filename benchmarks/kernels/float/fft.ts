// Radix-2 complex FFT of n doubles (n a power of two, n <= 65536), forward and then inverse.
// Stresses f64 butterflies, twiddle factors by recurrence, and bit-reversed memory access.
const MAX_N: i32 = 65536;
const RE: usize = memory.data(MAX_N * 8);
const IM: usize = memory.data(MAX_N * 8);

let seed: u32 = 0;

function random(): f64 {
  seed = seed * 1103515245 + 12345;
  return <f64>((seed >>> 16) & 0x7fff) / 32768.0 - 0.5;
}

@inline
function swap(a: usize, b: usize): void {
  const t = load<f64>(a);
  store<f64>(a, load<f64>(b));
  store<f64>(b, t);
}

function bitReverse(n: i32): void {
  let j = 0;
  for (let i = 0; i < n - 1; i++) {
    if (i < j) {
      const a = <usize>i << 3;
      const b = <usize>j << 3;
      swap(RE + a, RE + b);
      swap(IM + a, IM + b);
    }
    let k = n >> 1;
    while (k <= j) {
      j -= k;
      k >>= 1;
    }
    j += k;
  }
}

function transform(n: i32, direction: f64): void {
  bitReverse(n);
  // The cosine and sine of the angle of one step: pi for the first pass, then halved in each.
  let c: f64 = -1;
  let s: f64 = 0;
  for (let half = 1; half < n; half <<= 1) {
    const step = half << 1;
    let wr: f64 = 1;
    let wi: f64 = 0;
    for (let j = 0; j < half; j++) {
      for (let i = j; i < n; i += step) {
        const p = <usize>i << 3;
        const q = <usize>(i + half) << 3;
        const xr = load<f64>(RE + q);
        const xi = load<f64>(IM + q);
        const tr = wr * xr - wi * xi;
        const ti = wr * xi + wi * xr;
        const ur = load<f64>(RE + p);
        const ui = load<f64>(IM + p);
        store<f64>(RE + q, ur - tr);
        store<f64>(IM + q, ui - ti);
        store<f64>(RE + p, ur + tr);
        store<f64>(IM + p, ui + ti);
      }
      const t = wr * c - wi * s;
      wi = wr * s + wi * c;
      wr = t;
    }
    s = direction * sqrt<f64>((1.0 - c) * 0.5);
    c = sqrt<f64>((1.0 + c) * 0.5);
  }
}

function checksum(n: i32, hash: i64): i64 {
  for (let i = 0; i < n; i++) {
    const p = <usize>i << 3;
    hash = rotl<i64>(hash, 5) ^ reinterpret<i64>(load<f64>(RE + p));
    hash = rotl<i64>(hash, 5) ^ reinterpret<i64>(load<f64>(IM + p));
  }
  return hash;
}

export function run(n: i32): i32 {
  seed = 42;
  for (let i = 0; i < n; i++) {
    store<f64>(RE + (<usize>i << 3), random());
    store<f64>(IM + (<usize>i << 3), random());
  }
  transform(n, -1);
  let hash = checksum(n, 0);
  transform(n, 1);
  const scale = 1.0 / <f64>n;
  for (let i = 0; i < n; i++) {
    const p = <usize>i << 3;
    store<f64>(RE + p, load<f64>(RE + p) * scale);
    store<f64>(IM + p, load<f64>(IM + p) * scale);
  }
  hash = checksum(n, hash);
  return <i32>(hash ^ (hash >>> 32));
}
