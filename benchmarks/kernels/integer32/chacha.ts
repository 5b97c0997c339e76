// ChaCha20's block function, state in memory: 32-bit additions, exclusive ors and rotations.
const STATE: usize = memory.data(64);
const OUT: usize = memory.data(64);
const WORKING: usize = memory.data(64);

function quarter(a: i32, b: i32, c: i32, d: i32): void {
  let pa = WORKING + a * 4;
  let pb = WORKING + b * 4;
  let pc = WORKING + c * 4;
  let pd = WORKING + d * 4;
  let wa = load<u32>(pa);
  let wb = load<u32>(pb);
  let wc = load<u32>(pc);
  let wd = load<u32>(pd);
  wa += wb;
  wd = rotl<u32>(wd ^ wa, 16);
  wc += wd;
  wb = rotl<u32>(wb ^ wc, 12);
  wa += wb;
  wd = rotl<u32>(wd ^ wa, 8);
  wc += wd;
  wb = rotl<u32>(wb ^ wc, 7);
  store<u32>(pa, wa);
  store<u32>(pb, wb);
  store<u32>(pc, wc);
  store<u32>(pd, wd);
}

function block(): void {
  for (let i = 0; i < 64; i += 4) store<u32>(WORKING + i, load<u32>(STATE + i));
  for (let i = 0; i < 10; i++) {
    quarter(0, 4, 8, 12);
    quarter(1, 5, 9, 13);
    quarter(2, 6, 10, 14);
    quarter(3, 7, 11, 15);
    quarter(0, 5, 10, 15);
    quarter(1, 6, 11, 12);
    quarter(2, 7, 8, 13);
    quarter(3, 4, 9, 14);
  }
  for (let i = 0; i < 64; i += 4) store<u32>(OUT + i, load<u32>(WORKING + i) + load<u32>(STATE + i));
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
