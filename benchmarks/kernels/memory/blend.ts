// Blends two images of bytes: as simd/blend, byte by byte.
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
  for (let i = 0; i < SIZE; i++) {
    const a: u32 = load<u8>(A + i);
    const b: u32 = load<u8>(B + i);
    const mean = (a + b + 1) >> 1;
    store<u8>(A + i, mean < 16 ? min<u32>(b + 3, 255) : mean);
  }
}

export function run(n: i32): i32 {
  init();
  for (let i = 0; i < n; i++) blend();
  let hash = 0;
  for (let i = 0; i < SIZE; i += 4) hash = hash * 31 + load<i32>(A + i);
  return hash;
}
