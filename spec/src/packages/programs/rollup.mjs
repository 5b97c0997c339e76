// A bundler whose parser is in Rust, by wasm-bindgen.
import { rollup } from "@rollup/wasm-node";
import { parseAst } from "@rollup/wasm-node/parseAst";

const files = {
  main: 'import { area } from "shapes"; import * as all from "shapes"; console.log(area(2), all.tau); export { lazy } from "shapes";',
  shapes:
    "export const tau = 2 * Math.PI; export function area(r) { return (tau / 2) * r ** 2; } export function unused() {} export const lazy = () => import('other');",
  other: "export default class Other { static #count = 0; static next() { return ++Other.#count; } }",
};

export default async function () {
  const bundle = await rollup({
    input: "main",
    plugins: [{ name: "memory", resolveId: (id) => id, load: (id) => files[id] }],
  });
  const { output } = await bundle.generate({ format: "es", chunkFileNames: "[name].js" });
  let error;
  try {
    parseAst("let x = ;");
  } catch (caught) {
    error = caught.message;
  }
  const { body } = parseAst("for await (const x of y) z ??= x?.[`a`];");
  return { output: output.map(({ fileName, code }) => [fileName, code]), error, node: body[0].type };
}
