// What is known of the JavaScript engine this runs in, where it decides how code should be made.

/**
 * Whether the engine compiles arithmetic on BigInts that stay within 64 bits to machine instructions, DataView accesses
 * included: V8 since its version 12. Others put every BigInt on the heap. A test by the clock would be at the mercy of the
 * machine, so the engine is told by the words of an error, and its age by a function that came with that version.
 */
export function bigIntsAreMachineWords(): boolean {
  return typeof BigInt === "function" && isV8() && "union" in Set.prototype;
}

function isV8(): boolean {
  try {
    (null as unknown as { readonly x: unknown }).x;
    return false;
  } catch (error) {
    return error instanceof Error && error.message === "Cannot read properties of null (reading 'x')";
  }
}
