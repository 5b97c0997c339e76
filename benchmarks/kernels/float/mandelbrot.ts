// Escape times of the Mandelbrot set over an n x n grid, at most 100 iterations for each point.
// Stresses f64 arithmetic held entirely in locals, in a loop with an unpredictable exit.
const LIMIT: i32 = 100;

function escape(cr: f64, ci: f64): i32 {
  let zr: f64 = 0;
  let zi: f64 = 0;
  let zr2: f64 = 0;
  let zi2: f64 = 0;
  let i = 0;
  while (i < LIMIT && zr2 + zi2 <= 4.0) {
    zi = 2.0 * zr * zi + ci;
    zr = zr2 - zi2 + cr;
    zr2 = zr * zr;
    zi2 = zi * zi;
    i++;
  }
  return i;
}

export function run(n: i32): i32 {
  const scale = 1.0 / <f64>n;
  let hash = 0;
  for (let y = 0; y < n; y++) {
    const ci = <f64>y * 2.5 * scale - 1.25;
    for (let x = 0; x < n; x++) {
      const cr = <f64>x * 3.0 * scale - 2.25;
      hash = hash * 31 + escape(cr, ci);
    }
  }
  return hash;
}
