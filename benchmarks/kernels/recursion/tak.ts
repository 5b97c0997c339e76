// The Takeuchi function of n, 2n / 3 and n / 3, with a count of its calls.
// Stresses calls with three parameters, four for each step.
let calls: i32 = 0;

function tak(x: i32, y: i32, z: i32): i32 {
  calls++;
  if (y >= x) return z;
  return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y));
}

export function run(n: i32): i32 {
  calls = 0;
  const result = tak(n, 2 * n / 3, n / 3);
  return calls * 31 + result;
}
