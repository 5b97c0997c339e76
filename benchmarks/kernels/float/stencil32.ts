// Floats: n rounds of a 3-point smoothing of a row of 4096 and of a 5-point heat step on a 64 x 64 grid.
// Stresses f32 arithmetic with rounding at every step, and neighbour loads.
const ROW: i32 = 4096;
const SIDE: i32 = 64;
const LINE: usize = memory.data(ROW * 4);
const GRID: usize = memory.data(SIDE * SIDE * 4);
const NEXT: usize = memory.data(SIDE * SIDE * 4);

function init(): void {
  for (let i = 0; i < ROW; i++) {
    store<f32>(LINE + (<usize>i << 2), <f32>((i * 37) % 101) * 0.01);
  }
  for (let i = 0; i < SIDE * SIDE; i++) {
    const v = <f32>((i * 53) % 97) / 97.0;
    store<f32>(GRID + (<usize>i << 2), v);
    store<f32>(NEXT + (<usize>i << 2), v);
  }
}

// In place: the value to the left is kept in a local before it is overwritten.
function smooth(): void {
  let left = load<f32>(LINE);
  let here = load<f32>(LINE, 4);
  const end = LINE + (<usize>(ROW - 1) << 2);
  for (let p = LINE + 4; p < end; p += 4) {
    const right = load<f32>(p, 4);
    store<f32>(p, <f32>0.25 * left + <f32>0.5 * here + <f32>0.25 * right);
    left = here;
    here = right;
  }
}

function heat(from: usize, to: usize, k: f32): void {
  for (let i = 1; i < SIDE - 1; i++) {
    for (let j = 1; j < SIDE - 1; j++) {
      const offset = <usize>(i * SIDE + j) << 2;
      const p = from + offset;
      const here = load<f32>(p);
      const around = load<f32>(p - 4) + load<f32>(p, 4) + load<f32>(p - SIDE * 4) + load<f32>(p, SIDE * 4);
      store<f32>(to + offset, here + k * (around - <f32>4.0 * here));
    }
  }
}

export function run(n: i32): i32 {
  init();
  for (let t = 0; t < n; t++) {
    smooth();
    heat(GRID, NEXT, 0.2);
    heat(NEXT, GRID, 0.15);
  }
  let hash = 0;
  for (let i = 0; i < ROW; i++) {
    hash = rotl<i32>(hash, 5) ^ reinterpret<i32>(load<f32>(LINE + (<usize>i << 2)));
  }
  for (let i = 0; i < SIDE * SIDE; i++) {
    hash = rotl<i32>(hash, 5) ^ reinterpret<i32>(load<f32>(GRID + (<usize>i << 2)));
  }
  return hash;
}
