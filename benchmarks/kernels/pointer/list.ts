// A singly linked list of n nodes (n <= 131072): built, reversed, merge sorted, filtered and summed.
// Stresses pointer chasing and stores into links.
const MAX_N: i32 = 131072;
const NODE: usize = 8; // next, value
const POOL: usize = memory.data(MAX_N * 8);

let top: usize = 0;

function push(value: i32, list: usize): usize {
  const node = top;
  top += NODE;
  store<usize>(node, list);
  store<i32>(node, value, 4);
  return node;
}

function reverse(list: usize): usize {
  let result: usize = 0;
  while (list != 0) {
    const next = load<usize>(list);
    store<usize>(list, result);
    result = list;
    list = next;
  }
  return result;
}

function merge(a: usize, b: usize): usize {
  let head: usize = 0;
  let tail: usize = 0;
  while (a != 0 && b != 0) {
    let node: usize;
    if (load<i32>(b, 4) < load<i32>(a, 4)) {
      node = b;
      b = load<usize>(b);
    } else {
      node = a;
      a = load<usize>(a);
    }
    if (tail == 0) head = node;
    else store<usize>(tail, node);
    tail = node;
  }
  const rest = a != 0 ? a : b;
  if (tail == 0) return rest;
  store<usize>(tail, rest);
  return head;
}

function sort(list: usize): usize {
  if (list == 0 || load<usize>(list) == 0) return list;
  let slow = list;
  let fast = load<usize>(list);
  while (fast != 0) {
    fast = load<usize>(fast);
    if (fast == 0) break;
    fast = load<usize>(fast);
    if (fast == 0) break;
    slow = load<usize>(slow);
  }
  const second = load<usize>(slow);
  store<usize>(slow, 0);
  return merge(sort(list), sort(second));
}

// Drops the nodes whose value is the same as the one before, or a multiple of eight.
function filter(list: usize): usize {
  let head: usize = 0;
  let tail: usize = 0;
  for (; list != 0; list = load<usize>(list)) {
    const value = load<i32>(list, 4);
    if ((value & 7) == 0 || (tail != 0 && load<i32>(tail, 4) == value)) continue;
    if (tail == 0) head = list;
    else store<usize>(tail, list);
    tail = list;
  }
  if (tail != 0) store<usize>(tail, 0);
  return head;
}

function checksum(list: usize, hash: i32): i32 {
  for (; list != 0; list = load<usize>(list)) hash = hash * 31 + load<i32>(list, 4);
  return hash;
}

export function run(n: i32): i32 {
  top = POOL;
  let seed: u32 = 362436069;
  let list: usize = 0;
  for (let i = 0; i < n; i++) {
    seed = seed * 1664525 + 1013904223;
    list = push(seed >>> 12, list);
  }
  list = reverse(list);
  let hash = checksum(list, 0);
  list = sort(list);
  hash = checksum(list, hash);
  list = filter(reverse(list));
  return checksum(list, hash);
}
