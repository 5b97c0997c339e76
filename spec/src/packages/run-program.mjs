// Runs one program in this process and prints what it gave, and how long it took, as one line of JSON.
import { writeSync } from "node:fs";

const program = process.argv[2];
const begin = performance.now();
const { default: run } = await import(`./programs/${program}.mjs`);
const value = await run();
const ms = performance.now() - begin;
writeSync(1, `\n${JSON.stringify({ native: globalThis.Anywasm === undefined, ms, value })}\n`);
process.exit(0);
