// A trie with sixteen-way nodes: n generated words of 3 to 8 letters inserted, n others looked up (n <= 32768).
// Stresses chains of indexed pointer loads driven by byte loads.
const MAX_N: i32 = 32768;
const NODE: usize = 72; // count, words below, 16 children
const POOL: usize = memory.data(MAX_N * 4 * 72);
const END: usize = POOL + MAX_N * 4 * 72;
const WORD: usize = memory.data(16);

let next: usize = 0;
let seed: u32 = 0;

function create(): usize {
  const node = next;
  next += NODE;
  for (let p = node; p < node + NODE; p += 8) store<i64>(p, 0);
  return node;
}

// Writes a word into WORD, its early letters more frequent, and returns its length.
function word(): i32 {
  seed = seed * 1664525 + 1013904223;
  const length = 3 + <i32>((seed >>> 24) % 6);
  for (let i = 0; i < length; i++) {
    seed = seed * 1664525 + 1013904223;
    const r = seed >>> 24;
    store<u8>(WORD + <usize>i, 97 + (r & (r >>> 4) & 15));
  }
  return length;
}

@inline
function child(node: usize, i: i32): usize {
  return node + 8 + ((<usize>load<u8>(WORD + <usize>i) - 97) << 2);
}

function insert(root: usize, length: i32): void {
  let node = root;
  for (let i = 0; i < length; i++) {
    store<i32>(node, load<i32>(node, 4) + 1, 4);
    const link = child(node, i);
    let below = load<usize>(link);
    if (below == 0) {
      if (next + NODE > END) return;
      below = create();
      store<usize>(link, below);
    }
    node = below;
  }
  store<i32>(node, load<i32>(node) + 1);
}

// The number of times that the word was inserted, and of the words that share its longest known prefix.
function lookup(root: usize, length: i32): i32 {
  let node = root;
  for (let i = 0; i < length; i++) {
    const below = load<usize>(child(node, i));
    if (below == 0) return load<i32>(node, 4) << 4;
    node = below;
  }
  return load<i32>(node) + (load<i32>(node, 4) << 4);
}

function walk(node: usize, hash: i32): i32 {
  hash = hash * 31 + load<i32>(node);
  for (let i: usize = 0; i < 16; i++) {
    const below = load<usize>(node + (i << 2), 8);
    if (below != 0) hash = walk(below, hash ^ <i32>i);
  }
  return hash;
}

export function run(n: i32): i32 {
  next = POOL;
  seed = 77;
  const root = create();
  for (let i = 0; i < n; i++) insert(root, word());
  let hash = 0;
  for (let i = 0; i < n; i++) hash = hash * 31 + lookup(root, word());
  return walk(root, hash);
}
