// Arrays of words that keep the bits of a NaN. An engine stores an array of nothing but floats unboxed and quiets
// signalling NaNs on the way in; an array that has held something else stays boxed.

/** An empty array that stays boxed whatever is pushed. */
export function boxedArray(): unknown[] {
  const array: unknown[] = [null];
  array.length = 0;
  return array;
}
