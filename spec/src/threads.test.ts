// Threads: scripts that run several at once, and atomic instructions against the engine's own.
import { join } from "node:path";
import { Engine, loadTextParser } from "anywasm";
import { createWebAssembly } from "anywasm/js-api";
import { expect, test } from "vitest";
import { createAssembler } from "./assembler.ts";
import { findScripts, runFile } from "./suite.ts";

const assemble = await loadTextParser();
const scripts = join(import.meta.dirname, "../threads");

test.each(findScripts(scripts))("%s", async (file) => {
  const { outcomes } = runFile(scripts, file, "auto", await createAssembler());
  expect(outcomes.filter(({ result }) => result !== "passed")).toEqual([]);
  expect(outcomes.some(({ command }) => command === "wait")).toBe(true);
});

interface Access {
  readonly name: string;
  readonly operands: readonly ("i32" | "i64")[];
  readonly result: string;
}

/** All but those that wait, which do not give the same at any time. */
const accesses: readonly Access[] = (["i32", "i64"] as const).flatMap((type) =>
  ["", "8", "16", ...(type === "i64" ? ["32"] : [])].flatMap((bits): Access[] => {
    const end = bits === "" ? "" : "_u";
    const result = `(result ${type})`;
    return [
      { name: `${type}.atomic.load${bits}${end}`, operands: [], result },
      { name: `${type}.atomic.store${bits}`, operands: [type], result: "" },
      ...["add", "sub", "and", "or", "xor", "xchg", "cmpxchg"].map((operation) => ({
        name: `${type}.atomic.rmw${bits}.${operation}${end}`,
        operands: operation === "cmpxchg" ? [type, type] : [type],
        result,
      })),
    ];
  }),
);
/** A function for each access, of the address and the operands. */
function moduleText(shared: string): string {
  const functions = accesses.map(({ name, operands, result }) => {
    const params = ["i32", ...operands];
    const gets = params.map((_, i) => `(local.get ${i})`).join(" ");
    return `(func (export "${name}") (param ${params.join(" ")}) ${result} (${name} offset=8 ${gets}))`;
  });
  return `(module (memory (export "memory") 1 2 ${shared}) ${functions.join("\n")})`;
}

type Outcome = readonly [result: string, memory: string];

/** What a call gives or throws, and the words around where it went. */
function call(exports: Readonly<Record<string, unknown>>, name: string, args: readonly (number | bigint)[]): Outcome {
  const { buffer } = exports["memory"] as WebAssembly.Memory;
  let result: string;
  try {
    result = String((exports[name] as (...args: readonly unknown[]) => unknown)(...args));
  } catch (error) {
    result = (error as Error).constructor.name;
  }
  return [result, new Uint32Array(buffer, 0, 8).join(" ")];
}

const words = [0, 1, -1, 0x7fffffff, -0x80000000, 0x1234abcd, 0x80, 0xff80, 0x11110080];

test.each([
  ["", "baseline"],
  ["shared", "baseline"],
  ["", "optimizing"],
  ["shared", "optimizing"],
] as const)("atomic accesses of a %s memory are those of the engine (%s)", (shared, strategy) => {
  const bytes = assemble(moduleText(shared));
  const ours = createWebAssembly(new Engine({ strategy }));
  const native = new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>)).exports;
  const own = new ours.Instance(new ours.Module(bytes)).exports;
  let turn = 0;
  expect(accesses.length).toBe(63);
  for (const { name, operands } of accesses)
    for (const address of [0, 1, 2, 4, 8, 12, 65520, 65524, 65528, 65532, -4, -8, -9])
      for (const a of words)
        for (const b of [a, words[turn++ % words.length] as number]) {
          const values = [a, b].map((low, i) =>
            operands[i] === "i64"
              ? BigInt.asIntN(64, (BigInt(words[turn % 7] as number) << 32n) | BigInt(low >>> 0))
              : low,
          );
          const args = [address, ...values.slice(0, operands.length)];
          expect([name, ...args, ...call(own, name, args)]).toEqual([name, ...args, ...call(native, name, args)]);
        }
});
