// The JavaScript of a script's thread, in one piece: a thread whose creator is waiting for it cannot load TypeScript by hooks,
// which need that one's turns of the event loop.
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

let made: string | undefined;

export function threadSource(): string {
  if (made !== undefined) return made;
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL("./thread.ts", import.meta.url))],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "es2022",
    conditions: ["anywasm-source"],
    logLevel: "error",
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error("esbuild gave nothing");
  made = output.text;
  return made;
}
