// The public API of @anywasm/wasi. Nothing here needs Node; that is @anywasm/wasi/node.

export { type ClockId, clockId, type FileType, fileType } from "./abi.ts";
export { type Clocks, portableClocks } from "./clocks.ts";
export { type ErrnoName, WasiError } from "./errno.ts";
export { WasiExit, WasiOptionsError } from "./errors.ts";
export { type FileTree, MemoryDirectory, type MemoryDirectoryOptions, memoryDirectory } from "./fs/memory.ts";
export type { Directory, DirectoryEntry, File, FileStat, FileTimes, Opened, OpenMode } from "./fs/types.ts";
export type { GuestMemory } from "./guest.ts";
export { addToLinker, initialize, start } from "./link.ts";
export type { Preopen, WasiOptions } from "./options.ts";
export type { FunctionName, ParamType } from "./signatures.ts";
export { bytesStream, nullStream, type Readiness, type Socket, type Stream, sinkStream } from "./stream.ts";
export { Wasi, type WasiFunction, type WasiFunctions, type WasiImports, type WasiUnstableFunctions } from "./wasi.ts";
