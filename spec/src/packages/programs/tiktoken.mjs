// A tokenizer in Rust, by wasm-bindgen.
import { get_encoding } from "tiktoken";

export default function () {
  const encoding = get_encoding("cl100k_base");
  const text = "Grüße, 世界! \u{1F30D} function add(a, b) { return a + b; } ".repeat(40);
  const tokens = encoding.encode(text);
  const back = new TextDecoder().decode(encoding.decode(tokens));
  let error;
  try {
    encoding.encode("<|endoftext|>");
  } catch (caught) {
    error = String(caught.message).split("\n")[0];
  }
  const result = { count: tokens.length, first: [...tokens.slice(0, 30)], back: back === text, error };
  encoding.free();
  return result;
}
