// As integer32/chacha, a row of the state in each of four vectors: i32x4 arithmetic, shifts, and lanes moved about.
const STATE: usize = memory.data(64);
const OUT: usize = memory.data(64);

@inline
function rotated(x: v128, count: i32): v128 {
  return v128.or(i32x4.shl(x, count), i32x4.shr_u(x, 32 - count));
}

function block(): void {
  const a0 = v128.load(STATE);
  const b0 = v128.load(STATE, 16);
  const c0 = v128.load(STATE, 32);
  const d0 = v128.load(STATE, 48);
  let a = a0;
  let b = b0;
  let c = c0;
  let d = d0;
  for (let i = 0; i < 20; i++) {
    a = i32x4.add(a, b);
    d = rotated(v128.xor(d, a), 16);
    c = i32x4.add(c, d);
    b = rotated(v128.xor(b, c), 12);
    a = i32x4.add(a, b);
    d = rotated(v128.xor(d, a), 8);
    c = i32x4.add(c, d);
    b = rotated(v128.xor(b, c), 7);
    // To the diagonals, and back.
    if ((i & 1) == 0) {
      b = v128.shuffle<i32>(b, b, 1, 2, 3, 0);
      c = v128.shuffle<i32>(c, c, 2, 3, 0, 1);
      d = v128.shuffle<i32>(d, d, 3, 0, 1, 2);
    } else {
      b = v128.shuffle<i32>(b, b, 3, 0, 1, 2);
      c = v128.shuffle<i32>(c, c, 2, 3, 0, 1);
      d = v128.shuffle<i32>(d, d, 1, 2, 3, 0);
    }
  }
  v128.store(OUT, i32x4.add(a, a0));
  v128.store(OUT, i32x4.add(b, b0), 16);
  v128.store(OUT, i32x4.add(c, c0), 32);
  v128.store(OUT, i32x4.add(d, d0), 48);
}

export function run(n: i32): i32 {
  store<u32>(STATE, 0x61707865);
  store<u32>(STATE, 0x3320646e, 4);
  store<u32>(STATE, 0x79622d32, 8);
  store<u32>(STATE, 0x6b206574, 12);
  for (let i = 4; i < 16; i++) store<u32>(STATE + i * 4, i * 0x01010101);
  let sum: u32 = 0;
  for (let i = 0; i < n; i++) {
    store<u32>(STATE, i, 48);
    block();
    for (let j = 0; j < 64; j += 4) sum = rotl<u32>(sum, 1) ^ load<u32>(OUT + j);
  }
  return sum;
}
