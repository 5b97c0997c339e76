// Solutions of the n queens problem by backtracking, with sets of columns and diagonals as bits.
// Stresses recursion from inside a loop, with parameters that live across the call.
let full: i32 = 0;
let visited: i32 = 0;

function place(columns: i32, left: i32, right: i32): i32 {
  visited++;
  if (columns == full) return 1;
  let count = 0;
  let free = full & ~(columns | left | right);
  while (free != 0) {
    const bit = free & -free;
    free ^= bit;
    count += place(columns | bit, (left | bit) << 1, (right | bit) >> 1);
  }
  return count;
}

export function run(n: i32): i32 {
  full = (1 << n) - 1;
  visited = 0;
  const count = place(0, 0, 0);
  return count * 1000003 + visited;
}
