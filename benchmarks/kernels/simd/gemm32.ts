// As float/gemm32, four lanes at a time: f32x4 arithmetic, loads and stores.
const MAX_N: i32 = 256;
const A: usize = memory.data(MAX_N * MAX_N * 4);
const B: usize = memory.data(MAX_N * MAX_N * 4);
const C: usize = memory.data(MAX_N * MAX_N * 4);

function init(n: i32): void {
  let p: usize = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      store<f32>(A + p, <f32>((i * 7 + j * 3) % 31) * 0.125 - 1.5);
      store<f32>(B + p, <f32>((i * 5 + j * 11) % 29) / 29.0);
      store<f32>(C + p, 0);
      p += 4;
    }
  }
}

function multiply(n: i32): void {
  const row = <usize>n << 2;
  for (let i = 0; i < n; i++) {
    const arow = A + <usize>i * row;
    const crow = C + <usize>i * row;
    for (let k = 0; k < n; k++) {
      const a = f32x4.splat(load<f32>(arow + (<usize>k << 2)));
      const brow = B + <usize>k * row;
      for (let j: usize = 0; j < row; j += 16) {
        const c = crow + j;
        v128.store(c, f32x4.add(v128.load(c), f32x4.mul(a, v128.load(brow + j))));
      }
    }
  }
}

export function run(n: i32): i32 {
  init(n);
  multiply(n);
  let hash = 0;
  for (let i = 0; i < n * n; i++) {
    hash = rotl<i32>(hash, 5) ^ reinterpret<i32>(load<f32>(C + (<usize>i << 2)));
  }
  return hash;
}
