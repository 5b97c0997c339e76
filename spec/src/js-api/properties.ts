// Every property of a WebAssembly object and of what it makes, one line each, so that two such objects can be compared.

/** A WebAssembly object: ours or the engine's own. */
export type Implementation = typeof WebAssembly;

/** `(module (func (export "f") (param i32 i64) (result i32)) (memory (export "m") 1) (table ...) (global ...))`. */
export const sampleModule = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 7, 1, 0x60, 2, 0x7f, 0x7e, 1, 0x7f],
  ...[3, 2, 1, 0],
  ...[4, 4, 1, 0x70, 0, 1],
  ...[5, 3, 1, 0, 1],
  ...[6, 6, 1, 0x7f, 0, 0x41, 7, 0x0b],
  ...[7, 17, 4, 1, 0x66, 0, 0, 1, 0x6d, 2, 0, 1, 0x74, 1, 0, 1, 0x67, 3, 0],
  ...[10, 6, 1, 4, 0, 0x20, 0, 0x0b],
);

/** All properties that can be reached, by path from `WebAssembly`, with their attributes. */
export function propertiesOf(implementation: Implementation): string[] {
  const module = new implementation.Module(sampleModule);
  const instance = new implementation.Instance(module);
  const tag = implementation.Tag === undefined ? undefined : new implementation.Tag({ parameters: ["i32"] });
  const lines: string[] = [];
  const seen = new Map<object, string>([
    [Object.prototype, "Object.prototype"],
    [Function.prototype, "Function.prototype"],
    [Error.prototype, "Error.prototype"],
    [Error, "Error"],
    [ArrayBuffer.prototype, "ArrayBuffer.prototype"],
  ]);
  const roots: readonly (readonly [string, object | undefined])[] = [
    ["WebAssembly", implementation],
    ["module", module],
    ["Module.imports()", implementation.Module.imports(module)],
    ["Module.exports()[0]", implementation.Module.exports(module)[0]],
    ["instance", instance],
    ["instance.exports", instance.exports],
    ["memory.buffer", (instance.exports["m"] as WebAssembly.Memory).buffer],
    ["new Memory()", new implementation.Memory({ initial: 0 })],
    ["new Table()", new implementation.Table({ initial: 0, element: "anyfunc" })],
    ["new Global()", new implementation.Global({ value: "i32" })],
    ["new Tag()", tag],
    ["new Exception()", tag && new implementation.Exception(tag, [1])],
    ["new LinkError()", new implementation.LinkError("m")],
    ["RuntimeError()", implementation.RuntimeError("m")],
    ["thrown CompileError", thrownBy(() => new implementation.Module(new Uint8Array(3)))],
    ["validate().constructor", Promise.prototype],
  ];
  for (const [path, root] of roots) if (root !== undefined) walk(path, root, seen, lines);
  return lines;
}

function thrownBy(action: () => unknown): object | undefined {
  try {
    action();
  } catch (error) {
    return error as object;
  }
  return undefined;
}

function walk(path: string, object: object, seen: Map<object, string>, lines: string[]): void {
  const known = seen.get(object);
  if (known !== undefined) {
    lines.push(`${path}: is ${known}`);
    return;
  }
  seen.set(object, path);
  if (object instanceof Promise || object === Promise.prototype) return;
  lines.push(`${path}: ${Object.prototype.toString.call(object)}${flagsOf(object)}`);
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype === null) lines.push(`${path}.[[Prototype]]: null`);
  else walk(`${path}.[[Prototype]]`, prototype as object, seen, lines);
  for (const key of Reflect.ownKeys(object)) property(path, object, key, seen, lines);
}

function property(
  path: string,
  object: object,
  key: string | symbol,
  seen: Map<object, string>,
  lines: string[],
): void {
  const descriptor = Object.getOwnPropertyDescriptor(object, key) as PropertyDescriptor;
  const name = `${path}${typeof key === "symbol" ? `[${key.description}]` : `.${key}`}`;
  const attributes = (["writable", "enumerable", "configurable"] as const).filter((each) => descriptor[each]).join(" ");
  // The text of a stack and of messages is each engine's own, and so is what a cause is.
  const value: unknown = ["stack", "message", "cause"].includes(String(key)) ? undefined : descriptor.value;
  const isPrimitive = (typeof value !== "object" && typeof value !== "function") || value === null;
  lines.push(`${name}: {${attributes}}${isPrimitive && value !== undefined ? ` ${JSON.stringify(value)}` : ""}`);
  for (const part of [value, descriptor.get, descriptor.set])
    if (typeof part === "function")
      walk(part === value ? name : `${name} ${part === descriptor.get ? "get" : "set"}`, part, seen, lines);
    else if (typeof part === "object" && part !== null) walk(name, part, seen, lines);
}

function flagsOf(object: object): string {
  const flags = [
    ...(Object.isFrozen(object) ? ["frozen"] : []),
    ...(Object.isExtensible(object) ? [] : ["not extensible"]),
    ...(isConstructor(object) ? ["constructor"] : []),
  ];
  return flags.length === 0 ? "" : ` (${flags.join(", ")})`;
}

function isConstructor(value: unknown): boolean {
  if (typeof value !== "function") return false;
  try {
    Reflect.construct(Object, [], value);
    return true;
  } catch {
    return false;
  }
}

/** How two lists of lines differ: `- ` only in the first, `+ ` only in the second. */
export function differences(first: readonly string[], second: readonly string[]): string[] {
  return [
    ...first.filter((line) => !second.includes(line)).map((line) => `- ${line}`),
    ...second.filter((line) => !first.includes(line)).map((line) => `+ ${line}`),
  ].sort();
}
