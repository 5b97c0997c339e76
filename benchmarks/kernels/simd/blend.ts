// Blends two images of bytes, sixteen at a time: averages, saturating sums, comparisons.
const SIZE: i32 = 65536;
const A: usize = memory.data(SIZE);
const B: usize = memory.data(SIZE);

function init(): void {
  for (let i = 0; i < SIZE; i++) {
    store<u8>(A + i, <u8>((i * 7) ^ (i >> 5)));
    store<u8>(B + i, <u8>(i * 13 + 5));
  }
}

function blend(): void {
  const least = i8x16.splat(16);
  const step = i8x16.splat(3);
  for (let i = 0; i < SIZE; i += 16) {
    const a = v128.load(A + i);
    const b = v128.load(B + i);
    const mean = i8x16.avgr_u(a, b);
    const isDark = i8x16.lt_u(mean, least);
    v128.store(A + i, v128.bitselect(i8x16.add_sat_u(b, step), mean, isDark));
  }
}

export function run(n: i32): i32 {
  init();
  for (let i = 0; i < n; i++) blend();
  let hash = 0;
  for (let i = 0; i < SIZE; i += 4) hash = hash * 31 + load<i32>(A + i);
  return hash;
}
