// CRuby on Anywasm: the module that the Ruby project publishes as @ruby/3.4-wasm-wasi, a WASI reactor, driven through its
// exported interface "rb-abi-guest" by the canonical ABI of the component model's early days.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Engine, type Instance, i32, Linker, Module, Store } from "anywasm";
import { addToLinker, initialize } from "anywasm/wasi";
import { type NodeWasiOptions, nodeWasi } from "anywasm/wasi/node";

const require = createRequire(import.meta.url);

/** Where the interpreter's module lies. */
export function rubyPath(): string {
  return require.resolve("@ruby/3.4-wasm-wasi/dist/ruby.wasm");
}

export class Ruby {
  private readonly instance: Instance;

  /** Starts an interpreter. @throws whatever compiling and instantiating throw. */
  constructor(options: NodeWasiOptions) {
    const engine = new Engine();
    const module = new Module(engine, readFileSync(rubyPath()));
    const store = new Store(engine, undefined);
    const linker = addToLinker(new Linker<undefined>(engine), nodeWasi(options));
    defineHandles(linker);
    // The interface to JavaScript objects is not wanted here: calling it would trap.
    linker.defineUnknownImportsAsTraps(module);
    this.instance = linker.instantiate(store, module);
    initialize(this.instance);
    // These end up as C strings.
    const args = ["ruby.wasm", "-EUTF-8", "-e_=0"].map((text) => this.string(`${text}\0`));
    const list = this.allocate(8 * args.length, 4);
    const view = this.view();
    args.forEach(([pointer, length], i) => {
      view.setUint32(list + 8 * i, pointer, true);
      view.setUint32(list + 8 * i + 4, length, true);
    });
    this.call("ruby-init", list, args.length);
  }

  /** Evaluates Ruby code. @throws Error if it raises, which it then has reported on its standard error. */
  eval(code: string): void {
    const result = this.call("rb-eval-string-protect", ...this.string(`${reporting}\n${code}\n${closing}`)) as number;
    const state = this.view().getInt32(result + 4, true);
    if (state !== 0) throw new Error("the Ruby program raised an exception");
  }

  private call(name: string, ...args: readonly number[]): unknown {
    // Exports are named by their whole signature: `ruby-init: func(args: list<string>) -> ()`.
    const key = Object.keys(this.instance.exports).find((each) => each === name || each.startsWith(`${name}:`));
    const func = key === undefined ? undefined : this.instance.getFunc(key);
    if (func === undefined) throw new Error(`the interpreter does not export ${name}`);
    return func.call(...args);
  }

  private allocate(size: number, align: number): number {
    return this.instance.getTypedFunc("cabi_realloc", [i32, i32, i32, i32], [i32])(0, 0, align, size);
  }

  private view(): DataView {
    const data = this.instance.getMemory("memory")?.data ?? new Uint8Array(0);
    return new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  private string(text: string): readonly [pointer: number, length: number] {
    const bytes = new TextEncoder().encode(text);
    const pointer = this.allocate(bytes.length, 1);
    this.instance.getMemory("memory")?.write(pointer, bytes);
    return [pointer, bytes.length];
  }
}

// The interpreter is embedded: nobody but us prints what was raised, or flushes.
const reporting = "begin";
const closing = `rescue Exception => error
  $stderr.puts(error.full_message(highlight: false))
  raise
ensure
  $stdout.flush
  $stderr.flush
end`;

/** Ruby objects that cross the interface are numbered. */
function defineHandles(linker: Linker<undefined>): void {
  const values = new Map<number, number>();
  let next = 1;
  linker
    .func("canonical_abi", "resource_new_rb-abi-value", [i32], [i32], (_caller, value) => {
      values.set(next, value);
      return next++;
    })
    .func("canonical_abi", "resource_get_rb-abi-value", [i32], [i32], (_caller, handle) => values.get(handle) ?? 0);
}
