// The classic script in a real browser whose pages have no WebAssembly: sql.js through its own glue, under several
// Content Security Policies, and a Module posted to a worker. Needs Debian's Chromium (`apt-get install chromium`), or
// another that CHROMIUM names; skipped, and said so, where there is none.
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { classicScript } from "../js-api/classic-script.test-support.ts";

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const isInstalled = existsSync(executablePath);
if (!isInstalled) process.stderr.write(`browser tests SKIPPED: there is no ${executablePath}\n`);

const sqlFolder = dirname(createRequire(import.meta.url).resolve("sql.js"));

/** What a page does once it has a WebAssembly object. */
const pageScript = `
  const outcome = async (action) => {
    try { return await action(); } catch (error) { return { error: error.name, code: error.code, message: error.message }; }
  };
  globalThis.answer = (async () => ({
    own: WebAssembly === Anywasm.WebAssembly,
    native: nativeWebAssembly !== undefined,
    sql: await outcome(async () => {
      const SQL = await initSqlJs({ locateFile: (name) => "/" + name });
      const db = new SQL.Database();
      db.run("CREATE TABLE t (a INTEGER, b TEXT)");
      for (let i = 0; i < 100; i++) db.run("INSERT INTO t VALUES (?, ?)", [i, "row " + (i % 7)]);
      return db.exec("SELECT b, sum(a) FROM t GROUP BY b ORDER BY 2 DESC LIMIT 2")[0].values;
    }),
    streaming: await outcome(async () => {
      const { instance } = await WebAssembly.instantiateStreaming(fetch("/add.wasm"));
      return instance.exports.add(40, 2);
    }),
    worker: await outcome(() => new Promise((resolve, reject) => {
      const worker = new Worker("/worker.js");
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      WebAssembly.compileStreaming(fetch("/add.wasm")).then((module) => worker.postMessage(module), reject);
    })),
  }))();`;

const add = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 7, 1, 0x60, 2, 0x7f, 0x7f, 1, 0x7f, 3, 2, 1, 0],
  ...[7, 7, 1, 3, 0x61, 0x64, 0x64, 0, 0, 10, 9, 1, 7, 0, 0x20, 0, 0x20, 1, 0x6a, 0x0b],
);

const removeNative = "const nativeWebAssembly = globalThis.WebAssembly; delete globalThis.WebAssembly;";
const files: Readonly<Record<string, () => Promise<string | Uint8Array> | string | Uint8Array>> = {
  "/": () =>
    ["remove-native.js", "anywasm.min.js", "sql-wasm.js", "page.js"]
      .map((name) => `<script src="/${name}"></script>`)
      .join("\n"),
  "/remove-native.js": () => removeNative,
  "/anywasm.min.js": classicScript,
  "/sql-wasm.js": () => readFileSync(join(sqlFolder, "sql-wasm.js")),
  "/sql-wasm.wasm": () => readFileSync(join(sqlFolder, "sql-wasm.wasm")),
  "/page.js": () => pageScript,
  "/add.wasm": () => add,
  "/worker.js": () => `${removeNative} importScripts("/anywasm.min.js");
    onmessage = ({ data }) => postMessage([data instanceof WebAssembly.Module, new WebAssembly.Instance(data).exports.add(1, 2)]);`,
};
const types: Readonly<Record<string, string>> = { js: "text/javascript", wasm: "application/wasm" };

let server: Server;
let browser: Browser;

/** Serves the files under the policy that the query asks for. */
async function answer(url: URL): Promise<{ body: string | Uint8Array; headers: Record<string, string> } | undefined> {
  const file = files[url.pathname];
  if (file === undefined) return undefined;
  const extension = url.pathname.split(".").pop() ?? "";
  const policy = url.searchParams.get("policy");
  return {
    body: await file(),
    headers: {
      "Content-Type": types[extension] ?? "text/html",
      ...(policy === null ? {} : { "Content-Security-Policy": policy }),
    },
  };
}

beforeAll(async () => {
  if (!isInstalled) return;
  server = createServer((request, response) => {
    answer(new URL(request.url ?? "/", "http://localhost")).then(
      (found) => {
        response.writeHead(found === undefined ? 404 : 200, found?.headers).end(found?.body);
      },
      (error: unknown) => {
        response.writeHead(500).end(String(error));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await chromium.launch({
    executablePath,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
      ...["--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
    ],
  });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
});

async function open(policy?: string): Promise<Readonly<Record<string, unknown>>> {
  const page = await browser.newPage();
  try {
    const { port } = server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/${policy === undefined ? "" : `?policy=${encodeURIComponent(policy)}`}`);
    return (await page.evaluate("answer")) as Readonly<Record<string, unknown>>;
  } finally {
    await page.close();
  }
}

const success = {
  own: true,
  native: true,
  sql: [
    ["row 1", 750],
    ["row 0", 735],
  ],
  streaming: 42,
  worker: [true, 3],
};

describe.skipIf(!isInstalled)("Chromium, WebAssembly removed", () => {
  test("a page without a policy", async () => {
    expect(await open()).toEqual(success);
  });

  test("a page whose policy allows 'unsafe-eval'", async () => {
    expect(await open("default-src 'self'; script-src 'self' 'unsafe-eval'")).toEqual(success);
  });

  test("a page whose policy forbids code generation gets an error that names the way out", async () => {
    const { own, streaming } = await open("default-src 'self'; script-src 'self'");
    expect(own).toBe(true);
    expect(streaming).toMatchObject({ error: "CompileError", code: "code_generation_forbidden" });
    expect((streaming as { readonly message: string }).message).toContain("ahead of time");
  });
});
