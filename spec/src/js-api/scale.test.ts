// Large memories, and programs that make modules all the time.
import { execFileSync } from "node:child_process";
import { loadTextParser } from "anywasm";
import { WebAssembly } from "anywasm/js-api";
import { expect, test } from "vitest";
import { classicScriptPreload } from "./classic-script.test-support.ts";

const assemble = await loadTextParser();

test.each([32_768, 65_536])("a memory of %i pages, up to its last byte", (pages) => {
  const memory: WebAssembly.Memory = new WebAssembly.Memory({ initial: pages });
  const module: WebAssembly.Module = new WebAssembly.Module(
    assemble(`(module (import "m" "memory" (memory 1))
      (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
      (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
      (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2))))`),
  );
  const { store, load, copy } = new WebAssembly.Instance(module, { m: { memory } }).exports;
  const last = pages * 65_536 - 4;
  store(last, 0x12345678);
  copy(last - 8, last, 4);
  expect([load(last), load(last - 8), memory.buffer.byteLength]).toEqual([0x12345678, 0x12345678, pages * 65_536]);
  expect(new DataView(memory.buffer).getInt32(last, true)).toBe(0x12345678);
  expect(() => load(last + 1)).toThrow(WebAssembly.RuntimeError);
  expect(() => copy(last, 0, 5)).toThrow(WebAssembly.RuntimeError);
});

test("modules that are made at run time, used and forgotten, leave nothing behind", async () => {
  const bytes = assemble(`(module (import "m" "f" (func $f (param i32) (result i32)))
    (func (export "g") (param i32) (result i32) (call $f (i32.add (local.get 0) (i32.const 1)))))`);
  const program = `
    const bytes = Uint8Array.from(${JSON.stringify([...bytes])});
    const table = new WebAssembly.Table({ initial: 1, element: "anyfunc" });
    let sum = 0;
    const run = (i) => {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { m: { f: (x) => x + i } });
      table.set(0, exports.g);
      sum += table.get(0)(1);
    };
    (async () => {
      for (let i = 0; i < 30000; i++) {
        run(i);
        // What a WeakRef was made for lives until the end of the job.
        if (i % 1000 === 0) await new Promise(setImmediate);
      }
      console.log(sum);
    })();`;
  // Thirty thousand such modules are about 200 MB.
  const flags = ["--max-old-space-size=48", "--require", await classicScriptPreload()];
  const output = execFileSync(process.execPath, [...flags, "--eval", program], { encoding: "utf8" });
  expect(Number(output)).toBe((29_999 * 30_000) / 2 + 2 * 30_000);
});
