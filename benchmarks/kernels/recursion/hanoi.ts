// The towers of Hanoi with n discs (n <= 30), every move carried out on pegs in memory.
// Stresses recursion with four parameters and small stacks in memory.
const PEGS: usize = memory.data(3 * 32);
const HEIGHTS: usize = memory.data(3 * 4);

let hash: i32 = 0;

function move(from: i32, to: i32): void {
  const source = HEIGHTS + (<usize>from << 2);
  const target = HEIGHTS + (<usize>to << 2);
  const height = load<i32>(source) - 1;
  const disc = load<u8>(PEGS + <usize>(from * 32 + height));
  store<i32>(source, height);
  const place = load<i32>(target);
  store<u8>(PEGS + <usize>(to * 32 + place), disc);
  store<i32>(target, place + 1);
  hash = hash * 31 + (<i32>disc * 9 + from * 3 + to);
}

function solve(n: i32, from: i32, to: i32, spare: i32): void {
  if (n == 0) return;
  solve(n - 1, from, spare, to);
  move(from, to);
  solve(n - 1, spare, to, from);
}

export function run(n: i32): i32 {
  hash = 0;
  for (let i: usize = 0; i < 3; i++) store<i32>(HEIGHTS + (i << 2), 0);
  for (let i = 0; i < n; i++) store<u8>(PEGS + <usize>i, n - i);
  store<i32>(HEIGHTS, n);
  solve(n, 0, 2, 1);
  for (let i = 0; i < n; i++) hash = hash * 31 + load<u8>(PEGS + <usize>(64 + i));
  return hash;
}
