// FNV-1a with 64 bits over a buffer, again and again, each time from the hash before.
// Stresses one dependent chain of 64-bit multiplications and exclusive ors with loaded bytes.
const LENGTH: i32 = 16384;
const BUFFER: usize = memory.data(LENGTH);
const OFFSET: u64 = 0xcbf29ce484222325;
const PRIME: u64 = 0x100000001b3;

function fnv1a(hash: u64, start: usize, length: i32): u64 {
  const end = start + <usize>length;
  for (let at = start; at < end; at++) hash = (hash ^ <u64>load<u8>(at)) * PRIME;
  return hash;
}

export function run(n: i32): i32 {
  for (let i = 0; i < LENGTH; i++) store<u8>(BUFFER + i, i * 11 + (i >> 8));
  let hash = OFFSET;
  for (let i = 0; i < n; i++) hash = fnv1a(hash, BUFFER, LENGTH - (i & 15));
  return <i32>hash ^ <i32>(hash >> 32);
}
