// Processing of pictures, libvips in C and C++, by Emscripten with pthreads: threads of its own, in workers of Node, work on tiles
// in a shared memory, with SIMD and exceptions.
import { createHash } from "node:crypto";
import Vips from "wasm-vips";

const width = 300;
const height = 200;

export default async function () {
  let threads = 0;
  process.on("worker", () => threads++);
  const vips = await Vips({ dynamicLibraries: [] });
  // However many processors there are: each thread compiles for itself.
  vips.concurrency(2);
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const x = Math.floor(i / 3) % width;
    const y = Math.floor(i / 3 / width);
    return [x ^ y, (x * y) >> 4, x * 7 + y * 13][i % 3];
  });
  const photo = vips.Image.newFromMemory(pixels, width, height, 3, "uchar");
  const small = photo.resize(0.73, { kernel: "lanczos3" });
  const file = small.writeToBuffer(".jpg");
  const images = [small, photo.gaussblur(2).rot90(), vips.Image.newFromBuffer(file)].map((image) =>
    image.writeToMemory(),
  );
  let error;
  try {
    // libjpeg leaves by `longjmp`, the binding by `throw`.
    vips.Image.newFromBuffer(file.subarray(0, 100));
  } catch ({ message }) {
    error = message;
  }
  // Workers are announced when this thread is back in its loop.
  await new Promise(setImmediate);
  const hash = (bytes) => `${bytes.length} ${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}`;
  return [threads > 0, vips.version(), [...images, file].map(hash), error];
}
