// Heapsort of n pseudo-random i32 (n <= 262144).
// Stresses loads at computed, jumping addresses with dependent comparisons.
const MAX_N: i32 = 262144;
const DATA: usize = memory.data(MAX_N * 4);

@inline
function get(i: i32): i32 {
  return load<i32>(DATA + (<usize>i << 2));
}

@inline
function set(i: i32, v: i32): void {
  store<i32>(DATA + (<usize>i << 2), v);
}

function siftDown(root: i32, size: i32): void {
  const v = get(root);
  while (true) {
    let child = 2 * root + 1;
    if (child >= size) break;
    if (child + 1 < size && get(child + 1) > get(child)) child++;
    if (get(child) <= v) break;
    set(root, get(child));
    root = child;
  }
  set(root, v);
}

export function run(n: i32): i32 {
  let seed: u32 = 987654321;
  for (let i = 0; i < n; i++) {
    seed = seed * 1664525 + 1013904223;
    set(i, seed ^ (seed >>> 15));
  }
  for (let i = (n >> 1) - 1; i >= 0; i--) siftDown(i, n);
  for (let last = n - 1; last > 0; last--) {
    const t = get(0);
    set(0, get(last));
    set(last, t);
    siftDown(0, last);
  }
  let hash = 0;
  for (let i = 0; i < n; i++) {
    if (i > 0 && get(i - 1) > get(i)) return -1;
    hash = hash * 31 + get(i);
  }
  return hash;
}
