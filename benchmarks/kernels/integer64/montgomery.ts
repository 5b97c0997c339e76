// Montgomery multiplication modulo the 256-bit prime of secp256k1, on eight limbs of 32 bits.
// Stresses 32 x 32 -> 64-bit multiply-add chains with carries, operands in memory.
const LIMBS: i32 = 8;
const MODULUS: usize = memory.data<u32>([
  0xfffffc2f, 0xfffffffe, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
]);
const X: usize = memory.data(32);
const Y: usize = memory.data(32);
const T: usize = memory.data(40); // LIMBS + 2 words

let inverse: u32 = 0; // -1 / MODULUS modulo 2^32

@inline
function limb(base: usize, i: i32): usize {
  return base + (<usize>i << 2);
}

// Each step of Newton's method doubles the number of right bits, of which an odd number has three to begin with.
function init(): void {
  const m = load<u32>(MODULUS);
  let x = m;
  for (let i = 0; i < 4; i++) x *= 2 - m * x;
  inverse = 0 - x;
}

// out = (T >= MODULUS ? T - MODULUS : T)
function reduce(out: usize): void {
  let borrow: i64 = 0;
  for (let i = 0; i < LIMBS; i++) {
    const d = <i64>load<u32>(limb(T, i)) - <i64>load<u32>(limb(MODULUS, i)) + borrow;
    store<u32>(limb(out, i), <u32>d);
    borrow = d >> 32;
  }
  if (<i64>load<u32>(limb(T, LIMBS)) + borrow < 0) {
    for (let i = 0; i < LIMBS; i++) store<u32>(limb(out, i), load<u32>(limb(T, i)));
  }
}

// out = a * b / 2^256 modulo MODULUS; out may be a or b.
function multiply(out: usize, a: usize, b: usize): void {
  for (let i = 0; i < LIMBS + 2; i++) store<u32>(limb(T, i), 0);
  for (let i = 0; i < LIMBS; i++) {
    const factor = <u64>load<u32>(limb(b, i));
    let carry: u64 = 0;
    for (let j = 0; j < LIMBS; j++) {
      const s = <u64>load<u32>(limb(a, j)) * factor + load<u32>(limb(T, j)) + carry;
      store<u32>(limb(T, j), <u32>s);
      carry = s >> 32;
    }
    let top = <u64>load<u32>(limb(T, LIMBS)) + carry;
    store<u32>(limb(T, LIMBS), <u32>top);
    store<u32>(limb(T, LIMBS + 1), <u32>(top >> 32));

    const quotient: u32 = load<u32>(T) * inverse;
    const q = <u64>quotient;
    carry = (q * load<u32>(MODULUS) + load<u32>(T)) >> 32;
    for (let j = 1; j < LIMBS; j++) {
      const s = q * load<u32>(limb(MODULUS, j)) + load<u32>(limb(T, j)) + carry;
      store<u32>(limb(T, j - 1), <u32>s);
      carry = s >> 32;
    }
    top = <u64>load<u32>(limb(T, LIMBS)) + carry;
    store<u32>(limb(T, LIMBS - 1), <u32>top);
    store<u32>(limb(T, LIMBS), load<u32>(limb(T, LIMBS + 1)) + <u32>(top >> 32));
  }
  reduce(out);
}

export function run(n: i32): i32 {
  init();
  for (let i = 0; i < LIMBS; i++) {
    store<u32>(limb(X, i), (<u32>i + 1) * 0x1e3779b9);
    store<u32>(limb(Y, i), (<u32>i + 3) * 0x05ebca6b);
  }
  for (let i = 0; i < n; i++) {
    multiply(X, X, Y);
    multiply(Y, Y, Y);
  }
  let sum: u32 = 0;
  for (let i = 0; i < LIMBS; i++) {
    sum = rotl<u32>(sum, 5) ^ load<u32>(limb(X, i)) ^ rotl<u32>(load<u32>(limb(Y, i)), 16);
  }
  return sum;
}
