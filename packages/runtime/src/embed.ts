// What another interface over the store is made of: `@anywasm/runtime/embed`. Not for embedders, and not stable.
export { type EntityRecord, exportedRecord } from "./allocate.ts";
export { fromWords, wordsOfValues } from "./convert.ts";
export type { Embedding } from "./embedding.ts";
export { entryPoint, type HostFunction, hostFunction } from "./entry.ts";
export { ExceptionRecord } from "./exception.ts";
export { instantiate } from "./instantiate.ts";
export { type Handle, importPlace } from "./link.ts";
export { MemoryHandle } from "./memory-handle.ts";
export { MemoryRecord } from "./memory-record.ts";
export { bigIntToI64 } from "./numerics/boundary.ts";
export { type ArrayObject, referenceFromHost } from "./objects.ts";
export { FuncRecord, TableRecord, TagRecord } from "./records.ts";
export { type SharedMemory, SharedMemoryRecord } from "./shared-memory.ts";
export { Store } from "./store.ts";
export { valTypeOf } from "./values.ts";
export { callWithWords, vectorOfGlobal } from "./vectors.ts";
