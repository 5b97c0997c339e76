// Runs kernels on contenders: every sample is a process of its own; contenders take turns, so that the machine's moods
// fall on all alike.
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { buildKernel } from "./build-kernels.ts";
import type { ContenderName } from "./contenders.ts";
import { reasonOf } from "./failure.ts";
import type { JavaScriptEngine } from "./javascript-engines.ts";
import type { Kernel } from "./kernels.ts";
import type { KernelRequest, KernelSample } from "./sample.ts";

export interface KernelOptions {
  readonly engine: JavaScriptEngine;
  readonly contenders: readonly ContenderName[];
  readonly rounds: number;
  readonly milliseconds: number;
}

export interface KernelResult {
  readonly kernel: string;
  readonly group: string;
  readonly contender: ContenderName;
  readonly samples: readonly KernelSample[];
  /** Why there are no samples. */
  readonly failure?: string;
}

const cache = join(import.meta.dirname, "../node_modules/.cache");

/** Bundles a sampling program, so that engines without a loader for TypeScript run it too. */
export async function buildSampler(name: "sample" | "border-sample"): Promise<string> {
  mkdirSync(cache, { recursive: true });
  const outfile = join(cache, `${name}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    bundle: true,
    format: "esm",
    platform: "node",
    conditions: ["anywasm-source"],
    external: ["binaryen", "@bytecodealliance/*"],
    // Some dependencies are CommonJS.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    outfile,
  });
  return outfile;
}

export async function runKernel(sampler: string, kernel: Kernel, options: KernelOptions): Promise<KernelResult[]> {
  const built = await buildKernel(kernel);
  const samples = new Map<ContenderName, KernelSample[]>(options.contenders.map((each) => [each, []]));
  const failures = new Map<ContenderName, string>();
  for (let round = 0; round < options.rounds; round++)
    for (const contender of options.contenders) {
      if (failures.has(contender)) continue;
      const request: KernelRequest = {
        contender,
        module: built.module,
        wasm2js: built.wasm2js,
        argument: kernel.argument,
        result: kernel.result,
        milliseconds: options.milliseconds,
      };
      try {
        samples.get(contender)?.push(await sample(options.engine, sampler, request));
      } catch (error) {
        failures.set(contender, reasonOf(error));
      }
    }
  return options.contenders.map((contender) => {
    const failure = failures.get(contender);
    const result = { kernel: kernel.name, group: kernel.group, contender };
    return failure === undefined
      ? { ...result, samples: samples.get(contender) ?? [] }
      : { ...result, samples: [], failure };
  });
}

async function sample(
  { program, arguments: before }: JavaScriptEngine,
  sampler: string,
  request: KernelRequest,
): Promise<KernelSample> {
  const { stdout } = await promisify(execFile)(program, [...before, sampler, JSON.stringify(request)], {
    timeout: 120_000,
    cwd: cache,
  });
  return JSON.parse(stdout) as KernelSample;
}
