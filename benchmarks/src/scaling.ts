// `pnpm --filter @anywasm/benchmarks run scaling`: time to decode, and to compile every function of, modules of 1 to 16 MB.
// They hold the functions of a kernel again and again, so that only the size differs; times per megabyte should not.
import { readFileSync } from "node:fs";
import { Engine, Module } from "anywasm";
import { buildKernel } from "./build-kernels.ts";
import { kernels } from "./kernels.ts";
import { formatTable } from "./report.ts";

const functionSection = 3;
const codeSection = 10;

function leb128(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

interface Section {
  readonly id: number;
  readonly contents: Uint8Array;
}

function sectionsOf(bytes: Uint8Array): readonly Section[] {
  const sections: Section[] = [];
  for (let position = 8; position < bytes.length; ) {
    const id = bytes[position++] as number;
    const [size, start] = readLeb128(bytes, position);
    sections.push({ id, contents: bytes.subarray(start, start + size) });
    position = start + size;
  }
  return sections;
}

function readLeb128(bytes: Uint8Array, position: number): readonly [value: number, next: number] {
  let value = 0;
  for (let next = position, shift = 0; ; shift += 7) {
    const byte = bytes[next++] as number;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [value, next];
  }
}

/** The module with the entries of a vector in one of its sections repeated. */
function repeated({ contents }: Section, times: number): Buffer {
  const [count, start] = readLeb128(contents, 0);
  const entries = contents.subarray(start);
  return Buffer.concat([Uint8Array.from(leb128(count * times)), ...Array.from({ length: times }, () => entries)]);
}

function moduleOf(bytes: Uint8Array, size: number): Uint8Array {
  const sections = sectionsOf(bytes);
  const code = sections.find(({ id }) => id === codeSection);
  if (code === undefined) throw new Error("the kernel has no code");
  const times = Math.ceil(size / code.contents.length);
  return Buffer.concat([
    bytes.subarray(0, 8),
    ...sections
      // Names and other custom sections say nothing of copies.
      .filter(({ id }) => id !== 0)
      .flatMap((section) => {
        const isRepeated = section.id === functionSection || section.id === codeSection;
        const contents = isRepeated ? repeated(section, times) : section.contents;
        return [Uint8Array.from([section.id, ...leb128(contents.length)]), contents];
      }),
  ]);
}

function milliseconds(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function compileAll(module: Module, tier: "baseline" | "optimizing"): void {
  const { importedFunctionCount, bodies } = module.structure;
  for (let i = 0; i < bodies.length; i++) module.compileFunction(importedFunctionCount + i, tier);
}

const kernel = kernels.find(({ name }) => name === "integer32/sha256");
if (kernel === undefined) throw new Error("no such kernel");
const source = readFileSync((await buildKernel(kernel)).module);
const engine = new Engine();
const rows = [["size, MB", "decode and validate, ms", "per MB", "baseline, ms", "per MB", "optimizing, ms", "per MB"]];
compileAll(new Module(engine, moduleOf(source, 1e6)), "baseline");
compileAll(new Module(engine, moduleOf(source, 1e6)), "optimizing");
for (const size of [1, 2, 4, 8, 16]) {
  const bytes = moduleOf(source, size * 1e6);
  let module: Module | undefined;
  const decode = milliseconds(() => {
    module = new Module(engine, bytes);
  });
  if (module === undefined) throw new Error("no module");
  const made = module;
  const baseline = milliseconds(() => compileAll(made, "baseline"));
  const optimizing = milliseconds(() => compileAll(made, "optimizing"));
  rows.push([String(size), ...[decode, baseline, optimizing].flatMap((ms) => [ms.toFixed(0), (ms / size).toFixed(0)])]);
}
process.stdout.write(`${formatTable(rows)}\n`);
