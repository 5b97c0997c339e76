// Programs we did not write, on the engine's own WebAssembly: Ruby, QuickJS, and small C and Rust programs.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { RubyVM } from "@ruby/wasm-wasi";
import { QuickJS } from "quickjs-wasi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoryDirectory, Wasi, type WasiOptions } from "../src/index.ts";
import { nodeWasi } from "../src/node/index.ts";

const require = createRequire(import.meta.url);
const decode = (chunks: readonly Uint8Array[]) => Buffer.concat(chunks).toString();

function nativeImports(wasi: Wasi) {
  let memory: WebAssembly.Memory;
  const imports = wasi.imports(() => ({ bytes: new Uint8Array(memory.buffer) }));
  return {
    imports,
    attach: (instance: WebAssembly.Instance) => void (memory = instance.exports["memory"] as WebAssembly.Memory),
  };
}

describe("commands", () => {
  const program = (name: string) => readFileSync(join(dirname(require.resolve("@wasmer/wasi")), "..", "tests", name));

  function run(name: string, options: WasiOptions, extra: WebAssembly.Imports = {}): { code: number; out: string } {
    const chunks: Uint8Array[] = [];
    const wasi = new Wasi({ stdout: (bytes) => void chunks.push(bytes), ...options });
    const { imports, attach } = nativeImports(wasi);
    const instance = new WebAssembly.Instance(new WebAssembly.Module(program(name)), { ...imports, ...extra });
    attach(instance);
    const code = wasi.run(instance.exports["_start"] as () => void);
    return { code, out: decode(chunks) };
  }

  test("one that imports wasi_unstable", () => {
    expect(run("demo.wasm", {})).toEqual({ code: 0, out: "hello world\n" });
  });

  test("Rust: the environment", () => {
    const { out } = run("envvar.wasm", { env: { DOG: "X", TEST: "VALUE" } });
    expect(out).toContain("DOG=X\n");
    expect(out).toContain('DOG Ok("X")\nDOG_TYPE Err(NotPresent)\nSET VAR Ok("HELLO")\n');
  });

  test("C: stdin to stdout", () => {
    expect(run("pipe_reverse.wasm", { stdin: "Hello World!" })).toEqual({ code: 0, out: "!dlroW olleH\n" });
  });

  test("Rust: a directory's entries", () => {
    const { out } = run("mapdir.wasm", { preopens: { ".": memoryDirectory({ a: {}, b: {}, file: "x" }) } });
    expect(out.trim().split("\n").sort()).toEqual(['"./a"', '"./b"', '"./file"']);
  });

  test("Rust: with an import of its own beside WASI", () => {
    let calls = 0;
    const { code, out } = run("test.wasm", {}, { module: { external: () => void calls++ } });
    expect({ code, out }).toEqual({ code: 0, out: "internal: hello world!\n" });
    expect(calls).toBeGreaterThan(0);
  });
});

describe("Ruby 3.4", () => {
  let root: string;
  let module: WebAssembly.Module;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "anywasm-wasi-ruby-"));
    mkdirSync(join(root, "box"));
    writeFileSync(join(root, "secret"), "SECRET");
    writeFileSync(join(root, "box", "in.txt"), "hello file\n");
    symlinkSync("../secret", join(root, "box", "escape"));
    symlinkSync("..", join(root, "box", "up"));
    module = new WebAssembly.Module(readFileSync(require.resolve("@ruby/3.4-wasm-wasi/dist/ruby.wasm")));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  async function ruby(source: string): Promise<{ value: string; out: string }> {
    const chunks: Uint8Array[] = [];
    const wasi = nodeWasi({
      args: ["ruby"],
      env: { GREETING: "hi" },
      stdin: { text: "first\nsecond\n" },
      stdout: (bytes) => void chunks.push(bytes),
      preopens: { "/": join(root, "box"), "/mem": memoryDirectory({ data: "in memory" }) },
    });
    const { imports, attach } = nativeImports(wasi);
    const wasip1 = {
      wasiImport: imports["wasi_snapshot_preview1"] as WebAssembly.ModuleImports,
      initialize(instance: WebAssembly.Instance) {
        attach(instance);
        (instance.exports["_initialize"] as (() => void) | undefined)?.();
      },
    };
    const { vm } = await RubyVM.instantiateModule({
      module,
      wasip1,
      args: ["ruby.wasm", "-EUTF-8", "-e_=0", "--disable-gems"],
    });
    const value = vm.eval(source).toString();
    wasi.close();
    return { value, out: decode(chunks) };
  }

  test("reads and writes files, links and lists directories", async () => {
    const { value } = await ruby(String.raw`
      seen = []
      seen << File.read("/in.txt") << File.read("/mem/data")
      File.write("/out.txt", "x" * 100_000)
      File.open("/log", "a") { |f| f.puts 1 }
      File.open("/log", "a") { |f| f.puts 2 }
      seen << File.read("/log") << File.size("/out.txt")
      Dir.mkdir("/n")
      File.rename("/out.txt", "/n/o")
      File.symlink("in.txt", "/ln")
      File.link("/in.txt", "/hard")
      seen << File.readlink("/ln") << File.read("/ln") << File.stat("/hard").nlink
      seen << Dir.glob("/{n,hard,ln}/**/*").sort << Dir.children("/").sort
      File.open("/log", "r+") { |f| f.seek(2); f.write("9"); f.truncate(3) }
      seen << File.read("/log")
      File.utime(Time.at(5), Time.at(7), "/log")
      seen << File.mtime("/log").to_i
      %w[/ln /hard /n/o].each { |f| File.delete(f) }
      Dir.rmdir("/n")
      seen << File.exist?("/n")
      seen.inspect`);
    expect(value).toBe(
      '["hello file\\n", "in memory", "1\\n2\\n", 100000, "in.txt", "hello file\\n", 2, ["/n/o"], ' +
        '["escape", "hard", "in.txt", "ln", "log", "n", "up"], "1\\n9", 7, false]',
    );
    expect(readFileSync(join(root, "box", "log"), "utf8")).toBe("1\n9");
  });

  test("does not get out", async () => {
    const { value } = await ruby(String.raw`
      attempts = [
        -> { File.read("/escape") }, -> { File.read("/up/secret") }, -> { File.read("/../../secret") }, -> { Dir.children("/up") },
        -> { File.write("/escape", "x") }, -> { File.write("/up/made", "x") }, -> { File.symlink("/etc/passwd", "/p") },
        -> { File.rename("/in.txt", "/up/in.txt") }, -> { File.link("/up/secret", "/s") }, -> { File.delete("/up/secret") },
      ]
      attempts.map { |attempt| begin; attempt.call; "got out"; rescue SystemCallError => e; e.class.to_s; end }.uniq.inspect`);
    expect(value).toBe('["Errno::EPERM"]');
    expect(readFileSync(join(root, "secret"), "utf8")).toBe("SECRET");
    expect(existsSync(join(root, "made"))).toBe(false);
  });

  test("has stdio, environment, clocks and random numbers", async () => {
    const { value, out } = await ruby(String.raw`
      puts "to stdout #{ENV["GREETING"]}"
      $stdout.flush
      start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      sleep 0.05
      slept = Process.clock_gettime(Process::CLOCK_MONOTONIC) - start
      [STDIN.gets, STDIN.read, slept.between?(0.049, 2), (Time.now.to_i - ${Math.floor(Date.now() / 1000)}).abs < 60,
       Random.new_seed == Random.new_seed, Random.urandom(32).bytes.uniq.size > 10].inspect`);
    expect(value).toBe('["first\\n", "second\\n", true, true, false, true]');
    expect(out).toBe("to stdout hi\n");
  });
});

test("QuickJS, a reactor, tells the time and writes to stdout", async () => {
  const chunks: Uint8Array[] = [];
  const wasi = new Wasi({ stdout: (bytes) => void chunks.push(bytes) });
  const vm = await QuickJS.create({
    wasm: readFileSync(require.resolve("quickjs-wasi/quickjs.wasm")),
    wasi: (memory) => wasi.imports(() => ({ bytes: new Uint8Array(memory.buffer) }))["wasi_snapshot_preview1"] ?? {},
  });
  const now = Number(vm.dump(vm.evalCode("Date.now()")));
  expect(Math.abs(now - Date.now())).toBeLessThan(5000);
  expect(vm.dump(vm.evalCode("[1,2,3].map((x) => x * 2).join()"))).toBe("2,4,6");
});

describe("the process's own stdio", () => {
  const child = join(dirname(fileURLToPath(import.meta.url)), "pipe-child.ts");
  const nodeArgs = ["--import", "tsx", "--conditions=anywasm-source", child];

  test("a pipe takes all that is written to it, though its reader is slow and its writer non-blocking", async () => {
    const { out, code } = await collect(["write"], { delay: 300 });
    expect(out.length).toBe(3_000_000);
    expect(out.every((byte, index) => byte === index % 251)).toBe(true);
    expect(code).toBe(7);
  });

  test("stdin is read to its end, however it comes", async () => {
    const { out, code } = await collect(["echo"], { input: ["one ", "two ", "x".repeat(100_000)] });
    expect(out.toString()).toBe(`one two ${"x".repeat(100_000)}`);
    expect(code).toBe(0);
  });

  test("a reader gone is EPIPE, not a dead host", async () => {
    const { code } = await collect(["write"], { hangUp: true });
    expect(code).toBe(64);
  });

  function collect(
    args: string[],
    { delay = 0, input = [] as string[], hangUp = false },
  ): Promise<{ out: Buffer; code: number | null }> {
    const spawned = spawn(process.execPath, [...nodeArgs, ...args], { stdio: ["pipe", "pipe", "inherit"] });
    const chunks: Buffer[] = [];
    if (hangUp) spawned.stdout.destroy();
    else setTimeout(() => spawned.stdout.on("data", (chunk: Buffer) => chunks.push(chunk)), delay);
    void (async () => {
      for (const piece of input) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        spawned.stdin.write(piece);
      }
      spawned.stdin.end();
    })();
    return new Promise((resolve) => spawned.on("close", (code) => resolve({ out: Buffer.concat(chunks), code })));
  }
});
