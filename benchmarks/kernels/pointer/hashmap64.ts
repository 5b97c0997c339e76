// An open-addressing hash table of i64 keys, mixed by 64-bit multiplications and shifts (n <= 131072).
// Stresses i64 arithmetic and comparisons along with scattered loads.
const BITS: i32 = 17;
const MASK: u32 = (1 << BITS) - 1;
const TABLE: usize = memory.data(16 << BITS); // key (0 for none), value

@inline
function mix(x: u64): u64 {
  x ^= x >>> 32;
  x *= 0xd6e8feb86659fd93;
  x ^= x >>> 29;
  x *= 0x9fb21c651e98df25;
  x ^= x >>> 32;
  return x;
}

// The slot of a key, or the free one where it belongs.
function locate(key: u64): usize {
  let i = <u32>mix(key) & MASK;
  let step: u32 = 0;
  while (true) {
    const s = TABLE + (<usize>i << 4);
    const k = load<u64>(s);
    if (k == key || k == 0) return s;
    step++;
    i = (i + step) & MASK;
  }
}

export function run(n: i32): i32 {
  const end = TABLE + (16 << BITS);
  for (let p = TABLE; p < end; p += 16) store<u64>(p, 0);
  let state: u64 = 0x853c49e6748fea9b;
  let keys = 0;
  for (let i = 0; i < n; i++) {
    state = state * 6364136223846793005 + 1442695040888963407;
    const key = (state >>> 33) % <u64>n * 0x9e3779b97f4a7c15 + 1;
    const s = locate(key);
    if (load<u64>(s) == 0) {
      store<u64>(s, key);
      store<u64>(s, 0, 8);
      keys++;
    }
    store<u64>(s, rotl<u64>(load<u64>(s, 8), 9) + <u64>i + 1, 8);
  }
  let hash: u64 = keys;
  for (let i = 0; i < n; i++) {
    const key = <u64>i * 0x9e3779b97f4a7c15 + 1;
    const s = locate(key);
    hash = rotl<u64>(hash, 3) ^ (load<u64>(s) == 0 ? key : load<u64>(s, 8));
  }
  return <i32>(hash ^ (hash >>> 32));
}
