// What tests of structures, arrays and casts share: ways of compiling, and calls that every tier gets to see.
import { type Config, Engine, Instance, loadTextParser, Module, Store, Trap } from "anywasm";

export const parse = await loadTextParser();

export const configs: readonly Config[] = [
  { strategy: "baseline" },
  { strategy: "optimizing", int64: "pairs" },
  { strategy: "optimizing", int64: "bigint" },
  { strategy: "optimizing", splitAbove: 4 },
  { strategy: "auto", promoteAfter: 2 },
];

export function instantiate(config: Config, text: string): Instance {
  const engine = new Engine(config);
  return Instance.create(new Store(engine, undefined), new Module(engine, parse(text)));
}

/** Calls an export often enough for every tier, and gives what the last call gave. */
export function call(instance: Instance, name: string, ...args: readonly unknown[]): unknown {
  let result: unknown;
  for (let i = 0; i < 4; i++) result = instance.getFunc(name)?.call(...args);
  return result;
}

export function trapOf(action: () => unknown): Trap {
  try {
    action();
  } catch (error) {
    if (error instanceof Trap) return error;
    throw error;
  }
  throw new Error("no trap");
}
