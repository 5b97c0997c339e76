// The Ackermann function of 3 and n, with a count of its calls.
// Stresses deep and nested recursion.
let calls: i32 = 0;

function ackermann(m: i32, n: i32): i32 {
  calls++;
  if (m == 0) return n + 1;
  if (n == 0) return ackermann(m - 1, 1);
  return ackermann(m - 1, ackermann(m, n - 1));
}

export function run(n: i32): i32 {
  calls = 0;
  const result = ackermann(3, n);
  return calls * 31 + result;
}
