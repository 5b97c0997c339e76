// Quicksort of n pseudo-random i32 (n <= 262144), median of three, insertion sort for short ranges.
// Stresses i32 loads, stores and comparisons with unpredictable branches.
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

@inline
function exchange(i: i32, j: i32): void {
  const t = get(i);
  set(i, get(j));
  set(j, t);
}

function insertionSort(low: i32, high: i32): void {
  for (let i = low + 1; i <= high; i++) {
    const v = get(i);
    let j = i - 1;
    while (j >= low && get(j) > v) {
      set(j + 1, get(j));
      j--;
    }
    set(j + 1, v);
  }
}

function sort(low: i32, high: i32): void {
  while (high - low > 12) {
    const middle = (low + high) >>> 1;
    if (get(middle) < get(low)) exchange(middle, low);
    if (get(high) < get(low)) exchange(high, low);
    if (get(high) < get(middle)) exchange(high, middle);
    const pivot = get(middle);
    let i = low;
    let j = high;
    while (i <= j) {
      while (get(i) < pivot) i++;
      while (get(j) > pivot) j--;
      if (i <= j) {
        exchange(i, j);
        i++;
        j--;
      }
    }
    // The shorter side by recursion, the longer one by the loop.
    if (j - low < high - i) {
      sort(low, j);
      low = i;
    } else {
      sort(i, high);
      high = j;
    }
  }
  insertionSort(low, high);
}

export function run(n: i32): i32 {
  let seed: u32 = 2463534242;
  for (let i = 0; i < n; i++) {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    set(i, seed);
  }
  sort(0, n - 1);
  let hash = 0;
  for (let i = 0; i < n; i++) {
    if (i > 0 && get(i - 1) > get(i)) return -1;
    hash = hash * 31 + get(i);
  }
  return hash;
}
