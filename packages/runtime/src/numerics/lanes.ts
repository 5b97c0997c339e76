// Lanes of 8 and 16 bits, all of a word at once: what vector instructions (core spec, §4.3) do to each of a vector's words.
//
// `tops` has the top bit of each lane, `shift` is one less than a lane's width: -2139062144 and 7 for four lanes, -2147450880
// and 15 for two. Lanes are added without their top bits, so that nothing is carried from one into the next; the top
// bits are put right by `^`, which is addition without carry.

/** Lanes of ones where the top bit is set, of nothing but top bits. */
function filled(flags: number, shift: number): number {
  return ((flags << 1) - (flags >>> shift)) | 0;
}

export function lanes_add(a: number, b: number, tops: number): number {
  return ((a & ~tops) + (b & ~tops)) ^ ((a ^ b) & tops);
}

export function lanes_sub(a: number, b: number, tops: number): number {
  return ((a | tops) - (b & ~tops)) ^ ((a ^ ~b) & tops);
}

/** Lanes of ones where lanes are equal, else of zeros. So do the other comparisons. */
export function lanes_eq(a: number, b: number, tops: number, shift: number): number {
  const difference = a ^ b;
  // Adding all ones to a lane without its top bit sets that bit, unless the lane is zero.
  return filled(~(((difference & ~tops) + ~tops) | difference) & tops, shift);
}

// Each as one function: engines inline a certain amount of code, and count what they go through on the way.
//
// Of a lane's bits but the top one, those of `(a | tops) - (b & ~tops)` are the difference, and its top bit is set unless
// that borrows. With the top bits of the lanes themselves this says what a comparison, or a carry, is.

export function lanes_lt_u(a: number, b: number, tops: number, shift: number): number {
  const flags = ((~a & b) | ~((a ^ b) | ((a | tops) - (b & ~tops)))) & tops;
  return ((flags << 1) - (flags >>> shift)) | 0;
}

/** Of lanes whose signs differ, the negative one is less. */
export function lanes_lt_s(a: number, b: number, tops: number, shift: number): number {
  const flags = ((a & ~b) | ~((a ^ b) | ((a | tops) - (b & ~tops)))) & tops;
  return ((flags << 1) - (flags >>> shift)) | 0;
}

export function lanes_abs(a: number, tops: number, shift: number): number {
  const signs = filled(a & tops, shift);
  return lanes_sub(a ^ signs, signs, tops);
}

export function lanes_add_sat_u(a: number, b: number, tops: number, shift: number): number {
  const sum = ((a & ~tops) + (b & ~tops)) ^ ((a ^ b) & tops);
  const flags = ((a & b) | ((a | b) & ~sum)) & tops;
  return sum | ((flags << 1) - (flags >>> shift));
}

export function lanes_sub_sat_u(a: number, b: number, tops: number, shift: number): number {
  const low = (a | tops) - (b & ~tops);
  const flags = ((~a & b) | ~((a ^ b) | low)) & tops;
  return (low ^ ((a ^ ~b) & tops)) & ~((flags << 1) - (flags >>> shift));
}

// Where a signed result overflows, the largest or least number is in its place, as `a` is positive or negative.

export function lanes_add_sat_s(a: number, b: number, tops: number, shift: number): number {
  const sum = ((a & ~tops) + (b & ~tops)) ^ ((a ^ b) & tops);
  const flags = (a ^ sum) & (b ^ sum) & tops;
  return sum ^ ((sum ^ (((a & tops) >>> shift) + ~tops)) & ((flags << 1) - (flags >>> shift)));
}

export function lanes_sub_sat_s(a: number, b: number, tops: number, shift: number): number {
  const difference = ((a | tops) - (b & ~tops)) ^ ((a ^ ~b) & tops);
  const flags = (a ^ b) & (a ^ difference) & tops;
  return difference ^ ((difference ^ (((a & tops) >>> shift) + ~tops)) & ((flags << 1) - (flags >>> shift)));
}

/** The lane `bits` in each place. */
function repeated(bits: number, tops: number, shift: number): number {
  return Math.imul(bits, tops >>> shift);
}

/** The count is taken modulo the lanes' width, as by the other shifts. */
export function lanes_shl(a: number, count: number, tops: number, shift: number): number {
  const distance = count & shift;
  const lane = (2 << shift) - 1;
  return (a << distance) & repeated((lane << distance) & lane, tops, shift);
}

export function lanes_shr_u(a: number, count: number, tops: number, shift: number): number {
  const distance = count & shift;
  return (a >>> distance) & repeated(((2 << shift) - 1) >>> distance, tops, shift);
}

export function lanes_shr_s(a: number, count: number, tops: number, shift: number): number {
  const sign = (a & tops) >>> (count & shift);
  return lanes_sub(lanes_shr_u(a, count, tops, shift) ^ sign, sign, tops);
}

/** Of bytes. */
export function lanes_popcnt(a: number): number {
  const pairs = a - ((a >>> 1) & 0x55555555);
  const quads = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return (quads + (quads >>> 4)) & 0x0f0f0f0f;
}

/** Two products of numbers with 15 bits behind the point, rounded. */
export function lanes_q15mulr(a: number, b: number): number {
  const low = (Math.imul((a << 16) >> 16, (b << 16) >> 16) + 0x4000) >> 15;
  const high = (Math.imul(a >> 16, b >> 16) + 0x4000) >> 15;
  return (Math.min(low, 0x7fff) & 0xffff) | (Math.min(high, 0x7fff) << 16);
}

/** Two sums of two products of signed bytes. */
export function lanes_dot(a: number, b: number): number {
  const low = Math.imul((a << 24) >> 24, (b << 24) >> 24) + Math.imul((a << 16) >> 24, (b << 16) >> 24);
  const high = Math.imul((a << 8) >> 24, (b << 8) >> 24) + Math.imul(a >> 24, b >> 24);
  return (low & 0xffff) | (high << 16);
}

/** The bytes of a vector that four bytes name by their number; zero for numbers past the end. */
export function lanes_swizzle(a: number, b: number, c: number, d: number, names: number): number {
  const byte = (name: number): number => {
    if (name > 15) return 0;
    const word = name < 8 ? (name < 4 ? a : b) : name < 12 ? c : d;
    return (word >>> ((name & 3) << 3)) & 255;
  };
  return (
    byte(names & 255) |
    (byte((names >>> 8) & 255) << 8) |
    (byte((names >>> 16) & 255) << 16) |
    (byte(names >>> 24) << 24)
  );
}

function clamped(x: number, least: number, most: number): number {
  return Math.max(least, Math.min(x, most));
}

function narrow8(a: number, b: number, least: number, most: number): number {
  return (
    (clamped((a << 16) >> 16, least, most) & 255) |
    ((clamped(a >> 16, least, most) & 255) << 8) |
    ((clamped((b << 16) >> 16, least, most) & 255) << 16) |
    (clamped(b >> 16, least, most) << 24)
  );
}

// A word of two: those of the first are the lower lanes.

export function lanes_narrow8_s(a: number, b: number): number {
  return narrow8(a, b, -0x80, 0x7f);
}

export function lanes_narrow8_u(a: number, b: number): number {
  return narrow8(a, b, 0, 0xff);
}

export function lanes_narrow16_s(a: number, b: number): number {
  return (clamped(a, -0x8000, 0x7fff) & 0xffff) | (clamped(b, -0x8000, 0x7fff) << 16);
}

export function lanes_narrow16_u(a: number, b: number): number {
  return clamped(a, 0, 0xffff) | (clamped(b, 0, 0xffff) << 16);
}
