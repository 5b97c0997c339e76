// Objects of five kinds with tables of three methods each, in an array of 256; n rounds of calls on all of them.
// Stresses call_indirect at megamorphic call sites.
const COUNT: i32 = 256;
const KINDS: i32 = 5;
const SIZE: usize = 16; // method table, x, y, state
const TABLES: usize = memory.data(5 * 12);
const OBJECTS: usize = memory.data(256 * 16);

function squareArea(self: usize, scale: i32): i32 {
  const x = load<i32>(self, 4);
  return x * x * scale;
}

function rectangleArea(self: usize, scale: i32): i32 {
  return load<i32>(self, 4) * load<i32>(self, 8) * scale;
}

function triangleArea(self: usize, scale: i32): i32 {
  return (load<i32>(self, 4) * load<i32>(self, 8) * scale) >> 1;
}

function circleArea(self: usize, scale: i32): i32 {
  const x = load<i32>(self, 4);
  return (x * x * 355 / 113) * scale;
}

function frameArea(self: usize, scale: i32): i32 {
  const x = load<i32>(self, 4);
  const y = load<i32>(self, 8);
  return (x * y - (x >> 1) * (y >> 1)) * scale;
}

function grow(self: usize, by: i32): i32 {
  const x = (load<i32>(self, 4) + by) & 1023;
  store<i32>(self, x, 4);
  return x;
}

function growBoth(self: usize, by: i32): i32 {
  const x = (load<i32>(self, 4) + by) & 1023;
  const y = (load<i32>(self, 8) + (by >> 1)) & 1023;
  store<i32>(self, x, 4);
  store<i32>(self, y, 8);
  return x + y;
}

function turn(self: usize, by: i32): i32 {
  const x = load<i32>(self, 4);
  store<i32>(self, load<i32>(self, 8), 4);
  store<i32>(self, x, 8);
  return x ^ by;
}

function note(self: usize, value: i32): i32 {
  const state = load<i32>(self, 12) * 31 + value;
  store<i32>(self, state, 12);
  return state;
}

function noteXor(self: usize, value: i32): i32 {
  const state = rotl<i32>(load<i32>(self, 12), 7) ^ value;
  store<i32>(self, state, 12);
  return state;
}

function kind(i: i32, area: i32, change: i32, record: i32): void {
  const table = TABLES + <usize>i * 12;
  store<i32>(table, area);
  store<i32>(table, change, 4);
  store<i32>(table, record, 8);
}

@inline
function invoke(object: usize, method: usize, argument: i32): i32 {
  return call_indirect<i32>(load<i32>(load<usize>(object) + (method << 2)), object, argument);
}

export function run(n: i32): i32 {
  kind(0, squareArea.index, grow.index, note.index);
  kind(1, rectangleArea.index, growBoth.index, noteXor.index);
  kind(2, triangleArea.index, turn.index, note.index);
  kind(3, circleArea.index, grow.index, noteXor.index);
  kind(4, frameArea.index, turn.index, noteXor.index);
  const end = OBJECTS + <usize>COUNT * SIZE;
  let seed: u32 = 99;
  for (let p = OBJECTS; p < end; p += SIZE) {
    seed = seed * 1664525 + 1013904223;
    store<usize>(p, TABLES + <usize>((seed >>> 16) % KINDS) * 12);
    store<i32>(p, (seed >>> 8) & 1023, 4);
    store<i32>(p, (seed >>> 12) & 1023, 8);
    store<i32>(p, 0, 12);
  }
  let hash = 0;
  for (let round = 0; round < n; round++) {
    for (let p = OBJECTS; p < end; p += SIZE) {
      const area = invoke(p, 0, round + 1);
      const size = invoke(p, 1, area & 15);
      hash = hash * 31 + invoke(p, 2, size);
    }
  }
  return hash;
}
