// Hash functions in C without a library, one tiny module each.
import * as hash from "hash-wasm";

export default async function () {
  const data = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) >>> 3);
  const names = ["md5", "sha1", "sha256", "sha512", "sha3", "blake2b", "blake3", "crc32", "xxhash64", "xxhash128"];
  const digests = {};
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: not bundled
  for (const name of names) digests[name] = await hash[name](data);
  const hasher = await hash.createSHA256();
  hasher.init();
  for (let i = 0; i < data.length; i += 7777) hasher.update(data.subarray(i, i + 7777));
  digests.stream = hasher.digest();
  digests.pbkdf2 = await hash.pbkdf2({
    password: "correct horse",
    salt: "battery staple",
    iterations: 500,
    hashLength: 32,
    hashFunction: hash.createSHA256(),
  });
  digests.argon2 = await hash.argon2id({
    password: "correct horse",
    salt: "battery staple",
    parallelism: 1,
    iterations: 2,
    memorySize: 256,
    hashLength: 16,
  });
  return digests;
}
