// Floating-point instructions that JavaScript lacks or does not define to the bit (core spec, §4.3.3).
//
// An f32 is a JavaScript number that is exactly a single. An f32 NaN is the double NaN of the same sign whose payload
// is the single's, 29 bits further up, not quieted: what getFloat32 gives for quiet ones. V8 keeps those bits wherever
// a number is only moved; other engines may not, and then the payload (never the NaN) is lost.

const scratch = new DataView(new ArrayBuffer(8));

/** The high word of a double, where its sign is. */
function highWord(x: number): number {
  scratch.setFloat64(0, x, true);
  return scratch.getInt32(4, true);
}

function withHighWord(x: number, hi: number): number {
  scratch.setFloat64(0, x, true);
  scratch.setInt32(4, hi, true);
  return scratch.getFloat64(0, true);
}

/** Arithmetic makes a signalling NaN quiet; for other numbers this gives `x`. */
function quiet(x: number): number {
  return x === x ? x : x + x;
}

// Engines may hand a signalling NaN through the functions of Math as it is.

export function f64_ceil(x: number): number {
  return x === x ? Math.ceil(x) : x + x;
}

export function f64_floor(x: number): number {
  return x === x ? Math.floor(x) : x + x;
}

export function f64_trunc(x: number): number {
  return x === x ? Math.trunc(x) : x + x;
}

export const f32_ceil = f64_ceil;
export const f32_floor = f64_floor;
export const f32_trunc = f64_trunc;

/** Rounds to the nearest integer, ties to even; keeps the sign of zero. */
function nearest(x: number): number {
  // From 2^52 on every double is an integer; NaN and infinities are their own results, arithmetic making NaN quiet.
  if (!(x > -4503599627370496 && x < 4503599627370496)) return quiet(x);
  // Adding and taking off 2^52 rounds by the hardware's own rule.
  if (x > 0) return x + 4503599627370496 - 4503599627370496;
  if (x < 0) {
    const rounded = x - 4503599627370496 + 4503599627370496;
    return rounded === 0 ? -0 : rounded;
  }
  return x;
}

export const f64_nearest = nearest;
// Between -2^23 and 2^23 a single is a double with the same neighbours as integers.
export const f32_nearest = nearest;

export function f64_neg(x: number): number {
  if (x === x) return -x;
  return withHighWord(x, highWord(x) ^ 0x80000000);
}

export function f64_abs(x: number): number {
  if (x === x) return Math.abs(x);
  return withHighWord(x, highWord(x) & 0x7fffffff);
}

export function f64_copysign(x: number, y: number): number {
  const hi = highWord(y);
  return withHighWord(x, (highWord(x) & 0x7fffffff) | (hi & 0x80000000));
}

export const f32_neg = f64_neg;
export const f32_abs = f64_abs;
export const f32_copysign = f64_copysign;
