// A real module with bytes changed at random: it is refused with CompileError at an offset inside it, or it is valid and
// its functions compile to JavaScript that parses. Nothing else may happen.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { decodeModule } from "@anywasm/decoder";
import { CompileError } from "anywasm";
import { expect, test } from "vitest";
import { compilersOf } from "./support.ts";

const original = new Uint8Array(readFileSync(createRequire(import.meta.url).resolve("quickjs-wasi/quickjs.wasm")));
const { bodies } = decodeModule(original);

/** A linear congruential generator: the same numbers on every machine. */
function generator(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 4) % bound;
  };
}

/** The mutant, and the bodies that were changed. One in four has a byte changed outside them. */
function mutate(seed: number): readonly [Uint8Array, readonly number[]] {
  const next = generator(seed);
  const bytes = original.slice();
  const changed = [next(bodies.length), next(bodies.length)];
  for (const index of changed) {
    const { start, end } = bodies[index] as { start: number; end: number };
    // One bit: the mutant has a chance of staying valid.
    const at = start + next(end - start);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << next(8));
  }
  if (seed % 4 === 0) bytes[8 + next(4000)] = next(256);
  return [bytes, changed];
}

// More with MUTANTS=100000.
const count = Number(process.env["MUTANTS"] ?? 2000);

test(`${count} mutants of a real module are refused cleanly or compile`, () => {
  let valid = 0;
  for (let seed = 1; seed <= count; seed++) {
    const [bytes, changed] = mutate(seed);
    try {
      const module = decodeModule(bytes);
      const compilers = compilersOf(bytes, module);
      for (const index of changed) {
        const functionIndex = module.importedFunctionCount + index;
        if (module.bodies[index] === undefined) continue;
        for (const compiler of compilers) {
          const { source, parts, bindings } = compiler.compile(functionIndex);
          for (const text of [source, ...parts.map((part) => part.source)])
            new Function(...bindings.map(({ name }) => name), `"use strict"; return ${text}`);
        }
      }
      valid++;
    } catch (error) {
      if (!(error instanceof CompileError)) throw new Error(`mutant ${seed}`, { cause: error });
      expect(error.offset).toBeLessThanOrEqual(bytes.length);
    }
  }
  // If none were valid the compiler would not have been tried.
  expect(valid).toBeGreaterThan(count / 100);
});
