// The classic script as people load it, built from the sources.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { classicScriptOptions } from "../../../scripts/classic-script.ts";

let text: Promise<string> | undefined;

/** The minified script. */
export function classicScript(): Promise<string> {
  text ??= build({ ...classicScriptOptions, write: false }).then(({ outputFiles: [file] }) => file?.text ?? "");
  return text;
}

/** Takes the engine's own object away, before anything can get hold of it. Newer versions of Node.js have no flag. */
export const removeNative = "delete globalThis.WebAssembly;";

/**
 * The path of a file for Node's `--require` that runs the script as a page does: its `var` becomes global.
 * @param before code that runs first.
 */
export async function classicScriptPreload(before = removeNative): Promise<string> {
  const folder = join(import.meta.dirname, "../../node_modules/.cache/classic-script");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, before === "" ? "preload-beside-native.cjs" : "preload.cjs");
  const script = JSON.stringify(await classicScript());
  // Several test files write it at once: nobody may load half of one.
  const own = `${file}.${process.pid}.${Math.random()}`;
  writeFileSync(own, `${before}\nrequire("node:vm").runInThisContext(${script}, "anywasm.min.js");`);
  renameSync(own, file);
  return file;
}
