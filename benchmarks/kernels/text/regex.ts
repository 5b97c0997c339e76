// A backtracking matcher (classes, escapes, repetition, alternatives, anchors) for four patterns over generated lines.
// Stresses recursion, byte loads and unpredictable branches.
const TEXT: usize = memory.data(65536);
// [a-z]+[0-9]?@[a-z]+\.[a-z][a-z]+
const MAIL: usize = memory.data<u8>([
  91, 97, 45, 122, 93, 43, 91, 48, 45, 57, 93, 63, 64, 91, 97, 45, 122, 93, 43, 92, 46, 91, 97, 45, 122, 93, 91, 97,
  45, 122, 93, 43, 0,
]);
// \d+-\d+-\d+|\d+:\d\d
const DATE: usize = memory.data<u8>([
  92, 100, 43, 45, 92, 100, 43, 45, 92, 100, 43, 124, 92, 100, 43, 58, 92, 100, 92, 100, 0,
]);
// ^[a-d]*.*[ae]+b.*\d$
const LINE: usize = memory.data<u8>([
  94, 91, 97, 45, 100, 93, 42, 46, 42, 91, 97, 101, 93, 43, 98, 46, 42, 92, 100, 36, 0,
]);
// ab?c|f[^a-e ]d|e.*e
const WORD: usize = memory.data<u8>([
  97, 98, 63, 99, 124, 102, 91, 94, 97, 45, 101, 32, 93, 100, 124, 101, 46, 42, 101, 0,
]);

let lineStart: usize = 0;
let lineEnd: usize = 0;

// Where the pattern's item (a character, an escape or a class) ends.
function itemEnd(pattern: usize): usize {
  const c = load<u8>(pattern);
  if (c == 92) return pattern + 2;
  if (c != 91) return pattern + 1;
  while (load<u8>(pattern) != 93) pattern++;
  return pattern + 1;
}

function matchClass(pattern: usize, character: u8): bool {
  const negated = load<u8>(pattern) == 94;
  if (negated) pattern++;
  while (load<u8>(pattern) != 93) {
    const low = load<u8>(pattern);
    let high = low;
    if (load<u8>(pattern, 1) == 45) {
      high = load<u8>(pattern, 2);
      pattern += 2;
    }
    if (character >= low && character <= high) return !negated;
    pattern++;
  }
  return negated;
}

function matchItem(pattern: usize, at: usize): bool {
  if (at == lineEnd) return false;
  const character = load<u8>(at);
  switch (load<u8>(pattern)) {
    case 46: // .
      return true;
    case 91: // [
      return matchClass(pattern + 1, character);
    case 92: // a backslash
      if (load<u8>(pattern, 1) == 100) return character >= 48 && character <= 57;
      return character == load<u8>(pattern, 1);
    default:
      return character == load<u8>(pattern);
  }
}

// Takes as many of an item as there are, then gives them back one by one until the rest matches.
function matchRepeated(item: usize, rest: usize, at: usize, least: i32, most: i32): usize {
  let count = 0;
  while (count < most && matchItem(item, at + count)) count++;
  for (; count >= least; count--) {
    const end = matchHere(rest, at + count);
    if (end) return end;
  }
  return 0;
}

// The end of the match of one alternative that begins at `at`, or 0.
function matchHere(pattern: usize, at: usize): usize {
  while (true) {
    const c = load<u8>(pattern);
    if (c == 0 || c == 124) return at;
    if (c == 94) {
      if (at != lineStart) return 0;
      pattern++;
      continue;
    }
    if (c == 36) {
      if (at != lineEnd) return 0;
      pattern++;
      continue;
    }
    const next = itemEnd(pattern);
    switch (load<u8>(next)) {
      case 42: // *
        return matchRepeated(pattern, next + 1, at, 0, i32.MAX_VALUE);
      case 43: // +
        return matchRepeated(pattern, next + 1, at, 1, i32.MAX_VALUE);
      case 63: // ?
        return matchRepeated(pattern, next + 1, at, 0, 1);
    }
    if (!matchItem(pattern, at)) return 0;
    pattern = next;
    at++;
  }
}

function matchAlternatives(pattern: usize, at: usize): usize {
  while (true) {
    const end = matchHere(pattern, at);
    if (end) return end;
    while (load<u8>(pattern) != 0 && load<u8>(pattern) != 124) pattern = itemEnd(pattern);
    if (load<u8>(pattern) == 0) return 0;
    pattern++;
  }
}

// Finds all matches in a line that do not overlap.
function search(pattern: usize, sum: i32): i32 {
  let at = lineStart;
  while (at <= lineEnd) {
    const end = matchAlternatives(pattern, at);
    if (end) sum = sum * 31 + <i32>(at - lineStart) * 256 + <i32>(end - at);
    at = end > at ? end : at + 1;
  }
  return sum;
}

// Words of the letters a to f, digits and punctuation, in lines that end with \n; returns the end.
function generate(lines: i32): usize {
  let state: u32 = 2463534242;
  let to = TEXT;
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < 60; i++) {
      state ^= state << 13;
      state ^= state >> 17;
      state ^= state << 5;
      const kind = (state >> 8) % 20;
      let character: u32 = 97 + ((state >> 16) % 6);
      if (kind >= 12 && kind < 15) character = 48 + ((state >> 16) % 10);
      else if (kind == 15) character = 64;
      else if (kind == 16) character = 46;
      else if (kind == 17) character = 45;
      else if (kind == 18) character = 58;
      else if (kind == 19) character = 32;
      store<u8>(to++, character);
    }
    store<u8>(to++, 10);
  }
  return to;
}

// n lines, at most 1000
export function run(n: i32): i32 {
  const end = generate(n);
  let sum = 0;
  lineStart = TEXT;
  while (lineStart < end) {
    lineEnd = lineStart;
    while (load<u8>(lineEnd) != 10) lineEnd++;
    sum = search(MAIL, sum);
    sum = search(DATE, sum);
    sum = search(LINE, sum);
    sum = search(WORD, sum);
    lineStart = lineEnd + 1;
  }
  return sum;
}
