// SipHash-2-4 of a buffer, again and again: 64-bit additions, rotations and exclusive ors in locals.
const LENGTH: i32 = 4096;
const BUFFER: usize = memory.data(LENGTH);


function siphash(start: usize, length: i32, k0: u64, k1: u64): u64 {
  let a = k0 ^ 0x736f6d6570736575;
  let b = k1 ^ 0x646f72616e646f6d;
  let c = k0 ^ 0x6c7967656e657261;
  let d = k1 ^ 0x7465646279746573;
  let end = start + (length & ~7);
  for (let at = start; at < end; at += 8) {
    let word = load<u64>(at);
    d ^= word;
    for (let i = 0; i < 2; i++) {
      a += b;
      b = rotl<u64>(b, 13) ^ a;
      a = rotl<u64>(a, 32);
      c += d;
      d = rotl<u64>(d, 16) ^ c;
      a += d;
      d = rotl<u64>(d, 21) ^ a;
      c += b;
      b = rotl<u64>(b, 17) ^ c;
      c = rotl<u64>(c, 32);
    }
    a ^= word;
  }
  let last = (<u64>length) << 56;
  for (let i = 0; i < (length & 7); i++) last |= (<u64>load<u8>(end + i)) << (8 * i);
  d ^= last;
  for (let i = 0; i < 6; i++) {
    if (i == 2) {
      a ^= last;
      c ^= 0xff;
    }
    a += b;
    b = rotl<u64>(b, 13) ^ a;
    a = rotl<u64>(a, 32);
    c += d;
    d = rotl<u64>(d, 16) ^ c;
    a += d;
    d = rotl<u64>(d, 21) ^ a;
    c += b;
    b = rotl<u64>(b, 17) ^ c;
    c = rotl<u64>(c, 32);
  }
  return a ^ b ^ c ^ d;
}

export function run(n: i32): i32 {
  for (let i = 0; i < LENGTH; i++) store<u8>(BUFFER + i, i * 7);
  let sum: u64 = 0;
  for (let i = 0; i < n; i++) sum ^= siphash(BUFFER, LENGTH - (i & 15), sum, i);
  return <i32>sum ^ <i32>(sum >> 32);
}
