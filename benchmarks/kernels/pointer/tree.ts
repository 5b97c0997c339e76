// A binary search tree with n random keys (n <= 65536): insertions, lookups, deletions and a traversal.
// Stresses chains of dependent loads with unpredictable branches.
const MAX_N: i32 = 65536;
const NODE: usize = 16; // key, value, left, right
const POOL: usize = memory.data(MAX_N * 16);

let next: usize = 0;
let root: usize = 0;
let seed: u32 = 0;

function random(): u32 {
  seed ^= seed << 13;
  seed ^= seed >>> 17;
  seed ^= seed << 5;
  return seed;
}

function create(key: i32, value: i32): usize {
  const node = next;
  next += NODE;
  store<i32>(node, key);
  store<i32>(node, value, 4);
  store<usize>(node, 0, 8);
  store<usize>(node, 0, 12);
  return node;
}

function insert(key: i32, value: i32): void {
  if (root == 0) {
    root = create(key, value);
    return;
  }
  let node = root;
  while (true) {
    const k = load<i32>(node);
    if (key == k) {
      store<i32>(node, load<i32>(node, 4) + value, 4);
      return;
    }
    const link = key < k ? node + 8 : node + 12;
    const child = load<usize>(link);
    if (child == 0) {
      store<usize>(link, create(key, value));
      return;
    }
    node = child;
  }
}

function find(key: i32): usize {
  let node = root;
  while (node != 0) {
    const k = load<i32>(node);
    if (key == k) return node;
    node = key < k ? load<usize>(node, 8) : load<usize>(node, 12);
  }
  return 0;
}

function remove(key: i32): bool {
  let parent: usize = 0; // the address of the link to the node, 0 for the root
  let node = root;
  while (node != 0 && load<i32>(node) != key) {
    parent = key < load<i32>(node) ? node + 8 : node + 12;
    node = load<usize>(parent);
  }
  if (node == 0) return false;
  const left = load<usize>(node, 8);
  const right = load<usize>(node, 12);
  let child = left == 0 ? right : left;
  if (left != 0 && right != 0) {
    // The smallest node on the right takes the place.
    let link = node + 12;
    let least = right;
    while (load<usize>(least, 8) != 0) {
      link = least + 8;
      least = load<usize>(link);
    }
    store<usize>(link, load<usize>(least, 12));
    store<usize>(least, left, 8);
    store<usize>(least, load<usize>(node, 12), 12);
    child = least;
  }
  if (parent == 0) root = child;
  else store<usize>(parent, child);
  return true;
}

function walk(node: usize, hash: i32): i32 {
  while (node != 0) {
    hash = walk(load<usize>(node, 8), hash);
    hash = (hash * 31 + load<i32>(node)) ^ load<i32>(node, 4);
    node = load<usize>(node, 12);
  }
  return hash;
}

export function run(n: i32): i32 {
  next = POOL;
  root = 0;
  seed = 123456789;
  const range = <u32>n * 2;
  for (let i = 0; i < n; i++) insert(<i32>(random() % range), i);
  let found = 0;
  for (let i = 0; i < n; i++) {
    const node = find(<i32>(random() % range));
    if (node != 0) found += load<i32>(node, 4);
  }
  let removed = 0;
  for (let i = 0; i < n >> 1; i++) {
    if (remove(<i32>(random() % range))) removed++;
  }
  return walk(root, found * 31 + removed);
}
