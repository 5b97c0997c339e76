// `anywasm run`: a WASI program, or one exported function of any module.

import { existsSync, statSync } from "node:fs";
import { Engine, type Func, type Instance, Linker, Store, type ValType } from "anywasm";
import { addToLinker, initialize, start } from "anywasm/wasi";
import { nodeWasi } from "anywasm/wasi/node";
import { type Command, InvalidArgumentError } from "commander";
import { loadModule } from "../load.ts";
import { InputError } from "../report.ts";
import { type StrategyOption, strategyOption } from "../strategy.ts";

interface RunOptions extends StrategyOption {
  readonly dir: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly invoke?: string;
}

export function addRunCommand(program: Command): void {
  program
    .command("run")
    .description("Run a WASI program, or with --invoke one exported function.")
    .argument("<file>", "a module: .wasm, or .wat text")
    .argument("[args...]", "the program's arguments, or the function's")
    .option("--dir <host[::guest]>", "let the program use a directory; can be repeated", collectDirectory, {})
    .option("--env <name=value>", "set an environment variable; can be repeated", collectVariable, {})
    .option("--invoke <function>", "call this exported function and print its results")
    .addOption(strategyOption("auto"))
    .passThroughOptions()
    .exitOverride()
    .action(run);
}

function collectDirectory(text: string, directories: Readonly<Record<string, string>>): Record<string, string> {
  const [host = "", guest = host] = text.split("::");
  if (!existsSync(host) || !statSync(host).isDirectory()) throw new InvalidArgumentError(`${host} is not a directory.`);
  return { ...directories, [guest]: host };
}

function collectVariable(text: string, variables: Readonly<Record<string, string>>): Record<string, string> {
  const equals = text.indexOf("=");
  if (equals < 1) throw new InvalidArgumentError("It must look like NAME=VALUE.");
  return { ...variables, [text.slice(0, equals)]: text.slice(equals + 1) };
}

async function run(file: string, args: readonly string[], options: RunOptions): Promise<void> {
  const engine = new Engine({ strategy: options.strategy });
  const module = await loadModule(engine, file);
  const store = new Store(engine, undefined);
  const wasi = nodeWasi({
    args: options.invoke === undefined ? [file, ...args] : [file],
    env: options.env,
    preopens: options.dir,
  });
  const instance = addToLinker(new Linker<undefined>(engine), wasi).instantiate(store, module);
  if (options.invoke === undefined) {
    process.exitCode = start(wasi, instance);
    return;
  }
  const { invoke } = options;
  process.exitCode = wasi.run(() => {
    initialize(instance);
    for (const result of invokeFunction(instance, invoke, args)) process.stdout.write(`${String(result)}\n`);
  });
}

function invokeFunction(instance: Instance, name: string, args: readonly string[]): readonly unknown[] {
  const func = instance.getFunc(name);
  if (func === undefined) {
    const known = Object.keys(instance.exports).filter((each) => instance.getFunc(each) !== undefined);
    throw new InputError(`no exported function ${name}; there are: ${known.join(", ") || "none"}`);
  }
  if (args.length !== func.params.length)
    throw new InputError(`${name} takes ${func.params.length} arguments (${signature(func)}), got ${args.length}`);
  const results = func.call(...func.params.map((type, i) => parseArgument(type, args[i] ?? "")));
  return func.results.length === 1 ? [results] : ((results as readonly unknown[] | undefined) ?? []);
}

function signature(func: Func): string {
  return func.params.map(({ name }) => name).join(", ");
}

function parseArgument({ name }: ValType, text: string): unknown {
  switch (name) {
    case "i32":
    case "i64": {
      if (!/^-?(\d+|0x[0-9a-f]+)$/i.test(text)) throw new InputError(`${text} is no integer (${name})`);
      const value = text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text);
      return name === "i64" ? value : Number(BigInt.asIntN(32, value));
    }
    case "f32":
    case "f64": {
      const value = Number(text);
      if (text.trim() === "" || (Number.isNaN(value) && text !== "NaN"))
        throw new InputError(`${text} is no number (${name})`);
      return value;
    }
    default:
      throw new InputError(`a ${name} cannot be written on the command line`);
  }
}
