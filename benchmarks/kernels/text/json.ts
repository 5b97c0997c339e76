// Writes a JSON text of numbers, names and nested lists, then reads it: characters, branches, decimal numbers.
const TEXT: usize = memory.data(2000000);

let position: usize = 0;
let total: i32 = 0;

function put(character: i32): void {
  store<u8>(position++, character);
}

function putNumber(value: i32): void {
  if (value >= 10) putNumber(value / 10);
  put(48 + (value % 10));
}

function write(n: i32): void {
  position = TEXT;
  put(91);
  for (let i = 0; i < n; i++) {
    if (i) put(44);
    put(123);
    for (let field = 0; field < 3; field++) {
      if (field) put(44);
      put(34);
      for (let k = 0; k <= field; k++) put(97 + ((i + k) % 26));
      put(34);
      put(58);
      put(32);
      if (field == 1) {
        put(91);
        putNumber(i * 7);
        put(44);
        putNumber(i);
        put(93);
      } else putNumber(i * 31 + field);
    }
    put(125);
  }
  put(93);
  put(0);
}

function skipSpace(): void {
  while (load<u8>(position) == 32) position++;
}

function readValue(depth: i32): void {
  skipSpace();
  let character = load<u8>(position);
  if (character == 91 || character == 123) {
    position++;
    for (;;) {
      skipSpace();
      let next = load<u8>(position);
      if (next == 93 || next == 125) {
        position++;
        return;
      }
      if (next == 44 || next == 58) position++;
      readValue(depth + 1);
    }
  } else if (character == 34) {
    let hash: u32 = 0x811c9dc5;
    for (position++; load<u8>(position) != 34; position++) hash = (hash ^ load<u8>(position)) * 0x01000193;
    position++;
    total ^= hash;
  } else {
    let value = 0;
    for (; load<u8>(position) >= 48 && load<u8>(position) <= 57; position++)
      value = value * 10 + load<u8>(position) - 48;
    total = total * 31 + value + depth;
  }
}

export function run(n: i32): i32 {
  total = 0;
  write(n);
  let end = position;
  position = TEXT;
  readValue(0);
  return position + 1 == end ? total : -1;
}
