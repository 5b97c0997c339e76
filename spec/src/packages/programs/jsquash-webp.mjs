// A codec of pictures, libwebp in C, by Emscripten. There is a build of the encoder with SIMD, and which one was chosen is part
// of the result.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { decode, encode } from "@jsquash/webp";

const width = 256;
const height = 192;

/** Gradients, a circle's edge, and noise in a corner. */
function picture() {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const inside = (x - 160) ** 2 + (y - 80) ** 2 < 60 ** 2;
      const noise = x < 80 && y > 120 ? Math.imul(x * 31 + y, 0x9e3779b1) >>> 25 : 0;
      data.set([x, inside ? 220 : y, ((x ^ y) & 63) + noise, inside ? 255 - (x & 31) : 255], (y * width + x) * 4);
    }
  return { data, width, height };
}

export default async function () {
  const chosen = [];
  // Made for pages, the glue fetches its module from beside itself.
  globalThis.fetch = async (url) => {
    chosen.push(basename(new URL(url).pathname));
    return new Response(readFileSync(new URL(url)), { headers: { "content-type": "application/wasm" } });
  };
  const hash = (bytes) => createHash("sha256").update(new Uint8Array(bytes)).digest("hex").slice(0, 16);
  const results = [];
  for (const options of [{ quality: 75, use_sharp_yuv: 1 }, { lossless: 1 }]) {
    const file = await encode(picture(), options);
    const { data, ...size } = await decode(file);
    results.push([file.byteLength, hash(file), size, hash(data)]);
  }
  return [chosen, results];
}
