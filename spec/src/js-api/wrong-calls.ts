// Calls that must fail, by what is wrong with them. Each works on any WebAssembly object.
import { type Implementation, sampleModule } from "./properties.ts";

/** A call, given a WebAssembly object of which TypeScript knows nothing. */
// biome-ignore lint/suspicious/noExplicitAny: wrong on purpose
export type WrongCall = (WebAssembly: any) => unknown;

const magic = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** A module that imports `"m" "x"` as the given import description. */
function importing(...description: readonly number[]): Uint8Array {
  const contents = [1, 1, 0x6d, 1, 0x78, ...description];
  return Uint8Array.of(...magic, ...[1, 4, 1, 0x60, 0, 0], 2, contents.length, ...contents);
}

const importsFunction = importing(0, 0);
const importsTable = importing(1, 0x70, 0, 1);
const importsLimitedTable = importing(1, 0x70, 1, 1, 2);
const importsMemory = importing(2, 0, 2);
const importsLimitedMemory = importing(2, 1, 1, 2);
const importsI32 = importing(3, 0x7f, 0);
const importsMutableI32 = importing(3, 0x7f, 1);
const importsI64 = importing(3, 0x7e, 0);
const importsFuncref = importing(3, 0x70, 0);

/** Exports `name` as a function with this body and these types. */
function exporting(params: readonly number[], results: readonly number[], ...code: readonly number[]): Uint8Array {
  const type = [1, 0x60, params.length, ...params, results.length, ...results];
  const body = [0, ...code, 0x0b];
  return Uint8Array.of(
    ...[...magic, 1, type.length, ...type, 3, 2, 1, 0, 7, 5, 1, 1, 0x66, 0, 0],
    ...[10, body.length + 2, 1, body.length, ...body],
  );
}

const i32 = 0x7f;
const i64 = 0x7e;
const f32 = 0x7d;
const funcref = 0x70;

// biome-ignore lint/suspicious/noExplicitAny: wrong on purpose
function f(W: any, bytes: Uint8Array, imports?: unknown): any {
  return new W.Instance(new W.Module(bytes), imports).exports.f;
}

/** A module with memory, table and data or element segments that do not fit. */
const dataOutOfBounds = Uint8Array.of(...magic, 5, 3, 1, 0, 0, 11, 7, 1, 0, 0x41, 0, 0x0b, 1, 0x61);
const elementsOutOfBounds = Uint8Array.of(
  ...[...magic, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 4, 4, 1, 0x70, 0, 0],
  ...[9, 7, 1, 0, 0x41, 0, 0x0b, 1, 0, 10, 4, 1, 2, 0, 0x0b],
);
const startTraps = Uint8Array.of(...magic, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 5, 1, 3, 0, 0, 0x0b);
const callsImport = (results: readonly number[]): Uint8Array => {
  const type = [1, 0x60, 0, results.length, ...results];
  return Uint8Array.of(
    ...[...magic, 1, type.length, ...type, 2, 7, 1, 1, 0x6d, 1, 0x78, 0, 0, 3, 2, 1, 0],
    ...[7, 5, 1, 1, 0x66, 0, 1, 10, 6, 1, 4, 0, 0x10, 0, 0x0b],
  );
};
const returning = (value: unknown): object => ({ m: { x: () => value } });
const withPoison = { valueOf: () => ({}), toString: () => ({}) };

export const wrongCalls: Readonly<Record<string, WrongCall>> = {
  // Constructors called as functions.
  "Module without new": (W) => W.Module(sampleModule),
  "Instance without new": (W) => W.Instance(new W.Module(sampleModule)),
  "Memory without new": (W) => W.Memory({ initial: 0 }),
  "Table without new": (W) => W.Table({ initial: 0, element: "anyfunc" }),
  "Global without new": (W) => W.Global({ value: "i32" }),
  "Tag without new": (W) => W.Tag({ parameters: [] }),
  "Exception without new": (W) => W.Exception(new W.Tag({ parameters: [] }), []),
  "new compile": (W) => new W.compile(sampleModule),
  "new validate": (W) => new W.validate(sampleModule),
  "new Memory.prototype.grow": (W) => new W.Memory.prototype.grow(1),

  // Wrong receivers.
  "exports of something else": (W) => Object.getOwnPropertyDescriptor(W.Instance.prototype, "exports")?.get?.call({}),
  "exports of the prototype": (W) => W.Instance.prototype.exports,
  "buffer of something else": (W) => Object.getOwnPropertyDescriptor(W.Memory.prototype, "buffer")?.get?.call({}),
  "buffer of nothing": (W) => Object.getOwnPropertyDescriptor(W.Memory.prototype, "buffer")?.get?.call(undefined),
  "Memory.grow on a Table": (W) => W.Memory.prototype.grow.call(new W.Table({ initial: 0, element: "anyfunc" }), 1),
  "Table.grow on a Memory": (W) => W.Table.prototype.grow.call(new W.Memory({ initial: 0 }), 1),
  "Table.get on an object": (W) => W.Table.prototype.get.call({}, 0),
  "Table.set on an object": (W) => W.Table.prototype.set.call({}, 0, null),
  "Table.length of an object": (W) => Object.getOwnPropertyDescriptor(W.Table.prototype, "length")?.get?.call({}),
  "Global.value of an object": (W) => Object.getOwnPropertyDescriptor(W.Global.prototype, "value")?.get?.call({}),
  "Global.value set on an object": (W) =>
    Object.getOwnPropertyDescriptor(W.Global.prototype, "value")?.set?.call({}, 1),
  "Global.valueOf of an object": (W) => W.Global.prototype.valueOf.call({}),
  "Exception.is on an object": (W) => W.Exception.prototype.is.call({}, new W.Tag({ parameters: [] })),
  "Exception.getArg on an object": (W) => W.Exception.prototype.getArg.call({}, new W.Tag({ parameters: [] }), 0),

  // Modules.
  "Module without argument": (W) => new W.Module(),
  "Module of a string": (W) => new W.Module("(module)"),
  "Module of a number": (W) => new W.Module(1),
  "Module of an array": (W) => new W.Module([0, 0x61, 0x73, 0x6d]),
  "Module of null": (W) => new W.Module(null),
  "Module of no bytes": (W) => new W.Module(new Uint8Array(0)),
  "Module of the magic number alone": (W) => new W.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d)),
  "Module of another version": (W) => new W.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0)),
  "Module of text": (W) => new W.Module(new TextEncoder().encode("(module)")),
  "Module with an unknown section": (W) => new W.Module(Uint8Array.of(...magic, 77, 0)),
  "Module that is cut off": (W) => new W.Module(sampleModule.subarray(0, 30)),
  "Module with a type error": (W) => new W.Module(exporting([], [i32])),
  "Module with an unknown local": (W) => new W.Module(exporting([], [i32], 0x20, 9)),
  "Module with an unknown opcode": (W) => new W.Module(exporting([], [], 0x27)),
  "Module with duplicate exports": (W) =>
    new W.Module(Uint8Array.of(...magic, 5, 3, 1, 0, 0, 7, 9, 2, 1, 0x6d, 2, 0, 1, 0x6d, 2, 0)),
  "Module.exports of an object": (W) => W.Module.exports({}),
  "Module.exports of nothing": (W) => W.Module.exports(),
  "Module.imports of bytes": (W) => W.Module.imports(sampleModule),
  "Module.customSections without a name": (W) => W.Module.customSections(new W.Module(sampleModule)),
  "Module.customSections of an object": (W) => W.Module.customSections({}, "name"),
  "Module.customSections with a symbol": (W) => W.Module.customSections(new W.Module(sampleModule), Symbol("name")),
  "validate without argument": (W) => W.validate(),
  "validate a string": (W) => W.validate("(module)"),
  "compile without argument": (W) => W.compile(),
  "compile an object": (W) => W.compile({}),
  "compile garbage": (W) => W.compile(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)),
  "instantiate without argument": (W) => W.instantiate(),
  "instantiate garbage": (W) => W.instantiate(Uint8Array.of(1, 2, 3)),
  "instantiate with imports that are a number": (W) => W.instantiate(sampleModule, 1),
  "instantiate with imports that are null": (W) => W.instantiate(sampleModule, null),
  "instantiate a Module with imports that are a string": (W) => W.instantiate(new W.Module(sampleModule), "m"),
  "instantiate without needed imports": (W) => W.instantiate(importsFunction),
  "instantiate a Module without needed imports": (W) => W.instantiate(new W.Module(importsFunction)),
  "compileStreaming of an object": (W) => W.compileStreaming({}),
  "compileStreaming of a rejected promise": (W) => W.compileStreaming(Promise.reject(new RangeError("no network"))),
  "compileStreaming of another MIME type": (W) =>
    W.compileStreaming(new Response(sampleModule, { headers: { "Content-Type": "text/plain" } })),
  "compileStreaming of status 404": (W) =>
    W.compileStreaming(new Response(sampleModule, { status: 404, headers: { "Content-Type": "application/wasm" } })),
  "instantiateStreaming of bytes": (W) => W.instantiateStreaming(sampleModule),

  // Instances and their imports.
  "Instance without argument": (W) => new W.Instance(),
  "Instance of bytes": (W) => new W.Instance(sampleModule),
  "Instance with imports that are a number": (W) => new W.Instance(new W.Module(sampleModule), 1),
  "Instance with imports that are null": (W) => new W.Instance(new W.Module(sampleModule), null),
  "no import object": (W) => new W.Instance(new W.Module(importsFunction)),
  "empty import object": (W) => new W.Instance(new W.Module(importsFunction), {}),
  "import module that is null": (W) => new W.Instance(new W.Module(importsFunction), { m: null }),
  "import module that is a string": (W) => new W.Instance(new W.Module(importsFunction), { m: "x" }),
  "missing function": (W) => new W.Instance(new W.Module(importsFunction), { m: {} }),
  "function that is an object": (W) => new W.Instance(new W.Module(importsFunction), { m: { x: {} } }),
  "function of another type": (W) =>
    new W.Instance(new W.Module(importsFunction), { m: { x: f(W, exporting([i32], [])) } }),
  "missing memory": (W) => new W.Instance(new W.Module(importsMemory), { m: {} }),
  "memory that is a buffer": (W) => new W.Instance(new W.Module(importsMemory), { m: { x: new ArrayBuffer(0) } }),
  "memory that is too small": (W) =>
    new W.Instance(new W.Module(importsMemory), { m: { x: new W.Memory({ initial: 1 }) } }),
  "memory without a maximum": (W) =>
    new W.Instance(new W.Module(importsLimitedMemory), { m: { x: new W.Memory({ initial: 1 }) } }),
  "memory with a greater maximum": (W) =>
    new W.Instance(new W.Module(importsLimitedMemory), { m: { x: new W.Memory({ initial: 1, maximum: 3 }) } }),
  "table that is an array": (W) => new W.Instance(new W.Module(importsTable), { m: { x: [] } }),
  "table that is too small": (W) =>
    new W.Instance(new W.Module(importsTable), { m: { x: new W.Table({ initial: 0, element: "anyfunc" }) } }),
  "table of another type": (W) =>
    new W.Instance(new W.Module(importsTable), { m: { x: new W.Table({ initial: 1, element: "externref" }) } }),
  "table without a maximum": (W) =>
    new W.Instance(new W.Module(importsLimitedTable), { m: { x: new W.Table({ initial: 1, element: "anyfunc" }) } }),
  "missing global": (W) => new W.Instance(new W.Module(importsI32), { m: {} }),
  "global that is a string": (W) => new W.Instance(new W.Module(importsI32), { m: { x: "1" } }),
  "i32 global that is a bigint": (W) => new W.Instance(new W.Module(importsI32), { m: { x: 1n } }),
  "i64 global that is a number": (W) => new W.Instance(new W.Module(importsI64), { m: { x: 1 } }),
  "mutable global that is a number": (W) => new W.Instance(new W.Module(importsMutableI32), { m: { x: 1 } }),
  "mutable global that is immutable": (W) =>
    new W.Instance(new W.Module(importsMutableI32), { m: { x: new W.Global({ value: "i32" }) } }),
  "immutable global that is mutable": (W) =>
    new W.Instance(new W.Module(importsI32), { m: { x: new W.Global({ value: "i32", mutable: true }) } }),
  "global of another type": (W) =>
    new W.Instance(new W.Module(importsI32), { m: { x: new W.Global({ value: "i64" }) } }),
  "funcref global that is any function": (W) => new W.Instance(new W.Module(importsFuncref), { m: { x: () => 1 } }),
  "getter that throws": (W) =>
    new W.Instance(new W.Module(importsFunction), {
      get m(): object {
        throw new EvalError("mine");
      },
    }),
  "data segment out of bounds": (W) => new W.Instance(new W.Module(dataOutOfBounds)),
  "element segment out of bounds": (W) => new W.Instance(new W.Module(elementsOutOfBounds)),
  "start function that traps": (W) => new W.Instance(new W.Module(startTraps)),

  // Memories.
  "Memory without argument": (W) => new W.Memory(),
  "Memory of a number": (W) => new W.Memory(1),
  "Memory without initial": (W) => new W.Memory({}),
  "Memory with initial undefined": (W) => new W.Memory({ initial: undefined }),
  "Memory with a negative initial": (W) => new W.Memory({ initial: -1 }),
  "Memory with initial NaN": (W) => new W.Memory({ initial: Number.NaN }),
  "Memory with infinite initial": (W) => new W.Memory({ initial: Number.POSITIVE_INFINITY }),
  "Memory with initial 2^32": (W) => new W.Memory({ initial: 2 ** 32 }),
  "Memory with initial over the limit": (W) => new W.Memory({ initial: 65537 }),
  "Memory with maximum over the limit": (W) => new W.Memory({ initial: 1, maximum: 65537 }),
  "Memory with maximum below initial": (W) => new W.Memory({ initial: 2, maximum: 1 }),
  "Memory with a symbol as initial": (W) => new W.Memory({ initial: Symbol("s") }),
  "Memory with a bigint as initial": (W) => new W.Memory({ initial: 1n }),
  "Memory with an object as initial": (W) => new W.Memory({ initial: withPoison }),
  "shared Memory without maximum": (W) => new W.Memory({ initial: 1, shared: true }),
  "grow a Memory over its maximum": (W) => new W.Memory({ initial: 1, maximum: 1 }).grow(1),
  "grow a Memory over the limit": (W) => new W.Memory({ initial: 1 }).grow(65536),
  "grow a Memory by -1": (W) => new W.Memory({ initial: 1 }).grow(-1),
  "grow a Memory by 2^32": (W) => new W.Memory({ initial: 1 }).grow(2 ** 32),
  "grow a Memory by nothing": (W) => new W.Memory({ initial: 1 }).grow(),
  "grow a Memory by a bigint": (W) => new W.Memory({ initial: 1 }).grow(1n),
  "buffer set": (W) => {
    new W.Memory({ initial: 0 }).buffer = new ArrayBuffer(0);
  },

  // Tables.
  "Table without argument": (W) => new W.Table(),
  "Table without element": (W) => new W.Table({ initial: 0 }),
  "Table of an unknown kind": (W) => new W.Table({ initial: 0, element: "i32" }),
  "Table of an empty kind": (W) => new W.Table({ initial: 0, element: "" }),
  "Table without initial": (W) => new W.Table({ element: "anyfunc" }),
  "Table with a negative initial": (W) => new W.Table({ initial: -1, element: "anyfunc" }),
  "Table with initial over the limit": (W) => new W.Table({ initial: 10_000_001, element: "anyfunc" }),
  "Table with maximum below initial": (W) => new W.Table({ initial: 2, maximum: 1, element: "anyfunc" }),
  "Table with a value that is no function": (W) => new W.Table({ initial: 1, element: "anyfunc" }, 5),
  "Table with a value that is any function": (W) => new W.Table({ initial: 1, element: "anyfunc" }, () => 1),
  "Table.get out of bounds": (W) => new W.Table({ initial: 1, element: "anyfunc" }).get(1),
  "Table.get without argument": (W) => new W.Table({ initial: 1, element: "anyfunc" }).get(),
  "Table.get of -1": (W) => new W.Table({ initial: 1, element: "anyfunc" }).get(-1),
  "Table.set out of bounds": (W) => new W.Table({ initial: 1, element: "anyfunc" }).set(1, null),
  "Table.set without argument": (W) => new W.Table({ initial: 1, element: "anyfunc" }).set(),
  "Table.set of any function": (W) => new W.Table({ initial: 1, element: "anyfunc" }).set(0, () => 1),
  "Table.set of an object": (W) => new W.Table({ initial: 1, element: "anyfunc" }).set(0, {}),
  "Table.set of undefined": (W) => new W.Table({ initial: 1, element: "anyfunc" }).set(0, undefined),
  "Table.grow over its maximum": (W) => new W.Table({ initial: 1, maximum: 1, element: "anyfunc" }).grow(1),
  "Table.grow over the limit": (W) => new W.Table({ initial: 1, element: "anyfunc" }).grow(10_000_000),
  "Table.grow by -1": (W) => new W.Table({ initial: 1, element: "anyfunc" }).grow(-1),
  "Table.grow with a wrong value": (W) => new W.Table({ initial: 1, element: "anyfunc" }).grow(1, {}),

  // Globals.
  "Global without argument": (W) => new W.Global(),
  "Global without a type": (W) => new W.Global({}),
  "Global of an unknown type": (W) => new W.Global({ value: "i8" }),
  "i32 Global of a bigint": (W) => new W.Global({ value: "i32" }, 1n),
  "i32 Global of a symbol": (W) => new W.Global({ value: "i32" }, Symbol("s")),
  "i64 Global of a number": (W) => new W.Global({ value: "i64" }, 1),
  "i64 Global of a string that is no integer": (W) => new W.Global({ value: "i64" }, "x"),
  "anyfunc Global of any function": (W) => new W.Global({ value: "anyfunc" }, () => 1),
  "set an immutable Global": (W) => {
    new W.Global({ value: "i32" }).value = 1;
  },
  "set an i64 Global to a number": (W) => {
    new W.Global({ value: "i64", mutable: true }).value = 1;
  },
  "set an i32 Global to a bigint": (W) => {
    new W.Global({ value: "i32", mutable: true }).value = 1n;
  },

  // Tags and exceptions.
  "Tag without argument": (W) => new W.Tag(),
  "Tag without parameters": (W) => new W.Tag({}),
  "Tag with parameters that are a number": (W) => new W.Tag({ parameters: 1 }),
  "Tag of an unknown type": (W) => new W.Tag({ parameters: ["i8"] }),
  "Exception without argument": (W) => new W.Exception(),
  "Exception of something else": (W) => new W.Exception({}, []),
  "Exception without values": (W) => new W.Exception(new W.Tag({ parameters: [] })),
  "Exception with too few values": (W) => new W.Exception(new W.Tag({ parameters: ["i32"] }), []),
  "Exception with values that are a number": (W) => new W.Exception(new W.Tag({ parameters: [] }), 1),
  "Exception with a wrong value": (W) => new W.Exception(new W.Tag({ parameters: ["i32"] }), [1n]),
  "Exception.is of something else": (W) => new W.Exception(new W.Tag({ parameters: [] }), []).is({}),
  "Exception.getArg of another tag": (W) =>
    new W.Exception(new W.Tag({ parameters: ["i32"] }), [1]).getArg(new W.Tag({ parameters: ["i32"] }), 0),
  "Exception.getArg out of bounds": (W) => {
    const tag = new W.Tag({ parameters: ["i32"] });
    return new W.Exception(tag, [1]).getArg(tag, 1);
  },

  // Calls of exported functions, and what imported ones give.
  "bigint for i32": (W) => f(W, exporting([i32], []))(1n),
  "symbol for i32": (W) => f(W, exporting([i32], []))(Symbol("s")),
  "object without a primitive value for i32": (W) => f(W, exporting([i32], []))(withPoison),
  "number for i64": (W) => f(W, exporting([i64], []))(1),
  "nothing for i64": (W) => f(W, exporting([i64], []))(),
  "text for i64": (W) => f(W, exporting([i64], []))("1x"),
  "bigint for f32": (W) => f(W, exporting([f32], []))(1n),
  "any function for funcref": (W) => f(W, exporting([funcref], []))(() => 1),
  "undefined for funcref": (W) => f(W, exporting([funcref], []))(),
  "exported function with new": (W) => new (f(W, exporting([], [])))(),
  "import gives a number for i64": (W) => f(W, callsImport([i64]), returning(1))(),
  "import gives a symbol for i32": (W) => f(W, callsImport([i32]), returning(Symbol("s")))(),
  "import gives no list for two results": (W) => f(W, callsImport([i32, i32]), returning(1))(),
  "import gives one of two results": (W) => f(W, callsImport([i32, i32]), returning([1]))(),
  "import gives three of two results": (W) => f(W, callsImport([i32, i32]), returning([1, 2, 3]))(),
  "import gives any function for funcref": (W) =>
    f(
      W,
      callsImport([funcref]),
      returning(() => 1),
    )(),
  "exports written to": (W) => {
    new W.Instance(new W.Module(sampleModule)).exports.f = 1;
  },
  "exports added to": (W) => {
    new W.Instance(new W.Module(sampleModule)).exports.new = 1;
  },

  // Traps.
  unreachable: (W) => f(W, exporting([], [], 0))(),
  "division by zero": (W) => f(W, exporting([], [i32], 0x41, 1, 0x41, 0, 0x6d))(),
  "remainder by zero": (W) => f(W, exporting([], [i32], 0x41, 1, 0x41, 0, 0x6f))(),
  "division overflow": (W) => f(W, exporting([], [i32], 0x41, 0x80, 0x80, 0x80, 0x80, 0x78, 0x41, 0x7f, 0x6d))(),
  "truncation of a number that is too large": (W) => f(W, exporting([f32], [i32], 0x20, 0, 0xa8))(1e20),
  "truncation of NaN": (W) => f(W, exporting([f32], [i32], 0x20, 0, 0xa8))(Number.NaN),
  "endless recursion": (W) => f(W, exporting([], [], 0x10, 0))(),
};

export interface Outcome {
  /** The name of the class, or "nothing thrown". */
  readonly error: string;
  readonly message: string;
}

/** What a wrong call does; rejections count as thrown. */
export async function outcomeOf(call: WrongCall, implementation: Implementation | object): Promise<Outcome> {
  try {
    await call(implementation);
    return { error: "nothing thrown", message: "" };
  } catch (error) {
    if (!(error instanceof Error)) return { error: typeof error, message: String(error) };
    return { error: error.constructor.name, message: error.message };
  }
}
