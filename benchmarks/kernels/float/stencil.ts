// Jacobi relaxation of doubles on a 128 x 128 grid, n pairs of sweeps between two buffers.
// Stresses f64 additions with neighbour loads at constant offsets.
const SIDE: i32 = 128;
const A: usize = memory.data(SIDE * SIDE * 8);
const B: usize = memory.data(SIDE * SIDE * 8);

@inline
function at(m: usize, i: i32, j: i32): usize {
  return m + (<usize>(i * SIDE + j) << 3);
}

function init(): void {
  for (let i = 0; i < SIDE; i++) {
    for (let j = 0; j < SIDE; j++) {
      store<f64>(at(A, i, j), (<f64>i * <f64>(j + 2) + 2.0) / <f64>SIDE);
      store<f64>(at(B, i, j), (<f64>i * <f64>(j + 3) + 3.0) / <f64>SIDE);
    }
  }
}

function sweep(from: usize, to: usize): void {
  for (let i = 1; i < SIDE - 1; i++) {
    for (let j = 1; j < SIDE - 1; j++) {
      const sum = load<f64>(at(from, i, j)) + load<f64>(at(from, i, j - 1)) + load<f64>(at(from, i, j + 1)) +
        load<f64>(at(from, i + 1, j)) + load<f64>(at(from, i - 1, j));
      store<f64>(at(to, i, j), 0.2 * sum);
    }
  }
}

export function run(n: i32): i32 {
  init();
  for (let t = 0; t < n; t++) {
    sweep(A, B);
    sweep(B, A);
  }
  let hash: i64 = 0;
  for (let i = 0; i < SIDE * SIDE; i++) {
    hash = rotl<i64>(hash, 5) ^ reinterpret<i64>(load<f64>(A + (<usize>i << 3)));
  }
  return <i32>(hash ^ (hash >>> 32));
}
