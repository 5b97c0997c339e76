// Encodes generated code points as UTF-8, decodes and validates the text, then validates it with a byte damaged.
// Stresses byte loads and stores, shifts, and branches on classes of characters.
const COUNT: i32 = 8192;
const POINTS: usize = memory.data(COUNT * 4);
const TEXT: usize = memory.data(COUNT * 4);

let position: usize = 0; // where decode reads next

// A code point of one to four bytes, mostly of one, never a surrogate.
function generate(random: u32): u32 {
  const value = random >> 11;
  switch (random & 7) {
    case 0:
    case 1:
      return 0x80 + (value % 0x780);
    case 2: {
      const point = 0x800 + (value % 0xf000);
      return point < 0xd800 ? point : point + 0x800;
    }
    case 3:
      return 0x10000 + (value % 0x100000);
    default:
      return 0x20 + (value % 0x5f);
  }
}

function encode(point: u32, to: usize): usize {
  if (point < 0x80) {
    store<u8>(to, point);
    return to + 1;
  }
  if (point < 0x800) {
    store<u8>(to, 0xc0 | (point >> 6));
    store<u8>(to, 0x80 | (point & 63), 1);
    return to + 2;
  }
  if (point < 0x10000) {
    store<u8>(to, 0xe0 | (point >> 12));
    store<u8>(to, 0x80 | ((point >> 6) & 63), 1);
    store<u8>(to, 0x80 | (point & 63), 2);
    return to + 3;
  }
  store<u8>(to, 0xf0 | (point >> 18));
  store<u8>(to, 0x80 | ((point >> 12) & 63), 1);
  store<u8>(to, 0x80 | ((point >> 6) & 63), 2);
  store<u8>(to, 0x80 | (point & 63), 3);
  return to + 4;
}

// The code point at position, which moves on; -1, without moving, where the bytes are no UTF-8.
function decode(end: usize): i32 {
  const first = <i32>load<u8>(position);
  if (first < 0x80) {
    position++;
    return first;
  }
  let more = 0;
  let least = 0;
  let point = 0;
  if (first < 0xc2) return -1;
  if (first < 0xe0) {
    more = 1;
    least = 0x80;
    point = first & 0x1f;
  } else if (first < 0xf0) {
    more = 2;
    least = 0x800;
    point = first & 0x0f;
  } else if (first < 0xf5) {
    more = 3;
    least = 0x10000;
    point = first & 0x07;
  } else {
    return -1;
  }
  if (position + more >= end) return -1;
  for (let i = 1; i <= more; i++) {
    const next = <i32>load<u8>(position + i);
    if ((next & 0xc0) != 0x80) return -1;
    point = (point << 6) | (next & 63);
  }
  if (point < least || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return -1;
  position += more + 1;
  return point;
}

// How many bytes from TEXT on are valid.
function validate(end: usize): i32 {
  position = TEXT;
  while (position < end) {
    if (decode(end) < 0) break;
  }
  return <i32>(position - TEXT);
}

export function run(n: i32): i32 {
  let state: u32 = 12345;
  let sum = 0;
  for (let round = 0; round < n; round++) {
    let end = TEXT;
    for (let i = 0; i < COUNT; i++) {
      state = state * 1664525 + 1013904223;
      const point = generate(state >> 3);
      store<u32>(POINTS + (<usize>i << 2), point);
      end = encode(point, end);
    }
    position = TEXT;
    for (let i = 0; i < COUNT; i++) {
      const point = decode(end);
      if (point != load<i32>(POINTS + (<usize>i << 2))) return -1;
      sum = sum * 31 + point;
    }
    if (position != end) return -1;
    const damaged = TEXT + ((state >> 4) % <u32>(end - TEXT));
    store<u8>(damaged, <u32>load<u8>(damaged) ^ (<u32>0x80 >> (round & 3)));
    sum = sum * 31 + validate(end);
  }
  return sum;
}
