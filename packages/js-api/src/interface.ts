// The types of the WebAssembly object, for TypeScript without its DOM library. They fit what that library declares.
import type { BufferSource } from "@anywasm/engine";
import type { ModuleExportDescriptor, ModuleImportDescriptor } from "./module.ts";
import type { ValueTypeName } from "./types.ts";

export type { ImportExportKind } from "./types.ts";

/** Values of type "v128" do not cross the border: what would have to take or give one throws TypeError. */
export type ValueType = ValueTypeName;
export type TableKind = "anyfunc" | "externref";
// biome-ignore lint/suspicious/noExplicitAny: what TypeScript's own library says
export type ExportValue = any;
export type Exports = Record<string, ExportValue>;
export type Imports = Record<string, Record<string, ExportValue>>;

export type Module = object;

export interface Instance {
  readonly exports: Exports;
}

/** A bigint in memories and tables whose `address` is "i64". */
export type AddressValue = number | bigint;

export interface Memory {
  /** Of a shared memory, a SharedArrayBuffer, which grows with it where the engine has growable ones. */
  readonly buffer: ArrayBuffer;
  /** Grows by pages of 64 KiB; the size before. The buffer is detached. A bigint where addresses are. @throws RangeError */
  grow(delta: AddressValue): ExportValue;
  /** The buffer, as a fixed-length one. */
  toFixedLengthBuffer(): ArrayBuffer;
  /** The buffer, as one whose `resize` grows the memory. @throws TypeError where the memory has no maximum. */
  toResizableBuffer(): ArrayBuffer;
}

export interface Table {
  /** A number, or a bigint where indices are. */
  readonly length: ExportValue;
  get(index: AddressValue): ExportValue;
  /** @throws RangeError out of bounds, TypeError for a value of the wrong type. */
  set(index: AddressValue, value?: ExportValue): void;
  /** The length before. @throws RangeError */
  grow(delta: AddressValue, value?: ExportValue): ExportValue;
}

export interface Global {
  value: ExportValue;
  valueOf(): ExportValue;
}

export type Tag = object;

export interface Exception {
  readonly stack: string | undefined;
  is(tag: Tag): boolean;
  getArg(tag: Tag, index: number): ExportValue;
}

export interface MemoryDescriptor {
  readonly initial: AddressValue;
  readonly maximum?: AddressValue | undefined;
  readonly shared?: boolean | undefined;
  readonly address?: "i32" | "i64" | undefined;
}

export interface TableDescriptor {
  readonly element: TableKind;
  readonly initial: AddressValue;
  readonly maximum?: AddressValue | undefined;
  readonly address?: "i32" | "i64" | undefined;
}

export interface GlobalDescriptor {
  readonly value: ValueType;
  readonly mutable?: boolean | undefined;
}

export interface InstantiatedSource {
  readonly module: Module;
  readonly instance: Instance;
}

/** Imports that the engine provides. */
export interface CompileOptions {
  /** Sets of built-in functions: "js-string" is known. */
  readonly builtins?: Iterable<string> | undefined;
  /** The module name under which a global is the string it is named by. */
  readonly importedStringConstants?: string | null | undefined;
}

/** A Fetch response, of type application/wasm. */
export interface StreamingSource {
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** https://webassembly.github.io/spec/js-api/ */
export interface WebAssemblyNamespace {
  /** Whether the module could be compiled: `false` too for features that are not implemented. */
  validate(bytes: BufferSource, options?: CompileOptions): boolean;
  compile(bytes: BufferSource, options?: CompileOptions): Promise<Module>;
  instantiate(bytes: BufferSource, importObject?: Imports, options?: CompileOptions): Promise<InstantiatedSource>;
  instantiate(module: Module, importObject?: Imports): Promise<Instance>;
  compileStreaming(source: StreamingSource | PromiseLike<StreamingSource>, options?: CompileOptions): Promise<Module>;
  instantiateStreaming(
    source: StreamingSource | PromiseLike<StreamingSource>,
    importObject?: Imports,
    options?: CompileOptions,
  ): Promise<InstantiatedSource>;
  readonly Module: {
    /** @throws CompileError */
    new (bytes: BufferSource, options?: CompileOptions): Module;
    readonly prototype: Module;
    imports(module: Module): ModuleImportDescriptor[];
    exports(module: Module): ModuleExportDescriptor[];
    customSections(module: Module, sectionName: string): ArrayBuffer[];
  };
  readonly Instance: {
    /** @throws TypeError, LinkError, RuntimeError, or what a host function throws. */
    new (module: Module, importObject?: Imports): Instance;
    readonly prototype: Instance;
  };
  readonly Memory: { new (descriptor: MemoryDescriptor): Memory; readonly prototype: Memory };
  readonly Table: { new (descriptor: TableDescriptor, value?: ExportValue): Table; readonly prototype: Table };
  readonly Global: { new (descriptor: GlobalDescriptor, value?: ExportValue): Global; readonly prototype: Global };
  readonly Tag: { new (descriptor: { readonly parameters: Iterable<ValueType> }): Tag; readonly prototype: Tag };
  readonly JSTag: Tag;
  readonly Exception: {
    new (tag: Tag, payload: Iterable<unknown>, options?: { readonly traceStack?: boolean | undefined }): Exception;
    readonly prototype: Exception;
  };
  readonly CompileError: ErrorConstructor;
  readonly LinkError: ErrorConstructor;
  readonly RuntimeError: ErrorConstructor;
}
