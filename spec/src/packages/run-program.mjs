// Runs one program in this process and prints what it gave, and how long it took, as one line of JSON. With `busy` as second
// argument, what the program does again and again, once that has gone on for a while.
import { writeSync } from "node:fs";

const [, , program, mode] = process.argv;
const begin = performance.now();
const { default: run, busy } = await import(`./programs/${program}.mjs`);
const { value, ms } = mode === "busy" ? steady(await busy()) : { value: await run(), ms: performance.now() - begin };
const { parts } = globalThis.Anywasm ?? {};
writeSync(1, `\n${JSON.stringify({ native: globalThis.Anywasm === undefined, ms, value, parts })}\n`);
process.exit(0);

/** The median of the last turns of six seconds. */
function steady(turn) {
  const times = [];
  let value;
  for (const end = performance.now() + 6000; performance.now() < end || times.length < 10; ) {
    const start = performance.now();
    value = turn();
    times.push(performance.now() - start);
  }
  return { value, ms: times.slice(-5).sort((a, b) => a - b)[2] };
}
