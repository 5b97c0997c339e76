// An open-addressing hash table of i32 keys with linear probing: n updates, lookups and removals (n <= 131072).
// Stresses i32 multiplication for hashing and probes at scattered addresses.
const BITS: i32 = 17;
const MASK: u32 = (1 << BITS) - 1;
const TABLE: usize = memory.data(8 << BITS); // key (0 for none), value

let used: i32 = 0;

@inline
function home(key: i32): u32 {
  return <u32>(key * -1640531527) >>> (32 - BITS);
}

@inline
function slot(i: u32): usize {
  return TABLE + (<usize>i << 3);
}

function add(key: i32, value: i32): void {
  let i = home(key);
  while (true) {
    const s = slot(i);
    const k = load<i32>(s);
    if (k == key) {
      store<i32>(s, load<i32>(s, 4) + value, 4);
      return;
    }
    if (k == 0) {
      store<i32>(s, key);
      store<i32>(s, value, 4);
      used++;
      return;
    }
    i = (i + 1) & MASK;
  }
}

function find(key: i32): i32 {
  let i = home(key);
  while (true) {
    const s = slot(i);
    const k = load<i32>(s);
    if (k == key) return load<i32>(s, 4);
    if (k == 0) return -1;
    i = (i + 1) & MASK;
  }
}

// Closes the gap by moving later entries of the same chain back.
function remove(key: i32): void {
  let i = home(key);
  while (load<i32>(slot(i)) != key) {
    if (load<i32>(slot(i)) == 0) return;
    i = (i + 1) & MASK;
  }
  let j = i;
  while (true) {
    j = (j + 1) & MASK;
    const k = load<i32>(slot(j));
    if (k == 0) break;
    if (((j - home(k)) & MASK) >= ((j - i) & MASK)) {
      store<i32>(slot(i), k);
      store<i32>(slot(i), load<i32>(slot(j), 4), 4);
      i = j;
    }
  }
  store<i32>(slot(i), 0);
  used--;
}

export function run(n: i32): i32 {
  for (let i: u32 = 0; i <= MASK; i++) store<i64>(slot(i), 0);
  used = 0;
  let seed: u32 = 521288629;
  for (let i = 0; i < n; i++) {
    seed = seed * 1664525 + 1013904223;
    add(<i32>((seed >>> 8) % <u32>n) * 7 + 1, i);
  }
  let hash = used;
  for (let i = 0; i < n; i++) hash = hash * 31 + find(i * 7 + 1);
  for (let i = 0; i < n; i += 3) remove(i * 7 + 1);
  for (let i = 0; i < n; i++) hash = hash * 31 + find(i * 7 + 1);
  return hash ^ used;
}
