// Copy loops over a 16 KiB block, n rounds: by bytes, by words, by unaligned words, and overlapping both ways.
// Stresses loads and stores of every width with next to no arithmetic.
const SIZE: usize = 16384;
const A: usize = memory.data(16384 + 64);
const B: usize = memory.data(16384 + 64);

function copyBytes(to: usize, from: usize, size: usize): void {
  for (let i: usize = 0; i < size; i++) store<u8>(to + i, load<u8>(from + i));
}

function copyWords(to: usize, from: usize, size: usize): void {
  const end = from + (size & ~15);
  while (from < end) {
    store<i32>(to, load<i32>(from));
    store<i32>(to, load<i32>(from, 4), 4);
    store<i32>(to, load<i32>(from, 8), 8);
    store<i32>(to, load<i32>(from, 12), 12);
    to += 16;
    from += 16;
  }
  copyBytes(to, from, size & 15);
}

function copyLongs(to: usize, from: usize, size: usize): void {
  while (size >= 8) {
    store<i64>(to, load<i64>(from));
    to += 8;
    from += 8;
    size -= 8;
  }
  copyBytes(to, from, size);
}

function move(to: usize, from: usize, size: usize): void {
  if (to <= from) {
    copyBytes(to, from, size);
    return;
  }
  while (size > 0) {
    size--;
    store<u8>(to + size, load<u8>(from + size));
  }
}

function fill(to: usize, value: i32, size: usize): void {
  const word = (value & 255) * 0x01010101;
  const end = to + size;
  for (; to + 4 <= end; to += 4) store<i32>(to, word);
  for (; to < end; to++) store<u8>(to, value);
}

export function run(n: i32): i32 {
  let seed: u32 = 1;
  for (let i: usize = 0; i < SIZE + 64; i++) {
    seed = seed * 1103515245 + 12345;
    store<u8>(A + i, seed >>> 16);
    store<u8>(B + i, 0);
  }
  let hash = 0;
  for (let round = 0; round < n; round++) {
    const shift = <usize>(round % 13);
    copyBytes(B + shift, A, SIZE);
    copyWords(A, B, SIZE + 7);
    move(A + 3, A, SIZE - 1);
    copyLongs(B + 1, A + 2, SIZE + 3);
    move(B, B + 5, SIZE);
    fill(B + (<usize>(round * 37) & (SIZE - 1)), round, 29);
    copyWords(A, B + 2, SIZE);
    hash = hash * 31 + load<i32>(A + (<usize>(round * 997) & (SIZE - 1)));
  }
  for (let i: usize = 0; i < SIZE + 64; i++) {
    hash = (hash ^ load<u8>(A + i)) * 16777619;
    hash = (hash ^ load<u8>(B + i)) * 16777619;
  }
  return hash;
}
