// Histograms of n bytes and of n / 2 halfwords (n <= 1048576, even), prefix sums, and a counting sort of the bytes.
// Stresses narrow loads feeding addresses, and read-modify-write of counters.
const MAX_N: i32 = 1048576;
const DATA: usize = memory.data(MAX_N);
const SORTED: usize = memory.data(MAX_N);
const COUNTS: usize = memory.data(256 * 4);
const WIDE: usize = memory.data(65536 * 2);

export function run(n: i32): i32 {
  let seed: u32 = 314159265;
  for (let i = 0; i < n; i++) {
    seed = seed * 1664525 + 1013904223;
    // The lesser of two random bytes: a skewed distribution.
    const a = seed >>> 24;
    const b = (seed >>> 16) & 255;
    store<u8>(DATA + <usize>i, a < b ? a : b);
  }
  for (let i = 0; i < 256; i++) store<i32>(COUNTS + (<usize>i << 2), 0);
  for (let i = 0; i < 65536; i++) store<u16>(WIDE + (<usize>i << 1), 0);

  for (let i = 0; i < n; i++) {
    const c = COUNTS + (<usize>load<u8>(DATA + <usize>i) << 2);
    store<i32>(c, load<i32>(c) + 1);
  }
  for (let i = 0; i < n; i += 2) {
    const c = WIDE + (<usize>load<u16>(DATA + <usize>i) << 1);
    store<u16>(c, load<u16>(c) + 1);
  }

  let sum = 0;
  for (let i = 0; i < 256; i++) {
    const c = COUNTS + (<usize>i << 2);
    const count = load<i32>(c);
    store<i32>(c, sum);
    sum += count;
  }
  for (let i = 0; i < n; i++) {
    const v = load<u8>(DATA + <usize>i);
    const c = COUNTS + (<usize>v << 2);
    const position = load<i32>(c);
    store<i32>(c, position + 1);
    store<u8>(SORTED + <usize>position, v);
  }

  let hash = 0;
  for (let i = 0; i < 256; i++) hash = hash * 31 + load<i32>(COUNTS + (<usize>i << 2));
  for (let i = 0; i < 65536; i++) hash = hash * 31 + load<u16>(WIDE + (<usize>i << 1));
  for (let i = 0; i < n; i++) hash = hash * 31 + load<u8>(SORTED + <usize>i);
  return hash;
}
