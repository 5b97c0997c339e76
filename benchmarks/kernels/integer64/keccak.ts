// The permutation of SHA-3, keccak-f[1600], with its state in memory: 64-bit exclusive ors and rotations.
const STATE: usize = memory.data(200);
const COLUMNS: usize = memory.data(40);
const ROUNDS: usize = memory.data<u64>([
  0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
  0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
  0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
  0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
  0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
]);
const ROTATIONS: usize = memory.data<u8>([
  1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44,
]);
const LANES: usize = memory.data<u8>([
  10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1,
]);

function permute(): void {
  for (let round = 0; round < 24; round++) {
    for (let x = 0; x < 5; x++) {
      let at = STATE + x * 8;
      store<u64>(
        COLUMNS + x * 8,
        load<u64>(at) ^ load<u64>(at, 40) ^ load<u64>(at, 80) ^ load<u64>(at, 120) ^ load<u64>(at, 160),
      );
    }
    for (let x = 0; x < 5; x++) {
      let mix = load<u64>(COLUMNS + ((x + 4) % 5) * 8) ^ rotl<u64>(load<u64>(COLUMNS + ((x + 1) % 5) * 8), 1);
      for (let y = 0; y < 200; y += 40) {
        let at = STATE + x * 8 + y;
        store<u64>(at, load<u64>(at) ^ mix);
      }
    }
    let lane = load<u64>(STATE, 8);
    for (let i = 0; i < 24; i++) {
      let at = STATE + <usize>load<u8>(LANES + i) * 8;
      let next = load<u64>(at);
      store<u64>(at, rotl<u64>(lane, load<u8>(ROTATIONS + i)));
      lane = next;
    }
    for (let y = 0; y < 200; y += 40) {
      let at = STATE + y;
      let a = load<u64>(at);
      let b = load<u64>(at, 8);
      let c = load<u64>(at, 16);
      let d = load<u64>(at, 24);
      let e = load<u64>(at, 32);
      store<u64>(at, a ^ (~b & c));
      store<u64>(at, b ^ (~c & d), 8);
      store<u64>(at, c ^ (~d & e), 16);
      store<u64>(at, d ^ (~e & a), 24);
      store<u64>(at, e ^ (~a & b), 32);
    }
    store<u64>(STATE, load<u64>(STATE) ^ load<u64>(ROUNDS + round * 8));
  }
}

export function run(n: i32): i32 {
  for (let i = 0; i < 200; i += 8) store<u64>(STATE + i, i);
  for (let i = 0; i < n; i++) permute();
  let sum: u64 = 0;
  for (let i = 0; i < 200; i += 8) sum ^= load<u64>(STATE + i);
  return <i32>sum ^ <i32>(sum >> 32);
}
