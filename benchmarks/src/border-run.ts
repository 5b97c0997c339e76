// Runs the measurement of calls between host and guest, a process for each sample.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { JavaScriptEngine } from "./javascript-engines.ts";
import { buildSampler } from "./kernel-run.ts";
import { programContenders } from "./program-run.ts";

export interface BorderResult {
  /** As `host to guest, i32`. */
  readonly way: string;
  readonly contender: string;
  /** One measurement a round. */
  readonly nanoseconds: readonly number[];
}

export async function runBorder(engine: JavaScriptEngine, rounds: number): Promise<BorderResult[]> {
  const sampler = await buildSampler("border-sample");
  const found = new Map<string, { way: string; contender: string; nanoseconds: number[] }>();
  for (let round = 0; round < rounds; round++)
    for (const contender of programContenders) {
      const { stdout } = await promisify(execFile)(engine.program, [...engine.arguments, sampler, contender]);
      for (const [way, nanoseconds] of Object.entries(JSON.parse(stdout) as Readonly<Record<string, number>>)) {
        const key = `${way} ${contender}`;
        const known = found.get(key) ?? { way, contender, nanoseconds: [] };
        known.nanoseconds.push(nanoseconds);
        found.set(key, known);
      }
    }
  return [...found.values()];
}
