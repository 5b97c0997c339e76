// A memory as cells that `Atomics` works on: elements of typed arrays, by how many bytes they have.
import { Trap } from "./trap.ts";

export interface Cells {
  /** They are all cells of this view, as long as it is that long. */
  readonly view: DataView;
  readonly byteLength: number;
  readonly 1: Uint8Array;
  readonly 2: Uint16Array;
  readonly 4: Int32Array;
  readonly 8: BigInt64Array;
}

interface Memory {
  readonly view: DataView;
  cells: Cells | undefined;
}

/** The cells of a memory that the one at `address` is among. @throws Trap where there is none. */
export function cellsAt(memory: Memory, address: number, bytes: number): Cells {
  const { view } = memory;
  const { byteLength } = view;
  // In a memory of up to 2 GiB an address may come as an int32: a negative one is out of bounds.
  if (address < 0 || address + bytes > byteLength) throw new Trap("memory_out_of_bounds");
  if ((address & (bytes - 1)) !== 0) throw new Trap("unaligned_atomic");
  const { cells } = memory;
  // A buffer that the host resizes keeps its view, which follows it; cells do not.
  const areCurrent = cells !== undefined && cells.view === view && cells.byteLength === byteLength;
  return areCurrent ? cells : (memory.cells = cellsOf(view, byteLength));
}

function cellsOf(view: DataView, byteLength: number): Cells {
  const { buffer } = view;
  return {
    view,
    byteLength,
    1: new Uint8Array(buffer, 0, byteLength),
    // Pages may be of any size.
    2: new Uint16Array(buffer, 0, Math.floor(byteLength / 2)),
    4: new Int32Array(buffer, 0, Math.floor(byteLength / 4)),
    8: new BigInt64Array(buffer, 0, Math.floor(byteLength / 8)),
  };
}
