// Multiplication modulo 2^255-19 on ten limbs of 26 and 25 bits: the field arithmetic of Ed25519, products of words
// summed in 64 bits.
const X: usize = memory.data(40);
const Y: usize = memory.data(40);

function at(base: usize, limb: i32): i64 {
  return load<i32>(base + limb * 4);
}

function multiply(out: usize, f: usize, g: usize): void {
  let carry: i64 = 0;
  let h = memory.data(80);
  for (let i = 0; i < 10; i++) {
    let sum: i64 = 0;
    for (let j = 0; j < 10; j++) {
      let k = i - j;
      // Products of two odd limbs count twice; what goes beyond 2^255 comes back times 19.
      let factor: i64 = k < 0 ? 19 : 1;
      if (k < 0) k += 10;
      if (j & k & 1) factor += factor;
      sum += at(f, j) * at(g, k) * factor;
    }
    store<i64>(h + i * 8, sum);
  }
  for (let round = 0; round < 2; round++) {
    carry = 0;
    for (let i = 0; i < 10; i++) {
      let bits = 26 - (i & 1);
      let limb = load<i64>(h + i * 8) + carry;
      carry = limb >> bits;
      store<i64>(h + i * 8, limb - (carry << bits));
    }
    store<i64>(h, load<i64>(h) + carry * 19);
  }
  for (let i = 0; i < 10; i++) store<i32>(out + i * 4, <i32>load<i64>(h + i * 8));
}

export function run(n: i32): i32 {
  for (let i = 0; i < 10; i++) {
    store<i32>(X + i * 4, i * 3000017 + 5);
    store<i32>(Y + i * 4, i * 1000003 + 9);
  }
  for (let i = 0; i < n; i++) {
    multiply(X, X, Y);
    multiply(Y, Y, Y);
  }
  let sum = 0;
  for (let i = 0; i < 10; i++) sum = sum * 31 + load<i32>(X + i * 4) + load<i32>(Y + i * 4);
  return sum;
}
