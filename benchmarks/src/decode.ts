// `pnpm --filter @anywasm/benchmarks run decode [FILE]`: decoding and validating one module in this, cold, process.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Engine, Module } from "anywasm";

const path = process.argv[2] ?? createRequire(import.meta.url).resolve("esbuild-wasm/esbuild.wasm");
const bytes = readFileSync(path);
const engine = new Engine();
const before = process.memoryUsage();
const start = performance.now();
Module.validate(engine, bytes);
const seconds = (performance.now() - start) / 1000;
const after = process.memoryUsage();
const megabytes = (count: number): string => (count / 1e6).toFixed(1);
process.stdout.write(
  `${path}\n${megabytes(bytes.length)} MB decoded and validated in ${(seconds * 1000).toFixed(0)} ms: ` +
    `${(bytes.length / 1e6 / seconds).toFixed(1)} MB/s; resident memory grew by ${megabytes(after.rss - before.rss)} MB, ` +
    `${((after.rss - before.rss) / bytes.length).toFixed(2)} times the module\n`,
);
