import { f32, f64 } from "@anywasm/isa";
import { expect, test } from "vitest";
import { f32FromBits, f32ToBits, f64FromBits, f64ToBits } from "./boundary.ts";
import { f32_load, f32_store, f64_store } from "./memory.ts";
import { edges } from "./operands.test-support.ts";

/** So often that V8 goes through all of its tiers. */
const ROUNDS = 500;

test("f32_load and f32_store keep every bit, at any address", () => {
  const view = new DataView(new ArrayBuffer(16));
  for (let round = 0; round < ROUNDS; round++) {
    const address = round % 12;
    for (const bits of edges(f32).map(Number)) {
      view.setUint32(address, bits, true);
      const value = f32_load(view, address);
      if (f32ToBits(value) !== bits) throw new Error(`loading 0x${bits.toString(16)} in round ${round}`);
      view.setUint32(address, 0, true);
      f32_store(view, address, f32FromBits(bits));
      if (view.getUint32(address, true) !== bits) throw new Error(`storing 0x${bits.toString(16)} in round ${round}`);
    }
  }
});

test("getFloat64 and f64_store keep every bit, at any address", () => {
  const view = new DataView(new ArrayBuffer(24));
  for (let round = 0; round < ROUNDS; round++) {
    const address = round % 16;
    for (const bits of edges(f64)) {
      view.setBigUint64(address, bits, true);
      const value = view.getFloat64(address, true);
      if (f64ToBits(value) !== bits) throw new Error(`loading 0x${bits.toString(16)} in round ${round}`);
      view.setBigUint64(address, 0n, true);
      f64_store(view, address, f64FromBits(bits));
      if (view.getBigUint64(address, true) !== bits)
        throw new Error(`storing 0x${bits.toString(16)} in round ${round}`);
    }
  }
});

test.each([1.5, Number.NaN])("an access out of bounds leaves memory as it was (%d)", (value) => {
  const view = new DataView(new ArrayBuffer(16));
  for (const address of [-8, -4, -1, 9, 12, 15, 16, 2 ** 32])
    expect(() => f64_store(view, address, value)).toThrow(RangeError);
  for (const address of [-4, -1, 13, 16, 2 ** 32]) {
    expect(() => f32_store(view, address, value)).toThrow(RangeError);
    expect(() => f32_load(view, address)).toThrow(RangeError);
  }
  expect(new Uint8Array(view.buffer)).toEqual(new Uint8Array(16));
});
