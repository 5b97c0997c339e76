// BLAKE2b's compression function over a buffer, working vector in memory, message words picked through a table.
// Stresses 64-bit additions, exclusive ors and rotations between loads and stores of 64 bits.
const LENGTH: i32 = 4096;
const BLOCK: i32 = 128;
const BUFFER: usize = memory.data(LENGTH);
const H: usize = memory.data(64);
const V: usize = memory.data(128);
const IV: usize = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
]);
const SIGMA: usize = memory.data<u8>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
  11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
  7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
  9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
  2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
  12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
  13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
  6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
  10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
]);

@inline
function word(base: usize, i: i32): usize {
  return base + (<usize>i << 3);
}

function mix(a: i32, b: i32, c: i32, d: i32, x: u64, y: u64): void {
  let va = load<u64>(word(V, a));
  let vb = load<u64>(word(V, b));
  let vc = load<u64>(word(V, c));
  let vd = load<u64>(word(V, d));
  va += vb + x;
  vd = rotr<u64>(vd ^ va, 32);
  vc += vd;
  vb = rotr<u64>(vb ^ vc, 24);
  va += vb + y;
  vd = rotr<u64>(vd ^ va, 16);
  vc += vd;
  vb = rotr<u64>(vb ^ vc, 63);
  store<u64>(word(V, a), va);
  store<u64>(word(V, b), vb);
  store<u64>(word(V, c), vc);
  store<u64>(word(V, d), vd);
}

function init(digestLength: i32): void {
  for (let i = 0; i < 8; i++) store<u64>(word(H, i), load<u64>(word(IV, i)));
  store<u64>(H, load<u64>(H) ^ 0x01010000 ^ <u64>digestLength);
}

function compress(block: usize, counter: u64, last: bool): void {
  for (let i = 0; i < 8; i++) {
    store<u64>(word(V, i), load<u64>(word(H, i)));
    store<u64>(word(V, i + 8), load<u64>(word(IV, i)));
  }
  store<u64>(word(V, 12), load<u64>(word(V, 12)) ^ counter);
  if (last) store<u64>(word(V, 14), ~load<u64>(word(V, 14)));
  for (let round = 0; round < 12; round++) {
    const s = SIGMA + <usize>((round % 10) << 4);
    for (let i = 0; i < 4; i++) {
      const x = load<u64>(word(block, load<u8>(s + 2 * i)));
      const y = load<u64>(word(block, load<u8>(s + 2 * i + 1)));
      mix(i, i + 4, i + 8, i + 12, x, y);
    }
    for (let i = 0; i < 4; i++) {
      const x = load<u64>(word(block, load<u8>(s + 2 * i + 8)));
      const y = load<u64>(word(block, load<u8>(s + 2 * i + 9)));
      mix(i, 4 + ((i + 1) & 3), 8 + ((i + 2) & 3), 12 + ((i + 3) & 3), x, y);
    }
  }
  for (let i = 0; i < 8; i++) {
    store<u64>(word(H, i), load<u64>(word(H, i)) ^ load<u64>(word(V, i)) ^ load<u64>(word(V, i + 8)));
  }
}

export function run(n: i32): i32 {
  for (let i = 0; i < LENGTH; i++) store<u8>(BUFFER + i, i * 7 + (i >> 8));
  init(64);
  for (let i = 0; i < n; i++) {
    compress(BUFFER + ((i * BLOCK) & (LENGTH - 1)), <u64>(i + 1) * BLOCK, i == n - 1);
  }
  let sum: u64 = 0;
  for (let i = 0; i < 8; i++) sum = rotl<u64>(sum, 7) ^ load<u64>(word(H, i));
  return <i32>sum ^ <i32>(sum >> 32);
}
