// The product of two n x n matrices of 32-bit integers, modulo 2^32 (n <= 256).
// Stresses i32 multiply-add with one sequential and one strided load in a triple loop.
const MAX_N: i32 = 256;
const A: usize = memory.data(MAX_N * MAX_N * 4);
const B: usize = memory.data(MAX_N * MAX_N * 4);
const C: usize = memory.data(MAX_N * MAX_N * 4);

@inline
function at(m: usize, n: i32, i: i32, j: i32): usize {
  return m + (<usize>(i * n + j) << 2);
}

function init(n: i32): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      store<i32>(at(A, n, i, j), (i * 1103 + j * 57) ^ (i << 16));
      store<i32>(at(B, n, i, j), (i * 31 - j * 771) ^ (j << 12));
    }
  }
}

function multiply(n: i32): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += load<i32>(at(A, n, i, k)) * load<i32>(at(B, n, k, j));
      store<i32>(at(C, n, i, j), sum);
    }
  }
}

export function run(n: i32): i32 {
  init(n);
  multiply(n);
  let hash = 0;
  for (let i = 0; i < n * n; i++) hash = rotl<i32>(hash, 5) ^ load<i32>(C + (<usize>i << 2));
  return hash;
}
