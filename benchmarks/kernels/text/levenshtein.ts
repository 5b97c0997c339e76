// Edit distances between words of a generated text: a table of bytes and the smallest of three.
const TEXT: usize = memory.data(4096);
const ROW: usize = memory.data(1024);

function distance(a: usize, aLength: i32, b: usize, bLength: i32): i32 {
  for (let j = 0; j <= bLength; j++) store<u16>(ROW + j * 2, j);
  for (let i = 1; i <= aLength; i++) {
    let diagonal = <i32>load<u16>(ROW);
    store<u16>(ROW, i);
    let left = i;
    let character = load<u8>(a + i - 1);
    for (let j = 1; j <= bLength; j++) {
      let above = <i32>load<u16>(ROW + j * 2);
      let cost = diagonal + (character == load<u8>(b + j - 1) ? 0 : 1);
      left = min<i32>(min<i32>(above + 1, left + 1), cost);
      store<u16>(ROW + j * 2, left);
      diagonal = above;
    }
  }
  return load<u16>(ROW + bLength * 2);
}

export function run(n: i32): i32 {
  let state: u32 = 12345;
  for (let i = 0; i < 4096; i++) {
    state = state * 1103515245 + 12345;
    store<u8>(TEXT + i, 97 + ((state >> 16) % 6));
  }
  let sum = 0;
  for (let i = 0; i < n; i++)
    sum = sum * 31 + distance(TEXT + ((i * 37) & 2047), 40 + (i & 63), TEXT + 2000 + ((i * 53) & 1023), 90 - (i & 31));
  return sum;
}
