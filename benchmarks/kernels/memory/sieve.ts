// Primes below n by the sieve of Eratosthenes, one byte for each number (n <= 2097152).
// Stresses byte stores at a growing stride and byte scans.
const MAX_N: i32 = 2097152;
const FLAGS: usize = memory.data(MAX_N);

export function run(n: i32): i32 {
  for (let i = 0; i < n; i++) store<u8>(FLAGS + <usize>i, 1);
  for (let i = 2; i * i < n; i++) {
    if (load<u8>(FLAGS + <usize>i) == 0) continue;
    for (let j = i * i; j < n; j += i) store<u8>(FLAGS + <usize>j, 0);
  }
  let count = 0;
  let hash = 0;
  for (let i = 2; i < n; i++) {
    if (load<u8>(FLAGS + <usize>i) != 0) {
      count++;
      hash = hash * 31 + i;
    }
  }
  return hash ^ count;
}
