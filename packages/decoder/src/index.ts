// The decoder's public face: bytes in, validated module and IR out.

export type { DecodedModule } from "./decoded-module.ts";
export { disassemble, type Line } from "./disassemble.ts";
export { buildFunction, readFunction } from "./function.ts";
export { type DecodeOptions, decodeModule } from "./module.ts";
export { type BranchHints, readBranchHints } from "./sections/branch-hint.ts";
export { checkCustomSections } from "./sections/custom.ts";
export { readNames } from "./sections/name.ts";
