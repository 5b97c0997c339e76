// A parser of JavaScript and TypeScript in Rust, by napi-rs, with SIMD and a shared memory: threads of its own parse. Its glue
// for browsers, as Node's WASI takes the engine's own memories only; so a worker of Node stands for one of a page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

const folder = dirname(createRequire(import.meta.url).resolve("@oxc-parser/binding-wasm32-wasi"));

// What a worker of a page has and one of Node has not.
const prelude = `
  import { parentPort, workerData } from "node:worker_threads";
  globalThis.self = globalThis;
  globalThis.postMessage = (message, transfer) => parentPort.postMessage(message, transfer);
  await import(workerData);
  parentPort.on("message", (data) => globalThis.onmessage({ data }));
`;

let threads = 0;
class PageWorker extends Worker {
  constructor(url) {
    // The glue leaves it to bundlers to find the file in the package that the address names.
    const workerData = String(pathToFileURL(join(folder, basename(url.pathname))));
    super(new URL(`data:text/javascript,${encodeURIComponent(prelude)}`), { workerData });
    threads++;
  }
}

const source = `import { x } from 'y'; export const f = async <T,>(a?: T) => { for await (const y of a?.b ?? []) yield_(y ** 2n) };
enum E { A = 1 } const j = <div a={1}>{x}</div>; class C { #p = 1; static { } } const ü = "\u{1F600}";`;

export default async function () {
  globalThis.fetch = async (url) =>
    new Response(readFileSync(new URL(url)), { headers: { "content-type": "application/wasm" } });
  globalThis.Worker = PageWorker;
  const { parse, parseSync } = await import(pathToFileURL(join(folder, "parser.wasi-browser.js")));
  const plain = ({ program, module, comments, errors }) => ({ program, module, comments, errors });
  const elsewhere = plain(await parse("a.tsx", source));
  return [threads > 0, elsewhere, plain(parseSync("b.js", "let let = ; class { // x"))];
}
