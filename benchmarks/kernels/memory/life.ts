// Conway's game of life on a 96 x 96 torus, one byte for each cell, n generations.
// Stresses byte loads around a moving point, small sums and byte stores.
const SIDE: i32 = 96;
const CELLS: i32 = SIDE * SIDE;
const A: usize = memory.data(CELLS);
const B: usize = memory.data(CELLS);

function generation(from: usize, to: usize): void {
  for (let y = 0; y < SIDE; y++) {
    const above = from + <usize>((y == 0 ? SIDE - 1 : y - 1) * SIDE);
    const here = from + <usize>(y * SIDE);
    const below = from + <usize>((y == SIDE - 1 ? 0 : y + 1) * SIDE);
    const out = to + <usize>(y * SIDE);
    for (let x = 0; x < SIDE; x++) {
      const left = <usize>(x == 0 ? SIDE - 1 : x - 1);
      const right = <usize>(x == SIDE - 1 ? 0 : x + 1);
      const neighbours = <i32>load<u8>(above + left) + <i32>load<u8>(above + <usize>x) +
        <i32>load<u8>(above + right) + <i32>load<u8>(here + left) + <i32>load<u8>(here + right) +
        <i32>load<u8>(below + left) + <i32>load<u8>(below + <usize>x) + <i32>load<u8>(below + right);
      const alive = <i32>load<u8>(here + <usize>x);
      store<u8>(out + <usize>x, <i32>(neighbours == 3) | (<i32>(neighbours == 2) & alive));
    }
  }
}

export function run(n: i32): i32 {
  let seed: u32 = 88172645;
  for (let i = 0; i < CELLS; i++) {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    store<u8>(A + <usize>i, (seed >>> 9) & 1);
  }
  let from = A;
  let to = B;
  for (let i = 0; i < n; i++) {
    generation(from, to);
    const t = from;
    from = to;
    to = t;
  }
  let hash = 0;
  for (let i = 0; i < CELLS; i++) hash = hash * 31 + load<u8>(from + <usize>i);
  return hash;
}
