// Constants of float types, which the IR keeps by their bits.
const scratch = new DataView(new ArrayBuffer(8));

/** Any NaN for every NaN. */
export function floatOf(kind: "f32" | "f64", lo: number, hi: number): number {
  scratch.setInt32(0, lo, true);
  scratch.setInt32(4, hi, true);
  return kind === "f32" ? scratch.getFloat32(0, true) : scratch.getFloat64(0, true);
}
