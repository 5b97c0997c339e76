// The decoder's public face: bytes in, validated module and IR out.
export { buildFunction } from "./function.ts";
export type { DecodedModule } from "./decoded-module.ts";
export { decodeModule, type DecodeOptions } from "./module.ts";
export { readNames } from "./sections/name.ts";
export { disassemble, type Line } from "./disassemble.ts";
