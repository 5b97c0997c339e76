// CRuby, by wasi-sdk, on a WASI shim in JavaScript.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { DefaultRubyVM } from "@ruby/wasm-wasi/dist/browser";

export default async function () {
  const path = createRequire(import.meta.url).resolve("@ruby/3.4-wasm-wasi/dist/ruby.wasm");
  const { vm } = await DefaultRubyVM(await WebAssembly.compile(readFileSync(path)));
  const value = vm
    .eval(`
    words = (1..200).map { |i| "w#{i * 7919 % 101}" }
    counts = words.tally.sort_by { |word, count| [-count, word] }.first(5)
    squares = (1..50).map { |i| i ** 5 }.sum
    [counts.inspect, squares, RUBY_VERSION].join(" ")
  `)
    .toString();
  let error;
  try {
    vm.eval("raise ArgumentError, 'no'");
  } catch (caught) {
    error = String(caught.message).split("\n")[0];
  }
  return { value, error };
}
