// Brotli in Rust, by wasm-bindgen.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";

export default async function () {
  // The build for Node.js; what `import` gets fetches its module from the network.
  const { compress, decompress } = createRequire(import.meta.url)("brotli-wasm");
  const text = Array.from(
    { length: 3000 },
    (_, i) => `line ${i} of ${(i * 7919) % 101} and ${Math.imul(i, i) % 97}\n`,
  ).join("");
  const input = new TextEncoder().encode(text);
  const small = compress(input, { quality: 9 });
  const back = decompress(small);
  let error;
  try {
    decompress(Uint8Array.of(1, 2, 3));
  } catch (caught) {
    error = String(caught);
  }
  return {
    length: small.length,
    hash: createHash("sha256").update(small).digest("hex").slice(0, 16),
    equal: Buffer.compare(Buffer.from(back), Buffer.from(input)) === 0,
    error,
  };
}
