// Cryptography in C, by Emscripten: 64-bit arithmetic everywhere.
import sodium from "libsodium-wrappers";

export default async function () {
  await sodium.ready;
  const seed = Uint8Array.from({ length: 32 }, (_, i) => i * 5);
  const hex = (bytes) => sodium.to_hex(bytes);
  const keys = sodium.crypto_sign_seed_keypair(seed);
  const message = sodium.from_string("attack at dawn");
  const signature = sodium.crypto_sign_detached(message, keys.privateKey);
  const nonce = seed.slice(0, sodium.crypto_secretbox_NONCEBYTES);
  const box = sodium.crypto_secretbox_easy(message, nonce, seed);
  let error;
  try {
    box[3] ^= 1;
    sodium.crypto_secretbox_open_easy(box, nonce, seed);
  } catch (caught) {
    error = caught.message;
  }
  return {
    publicKey: hex(keys.publicKey),
    signature: hex(signature),
    valid: sodium.crypto_sign_verify_detached(signature, message, keys.publicKey),
    hash: hex(sodium.crypto_generichash(32, message, null)),
    shared: hex(sodium.crypto_scalarmult(seed, sodium.crypto_scalarmult_base(seed.slice().reverse()))),
    error,
  };
}
