// SHA-256 in AssemblyScript.
import { digest, digest2Bytes32, digest64 } from "@chainsafe/as-sha256";

export default function () {
  const hex = (bytes) => Buffer.from(bytes).toString("hex");
  const data = Uint8Array.from({ length: 1000 }, (_, i) => i & 255);
  let chain = digest(data);
  for (let i = 0; i < 500; i++) chain = digest2Bytes32(chain, data.subarray(0, 32));
  return [hex(digest(data)), hex(digest(new Uint8Array())), hex(digest64(data.subarray(0, 64))), hex(chain)];
}
