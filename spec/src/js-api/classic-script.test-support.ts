// The classic script as people load it, built from the sources.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { classicScriptOptions } from "../../../scripts/classic-script.ts";
import { preloadOf, removeNative } from "../packages/run.ts";

let text: Promise<string> | undefined;

/** The minified script. */
export function classicScript(): Promise<string> {
  text ??= build({ ...classicScriptOptions, write: false }).then(({ outputFiles: [file] }) => file?.text ?? "");
  return text;
}

/**
 * The path of a file with the program that `preloadOf` makes of the script.
 * @param before code that runs first.
 */
export async function classicScriptPreload(before = removeNative): Promise<string> {
  const folder = join(import.meta.dirname, "../../node_modules/.cache/classic-script");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, before === "" ? "preload-beside-native.cjs" : "preload.cjs");
  const program = preloadOf(await classicScript(), before);
  // Several test files write it at once: nobody may load half of one.
  const own = `${file}.${process.pid}.${Math.random()}`;
  writeFileSync(own, program);
  renameSync(own, file);
  return file;
}
