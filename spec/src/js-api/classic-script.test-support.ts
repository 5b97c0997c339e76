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

/** The path of a file for Node's `--require` that runs the script as a page does: its `var` becomes global. */
export async function classicScriptPreload(): Promise<string> {
  const folder = join(import.meta.dirname, "../../node_modules/.cache/classic-script");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "preload.cjs");
  // Several test files write it at once: nobody may load half of one.
  const own = `${file}.${process.pid}.${Math.random()}`;
  writeFileSync(
    own,
    `require("node:vm").runInThisContext(${JSON.stringify(await classicScript())}, "anywasm.min.js");`,
  );
  renameSync(own, file);
  return file;
}
