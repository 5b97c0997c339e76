// Lengths and peaks of the Collatz sequences that start at 1 to n (n < 159487, where 32 bits no longer hold the peak).
// Stresses unpredictable branches and short 32-bit arithmetic in locals only.
let peak: u32 = 0;

function steps(start: u32): i32 {
  let value = start;
  let highest = start;
  let count = 0;
  while (value != 1) {
    if (value & 1) {
      value = value * 3 + 1;
      if (value > highest) highest = value;
    } else {
      value >>= 1;
    }
    count++;
  }
  peak = highest;
  return count;
}

export function run(n: i32): i32 {
  let longest = 0;
  let sum = 0;
  for (let i = 1; i <= n; i++) {
    const count = steps(i);
    if (count > longest) longest = count;
    sum = sum * 31 + count + <i32>peak;
  }
  return sum ^ longest;
}
