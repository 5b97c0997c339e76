// The register that carries the high word of a 64-bit result, and in further elements the other three words of a vector.
//
// A 64-bit integer is a pair of i32 words in generated code. A function that returns one returns the low
// word and leaves the high word here; the caller reads it at once, before anything else can run. It holds
// nothing between two calls, so sharing it between all instances of a thread is safe. An Int32Array because
// it keeps every engine from boxing words above 2^30 (see docs/rationale.md).
//
// Instructions with two 64-bit results leave the words of the second one behind it. The last three elements are
// all words of a vector but the first.
export const high = new Int32Array(6);
