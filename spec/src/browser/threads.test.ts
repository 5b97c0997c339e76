// Shared memories in a real browser, on pages that are cross-origin isolated and on one that is not: posted to a worker, which
// waits; and waiting where an agent must not. The engine's own object does the same for comparison. Skipped without a browser,
// as browser.test.ts says.
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { loadTextParser } from "anywasm";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { classicScript } from "../js-api/classic-script.test-support.ts";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

const assemble = await loadTextParser();
const wasm = assemble(`(module (memory (import "m" "m") 1 4 shared)
  (func (export "wait") (param i64) (result i32) (memory.atomic.wait32 (i32.const 0) (i32.const 0) (local.get 0)))
  (func (export "wake") (result i32) (memory.atomic.notify (i32.const 0) (i32.const 1)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "add") (param i32) (result i32) (i32.atomic.rmw.add (local.get 0) (i32.const 1))))`);

const useAnywasm = `importScripts("/anywasm.js"); globalThis.WebAssembly = Anywasm.WebAssembly;`;
/** Tells when it has looked at the buffer, as glue does; then waits, and grows the memory. */
const worker = (before: string): string => `${before}
  onmessage = ({ data: { module, memory } }) => {
    const length = memory.buffer.byteLength;
    const { exports } = new WebAssembly.Instance(module, { m: { m: memory } });
    postMessage("ready");
    postMessage([length, exports.wait(10_000_000_000n), exports.grow(), exports.add(65536)]);
  };`;

const page = `<script src="/anywasm.js"></script><script>
  const run = async (wasm, script) => {
    let memory;
    try {
      memory = new wasm.Memory({ initial: 1, maximum: 4, shared: true });
    } catch (error) {
      return [error.name, error.message];
    }
    const module = await wasm.compileStreaming(fetch("/module.wasm"));
    const { exports } = new wasm.Instance(module, { m: { m: memory } });
    let refused;
    try { exports.wait(1_000_000n); } catch (error) { refused = error instanceof wasm.RuntimeError ? error.message : String(error); }
    const worker = new Worker(script);
    const found = await new Promise((resolve, reject) => {
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.onmessage = ({ data }) => {
        if (data !== "ready") resolve(data);
        // Until somebody waits.
        else { const wake = () => { if (exports.wake() === 0) setTimeout(wake, 5); }; wake(); }
      };
      worker.postMessage({ module, memory });
    });
    return [refused, ...found, exports.add(65536), memory.grow(0)];
  };
  globalThis.answer = (async () => ({
    isolated: crossOriginIsolated,
    own: await run(Anywasm.WebAssembly, "/own.js"),
    native: crossOriginIsolated ? await run(WebAssembly, "/native.js") : undefined,
  }))();
</script>`;

const files: Readonly<Record<string, () => Promise<string> | string | Uint8Array>> = {
  "/": () => page,
  "/isolated": () => page,
  "/anywasm.js": classicScript,
  "/own.js": () => worker(useAnywasm),
  "/native.js": () => worker(""),
  "/module.wasm": () => wasm,
};

const isolation = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

function typeOf(path: string): string {
  return path.endsWith(".js") ? "text/javascript" : path.endsWith(".wasm") ? "application/wasm" : "text/html";
}

let server: Server;
let browser: Browser;

beforeAll(async () => {
  if (!existsSync(executablePath)) return;
  server = createServer((request, response) => {
    const path = request.url ?? "/";
    const headers = { "Content-Type": typeOf(path), ...(path === "/" ? {} : isolation) };
    Promise.resolve(files[path]?.()).then(
      (body) => response.writeHead(body === undefined ? 404 : 200, headers).end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
});

async function open(path: string): Promise<Readonly<Record<string, unknown>>> {
  const opened = await browser.newPage();
  try {
    await opened.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
    return (await opened.evaluate("answer")) as Readonly<Record<string, unknown>>;
  } finally {
    await opened.close();
  }
}

describe.skipIf(!existsSync(executablePath))("Chromium", () => {
  test("a page that is cross-origin isolated", async () => {
    const { isolated, own, native } = await open("/isolated");
    expect(isolated).toBe(true);
    expect(own).toEqual(["Atomics.wait cannot be called in this context", 65536, 0, 1, 0, 1, 2]);
    expect(own).toEqual(native);
  });

  test("one that is not is told what it lacks", async () => {
    const { isolated, own } = await open("/");
    expect(isolated).toBe(false);
    expect(own).toEqual(["TypeError", expect.stringContaining("cross-origin isolated")]);
  });
});
