// The WebAssembly object across agents, and where the host forbids making code from strings. Each runs in a thread or
// process of its own.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { loadTextParser } from "anywasm";
import { WebAssembly } from "anywasm/js-api";
import { expect, test } from "vitest";
import { removeNative } from "../packages/run.ts";
import { classicScriptPreload } from "./classic-script.test-support.ts";

const assemble = await loadTextParser();
const bytes = assemble(`(module (import "m" "f" (func (param i32) (result i32)))
  (func (export "g") (param i32) (result i32) (i32.mul (call 0 (local.get 0)) (i32.const 2))))`);

test("a Module that is posted to a worker is one there", async () => {
  const worker = new Worker(
    `const { parentPort, workerData } = require("node:worker_threads");
     require(workerData.script);
     const { WebAssembly } = Anywasm;
     parentPort.on("message", async ({ module }) => {
       const isModule = module instanceof WebAssembly.Module;
       const { exports } = new WebAssembly.Instance(module, { m: { f: (x) => x + 1 } });
       const instance = await WebAssembly.instantiate(module, { m: { f: (x) => x - 1 } });
       parentPort.postMessage({ isModule, results: [exports.g(20), instance.exports.g(20)], module });
     });`,
    { eval: true, workerData: { script: await classicScriptPreload() } },
  );
  try {
    const answer = new Promise<{ isModule: boolean; results: number[]; module: object }>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    worker.postMessage({ module: new WebAssembly.Module(bytes) });
    const { isModule, results, module } = await answer;
    expect([isModule, results]).toEqual([true, [42, 38]]);
    expect(module).toBeInstanceOf(WebAssembly.Module);
    const { exports } = new WebAssembly.Instance(module, { m: { f: () => 5 } });
    expect((exports["g"] as (x: number) => number)(1)).toBe(10);
  } finally {
    await worker.terminate();
  }
});

const program = `
  const bytes = Uint8Array.from(${JSON.stringify([...bytes])});
  const outcome = (action) => { try { return [String(action())]; } catch (error) { return [error.constructor.name, error.message, error.code]; } };
  console.log(JSON.stringify({
    own: WebAssembly === globalThis.Anywasm.WebAssembly,
    validate: outcome(() => WebAssembly.validate(bytes)),
    compile: outcome(() => new WebAssembly.Module(bytes)),
    memory: outcome(() => new WebAssembly.Memory({ initial: 1 }).buffer.byteLength),
  }));`;

async function run(before: string, ...flags: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const args = [...flags, "--require", await classicScriptPreload(before), "--eval", program];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Readonly<Record<string, unknown>>;
}

test("the script installs itself only where there is no WebAssembly", async () => {
  expect(await run(removeNative)).toMatchObject({ own: true, validate: ["true"] });
  expect(await run("")).toMatchObject({ own: false, validate: ["true"] });
});

test("where code generation is forbidden, compiling says so and names the way out", async () => {
  const outcome = await run(removeNative, "--disallow-code-generation-from-strings");
  expect(outcome).toMatchObject({ own: true, validate: ["true"], memory: ["65536"] });
  const [name, message, code] = outcome["compile"] as readonly string[];
  expect([name, code]).toEqual(["CompileError", "code_generation_forbidden"]);
  expect(message).toContain("ahead of time");
});

test.each(["polyfill", "polyfill/force"])("import anywasm/%s", async (entry) => {
  const module = fileURLToPath(import.meta.resolve(`anywasm/${entry}`));
  const shown = (before: string): string =>
    execFileSync(
      process.execPath,
      [
        ...["--import", import.meta.resolve("tsx"), "--conditions=anywasm-source", "--input-type=module"],
        "--eval",
        `const native = globalThis.WebAssembly;
         const { WebAssembly: own } = await import("anywasm/js-api"); // Before, since Node's own loader uses WebAssembly.
         ${before} await import(${JSON.stringify(module)});
         const { writable, enumerable, configurable, value } = Object.getOwnPropertyDescriptor(globalThis, "WebAssembly");
         console.log(value === own, value === native, writable, enumerable, configurable);`,
      ],
      { encoding: "utf8", cwd: import.meta.dirname },
    ).trim();
  expect(shown(removeNative)).toBe("true false true false true");
  expect(shown("")).toBe(entry === "polyfill" ? "false true true false true" : "true false true false true");
});
