// splitmix64: a chain of 64-bit multiplications, shifts and exclusive ors.
export function run(n: i32): i32 {
  let state: u64 = 0;
  let sum: u64 = 0;
  for (let i = 0; i < n; i++) {
    state += 0x9e3779b97f4a7c15;
    let z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    sum ^= z ^ (z >> 31);
  }
  return <i32>sum ^ <i32>(sum >> 32);
}
