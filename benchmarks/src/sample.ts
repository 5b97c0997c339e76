// One process measures one kernel on one contender: bundled to a file of its own, so that every JavaScript engine can run
// it. The request is one argument of JSON, the sample one line of JSON.
import { readFileSync } from "node:fs";
import { resourceUsage } from "node:process";
import { type ContenderName, instantiate } from "./contenders.ts";
import { median } from "./statistics.ts";

export interface KernelRequest {
  readonly contender: ContenderName;
  readonly module: string;
  readonly wasm2js: string | undefined;
  readonly argument: number;
  readonly result: number;
  /** How long the steady state is measured, after as long a time of warming up; see also `tierUpMs`. */
  readonly milliseconds: number;
}

export interface KernelSample {
  /** From bytes to the first result, in milliseconds. */
  readonly coldMs: number;
  /** Median of the calls after warming up. */
  readonly steadyMs: number;
  /** Characters of JavaScript that the contender evaluated from strings. */
  readonly generated: number;
  /** Milliseconds the engine took to read them, before the first call. */
  readonly evaluationMs: number;
  readonly peakMemoryMB: number;
}

/** What decides while a program runs how to compile it is given this long to get to its steady state, in milliseconds. */
const tierUpMs = 2500;

/** At least so many calls, however long they take. */
const minimumCalls = 5;

async function measure(request: KernelRequest): Promise<KernelSample> {
  const { contender, module, wasm2js, argument } = request;
  const bytes = Uint8Array.from(readFileSync(module));
  const account = watchEvaluation();
  const start = performance.now();
  const run = await instantiate(contender, { bytes, wasm2js });
  const result = run(argument);
  const coldMs = performance.now() - start;
  if (result !== request.result) throw new Error(`${contender} gave ${result}, not ${request.result}`);
  repeat(run, argument, contender === "auto" ? Math.max(tierUpMs, request.milliseconds) : request.milliseconds);
  const steadyMs = median(repeat(run, argument, request.milliseconds));
  const generated =
    contender === "wasm2js" && wasm2js !== undefined ? readFileSync(wasm2js).length : account.characters;
  // In kibibytes, says Node.
  const peakMemoryMB = (resourceUsage().maxRSS * 1024) / 1e6;
  return { coldMs, steadyMs, generated, evaluationMs: account.ms, peakMemoryMB };
}

function repeat(run: (n: number) => number, argument: number, milliseconds: number): number[] {
  const times: number[] = [];
  const end = performance.now() + milliseconds;
  for (let now = performance.now(); now < end || times.length < minimumCalls; ) {
    run(argument);
    const after = performance.now();
    times.push(after - now);
    now = after;
  }
  return times;
}

/** Counts what goes through `new Function`, which all contenders that make JavaScript at run time use. */
function watchEvaluation(): { characters: number; ms: number } {
  const account = { characters: 0, ms: 0 };
  globalThis.Function = new Proxy(Function, {
    construct: (target, args: readonly string[]) => {
      const start = performance.now();
      const made = Reflect.construct(target, args) as object;
      account.ms += performance.now() - start;
      account.characters += (args[args.length - 1] ?? "").length;
      return made;
    },
  });
  return account;
}

process.stdout.write(`${JSON.stringify(await measure(JSON.parse(process.argv[2] ?? "") as KernelRequest))}\n`);
