// 64-bit division: greatest common divisors and decimal digits.
function gcd(a: u64, b: u64): u64 {
  while (b != 0) {
    let rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

export function run(n: i32): i32 {
  let state: u64 = 88172645463325252;
  let sum: i32 = 0;
  for (let i = 0; i < n; i++) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    sum += <i32>gcd(state, state >> (i & 31));
    for (let value = state >> (i & 15); value != 0; value /= 10) sum = sum * 3 + <i32>(value % 10);
    sum ^= <i32>(<i64>state / ((i & 7) - 9));
  }
  return sum;
}
