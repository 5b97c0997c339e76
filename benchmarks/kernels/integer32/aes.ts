// AES-128 encryption of n blocks in a chain (each block is masked with the ciphertext before), with four tables.
// Stresses 32-bit table loads indexed by bytes of words, shifts and exclusive ors.
const LENGTH: i32 = 4096;
const BUFFER: usize = memory.data(LENGTH);
const SBOX: usize = memory.data(256);
const TABLES: usize = memory.data(4096); // four of 256 words
const KEY: usize = memory.data(16);
const ROUND_KEYS: usize = memory.data(176);
const CHAIN: usize = memory.data(16);

// Multiplies by x in GF(2^8).
function double(a: u32): u32 {
  return ((a << 1) ^ (a & 0x80 ? 0x1b : 0)) & 0xff;
}

// p goes through the powers of 3, q through those of 1/3, so that q is always the inverse of p.
function makeSbox(): void {
  let p: u32 = 1;
  let q: u32 = 1;
  do {
    p ^= double(p);
    q ^= q << 1;
    q ^= q << 2;
    q ^= q << 4;
    q &= 0xff;
    if (q & 0x80) q ^= 0x09;
    const doubled = q | (q << 8);
    const turned = q ^ (doubled >> 7) ^ (doubled >> 6) ^ (doubled >> 5) ^ (doubled >> 4);
    store<u8>(SBOX + p, turned ^ 0x63);
  } while (p != 1);
  store<u8>(SBOX, 0x63);
}

function makeTables(): void {
  for (let i = 0; i < 256; i++) {
    const s = <u32>load<u8>(SBOX + i);
    const s2 = double(s);
    const column = s2 | (s << 8) | (s << 16) | ((s ^ s2) << 24);
    const at = TABLES + (<usize>i << 2);
    store<u32>(at, column);
    store<u32>(at, rotl<u32>(column, 8), 1024);
    store<u32>(at, rotl<u32>(column, 16), 2048);
    store<u32>(at, rotl<u32>(column, 24), 3072);
  }
}

@inline
function byte(word: u32, i: i32): usize {
  return (word >> (8 * i)) & 0xff;
}

function substitute(a: u32, b: u32, c: u32, d: u32): u32 {
  return (
    <u32>load<u8>(SBOX + byte(a, 0)) |
    (<u32>load<u8>(SBOX + byte(b, 1)) << 8) |
    (<u32>load<u8>(SBOX + byte(c, 2)) << 16) |
    (<u32>load<u8>(SBOX + byte(d, 3)) << 24)
  );
}

function column(a: u32, b: u32, c: u32, d: u32): u32 {
  return (
    load<u32>(TABLES + (byte(a, 0) << 2)) ^
    load<u32>(TABLES + (byte(b, 1) << 2), 1024) ^
    load<u32>(TABLES + (byte(c, 2) << 2), 2048) ^
    load<u32>(TABLES + (byte(d, 3) << 2), 3072)
  );
}

function expandKey(): void {
  for (let i = 0; i < 16; i += 4) store<u32>(ROUND_KEYS + i, load<u32>(KEY + i));
  let constant: u32 = 1;
  for (let i = 4; i < 44; i++) {
    const at = ROUND_KEYS + (<usize>i << 2);
    let word = load<u32>(at - 4);
    if ((i & 3) == 0) {
      word = rotr<u32>(word, 8);
      word = substitute(word, word, word, word) ^ constant;
      constant = double(constant);
    }
    store<u32>(at, load<u32>(at - 16) ^ word);
  }
}

function encrypt(from: usize, to: usize): void {
  let key = ROUND_KEYS;
  let a = load<u32>(from) ^ load<u32>(key);
  let b = load<u32>(from, 4) ^ load<u32>(key, 4);
  let c = load<u32>(from, 8) ^ load<u32>(key, 8);
  let d = load<u32>(from, 12) ^ load<u32>(key, 12);
  for (let round = 1; round < 10; round++) {
    key += 16;
    const e = column(a, b, c, d) ^ load<u32>(key);
    const f = column(b, c, d, a) ^ load<u32>(key, 4);
    const g = column(c, d, a, b) ^ load<u32>(key, 8);
    const h = column(d, a, b, c) ^ load<u32>(key, 12);
    a = e;
    b = f;
    c = g;
    d = h;
  }
  key += 16;
  store<u32>(to, substitute(a, b, c, d) ^ load<u32>(key));
  store<u32>(to, substitute(b, c, d, a) ^ load<u32>(key, 4), 4);
  store<u32>(to, substitute(c, d, a, b) ^ load<u32>(key, 8), 8);
  store<u32>(to, substitute(d, a, b, c) ^ load<u32>(key, 12), 12);
}

export function run(n: i32): i32 {
  makeSbox();
  makeTables();
  for (let i = 0; i < 16; i++) {
    store<u8>(KEY + i, i * 17 + 3);
    store<u8>(CHAIN + i, 0);
  }
  expandKey();
  for (let i = 0; i < LENGTH; i++) store<u8>(BUFFER + i, i * 7 + (i >> 8));
  let sum: u32 = 0;
  for (let i = 0; i < n; i++) {
    const block = BUFFER + ((i << 4) & (LENGTH - 1));
    for (let j = 0; j < 16; j += 4) store<u32>(CHAIN + j, load<u32>(CHAIN + j) ^ load<u32>(block + j));
    encrypt(CHAIN, CHAIN);
    sum = rotl<u32>(sum, 1) ^ load<u32>(CHAIN);
  }
  for (let j = 0; j < 16; j += 4) sum = rotl<u32>(sum, 1) ^ load<u32>(CHAIN + j);
  return sum;
}
