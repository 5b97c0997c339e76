// SHA-256 in AssemblyScript; four hashes at a time with SIMD, where the engine has it.
import { batchHash4UintArray64s, digest, digest2Bytes32, digest64, hashInto, simdEnabled } from "@chainsafe/as-sha256";

export default function () {
  const hex = (bytes) => Buffer.from(bytes).toString("hex");
  const data = Uint8Array.from({ length: 1000 }, (_, i) => i & 255);
  let chain = digest(data);
  for (let i = 0; i < 500; i++) chain = digest2Bytes32(chain, data.subarray(0, 32));
  const batch = batchHash4UintArray64s([0, 1, 2, 3].map((i) => data.subarray(64 * i, 64 * i + 64)));
  const many = new Uint8Array(32 * 500);
  hashInto(
    Uint8Array.from({ length: 64 * 500 }, (_, i) => Math.imul(i, i) & 255),
    many,
  );
  const single = [digest(data), digest(new Uint8Array()), digest64(data.subarray(0, 64)), chain];
  return [simdEnabled, ...[...single, ...batch, many].map(hex)];
}
