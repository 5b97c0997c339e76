// CRC-32 (the one of zip and PNG) of a buffer, a byte at a time through a table that run makes.
// Stresses a dependent chain of table loads, shifts and exclusive ors.
const LENGTH: i32 = 16384;
const BUFFER: usize = memory.data(LENGTH);
const TABLE: usize = memory.data(1024);

function makeTable(): void {
  for (let i = 0; i < 256; i++) {
    let c: u32 = i;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >> 1) ^ 0xedb88320 : c >> 1;
    store<u32>(TABLE + (<usize>i << 2), c);
  }
}

function crc32(crc: u32, start: usize, length: i32): u32 {
  const end = start + <usize>length;
  let c = ~crc;
  for (let at = start; at < end; at++) {
    c = load<u32>(TABLE + (<usize>((c ^ <u32>load<u8>(at)) & 0xff) << 2)) ^ (c >> 8);
  }
  return ~c;
}

export function run(n: i32): i32 {
  makeTable();
  for (let i = 0; i < LENGTH; i++) store<u8>(BUFFER + i, i * 11 + (i >> 8));
  let crc: u32 = 0;
  for (let i = 0; i < n; i++) crc = crc32(crc, BUFFER, LENGTH - (i & 15));
  return crc;
}
