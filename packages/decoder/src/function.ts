// Validates function bodies (core spec, appendix "Validation Algorithm") and, when asked, builds their IR, in one pass
// over the bytes. Instructions with a fixed signature are handled here from the table; others have a rule in rules/.

import { type Func, type MemArg, type OpenFunction, TreeBuilder } from "@anywasm/ir";
import {
  addressTypeOf,
  CompileError,
  denseOpcode,
  denseOpcodeCount,
  f32,
  f64,
  featureOfUnknownOpcode,
  growsElsewhere,
  type Instruction,
  i32,
  i64,
  instructionByOpcode,
  laneCount,
  type MemoryType,
  type ValType,
} from "@anywasm/isa";
import { type DecodedModule, withFunctionName } from "./decoded-module.ts";
import { FunctionContext } from "./function-context.ts";
import { featureDisabled, illegalOpcode, invalid, malformed, unknown } from "./messages.ts";
import type { ModuleBuilder } from "./module-builder.ts";
import { ruleByOpcode } from "./rules/index.ts";
import { type BranchHints, readBranchHints } from "./sections/branch-hint.ts";

// How the main loop handles an opcode, by dense number.
const REFUSED = 0;
const RULED = 1;
const PLAIN = 2;
const MEMORY_ACCESS = 3;
const CONSTANT = 4;
const VECTOR = 5;

/** Validates all bodies of a module, and notes what is known of them then. */
export function validateBodies(
  module: DecodedModule,
  builder: Pick<ModuleBuilder, "bodies" | "catchesExceptions">,
): void {
  const reader = new BodyReader(module);
  builder.bodies.forEach((body, i) => {
    body.mayGrowMemories = reader.validate(module.importedFunctionCount + i);
  });
  builder.catchesExceptions = reader.catchesExceptions;
}

/**
 * Builds the IR of one defined function.
 * @throws CompileError only for a module that did not come out of `decodeModule`.
 */
export function buildFunction(module: DecodedModule, functionIndex: number): Func {
  let builder: TreeBuilder | undefined;
  readFunction(module, functionIndex, (type, locals) => {
    builder = new TreeBuilder(functionIndex, type, locals);
    return builder.events;
  });
  return (builder as unknown as TreeBuilder).finish();
}

const readers = new WeakMap<DecodedModule, BodyReader>();

/**
 * Tells what `open` makes of each instruction of a defined function.
 * @throws CompileError only for a module that did not come out of `decodeModule`.
 */
export function readFunction(module: DecodedModule, functionIndex: number, open: OpenFunction): void {
  let reader = readers.get(module);
  if (reader === undefined) {
    reader = new BodyReader(module);
    readers.set(module, reader);
  }
  reader.read(functionIndex, open);
}

/** Reads bodies: checks them, and tells a builder of each instruction if there is one. */
class BodyReader {
  private readonly context: FunctionContext;
  private readonly handling: Uint8Array;
  private readonly memory64: boolean;
  /** Read when the first function is built. */
  private hints: BranchHints | undefined;

  constructor(module: DecodedModule) {
    this.context = new FunctionContext(module);
    this.memory64 = module.features.has("memory64");
    this.handling = new Uint8Array(denseOpcodeCount);
    for (const row of instructionByOpcode) {
      if (row !== undefined && (row.feature === "mvp" || module.features.has(row.feature)))
        this.handling[row.opcode] = handlingOf(row);
    }
  }

  get catchesExceptions(): boolean {
    return this.context.catchesExceptions;
  }

  /** Gives whether memories may grow while the function runs. */
  validate(functionIndex: number): boolean {
    try {
      this.context.start(functionIndex);
      this.run();
      return this.context.mayGrowMemories;
    } catch (error) {
      throw this.placed(error, functionIndex);
    }
  }

  read(functionIndex: number, open: OpenFunction): void {
    const context = this.context;
    try {
      const type = context.start(functionIndex);
      context.builder = open(type, context.allLocals());
      this.hints ??= readBranchHints(context.module.bytes, context.module);
      context.hints = this.hints.get(functionIndex);
      this.run();
    } catch (error) {
      throw this.placed(error, functionIndex);
    } finally {
      context.builder = undefined;
    }
  }

  private placed(error: unknown, functionIndex: number): unknown {
    if (!(error instanceof CompileError)) return error;
    const { reason, code, offset, feature } = error;
    return withFunctionName(new CompileError(reason, { code, offset, functionIndex, feature }), this.context.module);
  }

  private run(): void {
    const context = this.context;
    const { reader, stack } = context;
    const { bytes } = reader;
    const handling = this.handling;
    while (stack.frameCount > 0) {
      const offset = reader.position;
      if (offset >= reader.end) throw malformed("unexpected end of section or function: END opcode expected", offset);
      let opcode = bytes[offset] as number;
      reader.position = offset + 1;
      if (opcode >= 0xfb) opcode = this.readPrefixed(opcode);
      switch (handling[opcode]) {
        case RULED:
          (ruleByOpcode[opcode] as (typeof ruleByOpcode)[number] & object)(
            context,
            instructionByOpcode[opcode] as Instruction,
            offset,
          );
          break;
        case PLAIN:
          this.plain(instructionByOpcode[opcode] as Instruction, offset);
          break;
        case MEMORY_ACCESS:
          this.memoryAccess(instructionByOpcode[opcode] as Instruction, offset);
          break;
        case CONSTANT:
          this.constant(opcode, offset);
          break;
        case VECTOR:
          this.vector(instructionByOpcode[opcode] as Instruction, offset);
          break;
        default:
          throw this.refused(offset);
      }
    }
    if (reader.position !== reader.end)
      throw malformed("unexpected content behind the end of the function body", reader.position);
  }

  private readPrefixed(prefix: number): number {
    if (prefix === 0xff) return 0xff;
    const opcode = denseOpcode(prefix, this.context.reader.u32());
    // Dense opcode 0xff has no row: the same as not being known.
    return opcode < 0 ? 0xff : opcode;
  }

  private refused(offset: number): CompileError {
    const { reader } = this.context;
    reader.position = offset;
    const first = reader.byte();
    const prefixed = first >= 0xfb && first <= 0xfe;
    const code = prefixed ? reader.u32() : first;
    const row = instructionByOpcode[prefixed ? denseOpcode(first, code) : first];
    const feature = row?.feature ?? featureOfUnknownOpcode(prefixed ? first : 0, code);
    const name = row?.name ?? `opcode 0x${first.toString(16)}${prefixed ? ` 0x${code.toString(16)}` : ""}`;
    if (feature !== undefined) return featureDisabled(feature, name, offset);
    return illegalOpcode(prefixed ? [first, code] : [first], offset);
  }

  private plain(row: Instruction, offset: number): void {
    const { params, results } = row.signature as NonNullable<Instruction["signature"]>;
    const { stack, builder } = this.context;
    const result = results[0];
    stack.popMany(params, offset);
    if (results.length > 1) {
      stack.pushMany(results);
      builder?.operationOfMany(row, params.length, results, offset);
      return;
    }
    if (result !== undefined) stack.push(result);
    if (builder !== undefined) builder.operation(row, params.length, result, offset);
  }

  private vector(row: Instruction, offset: number): void {
    const { params, results } = row.signature as NonNullable<Instruction["signature"]>;
    const { reader, stack, builder } = this.context;
    const immediates: number[] = [];
    if (row.immediates === "v128") while (immediates.length < 4) immediates.push(reader.word());
    else for (let count = row.immediates === "lane" ? 1 : 16; count > 0; count--) immediates.push(this.readLane(row));
    const result = results[0];
    stack.popMany(params, offset);
    if (result !== undefined) stack.push(result);
    if (builder !== undefined) builder.vector(row, immediates, params.length, result, offset);
  }

  private readLane(row: Instruction): number {
    const { reader } = this.context;
    const position = reader.position;
    const lane = reader.byte();
    if (lane >= laneCount(row)) throw invalid("invalid lane index", position);
    return lane;
  }

  private memoryAccess(row: Instruction, offset: number): void {
    const { params, results } = row.signature as NonNullable<Instruction["signature"]>;
    const { stack, builder } = this.context;
    const memArg = this.readMemArg(row, offset);
    const result = results[0];
    // The address comes first in the signature.
    for (let i = params.length - 1; i >= 1; i--) stack.pop(params[i] as ValType, offset);
    stack.pop(addressTypeOf(this.context.module.memories[memArg.memory] as MemoryType), offset);
    if (result !== undefined) stack.push(result);
    if (builder !== undefined) builder.access(row, memArg, params.length, result, offset);
  }

  private readMemArg(row: Instruction, offset: number): MemArg {
    const { context } = this;
    const { reader, module } = context;
    const position = reader.position;
    let align = reader.u32();
    let memory = 0;
    if (align >= 64) {
      if (align >= 128) throw malformed("malformed memop flags", position);
      if (!module.features.has("multi-memory")) throw featureDisabled("multi-memory", "a memory index", position);
      align -= 64;
      memory = reader.u32();
    }
    const memArgOffset = this.memory64 ? this.readWideOffset() : reader.u32();
    const type = module.memories[memory];
    if (type === undefined) throw unknown("memory", memory, offset);
    if (memArgOffset > 0xffffffff && type.address !== "i64") throw invalid("offset out of range", offset);
    const bytes = row.access?.bytes ?? 0;
    if (align >= 32 || 2 ** align > bytes) throw invalid("alignment must not be larger than natural", position);
    if (row.access?.method === "atomic") {
      if (2 ** align !== bytes) throw invalid("atomic alignment must be natural", position);
      // What orders accesses also tells of what other agents have done.
      if (growsElsewhere(type)) context.mayGrowMemories = true;
    }
    if (row.immediates === "memarg_lane") return { memory, offset: memArgOffset, align, lane: this.readLane(row) };
    return { memory, offset: memArgOffset, align };
  }

  /** As a double, rounded above 2^53: no memory comes near. */
  private readWideOffset(): number {
    const { reader } = this.context;
    const first = reader.bytes[reader.position] as number;
    if (first < 0x80) return reader.byte();
    const lo = reader.u64();
    return reader.hi * 2 ** 32 + lo;
  }

  private constant(opcode: number, offset: number): void {
    const { reader, stack, builder } = this.context;
    let lo = 0;
    let hi = 0;
    let type: ValType = i32;
    switch (opcode) {
      case 0x41:
        lo = reader.s32();
        break;
      case 0x42:
        lo = reader.s64();
        hi = reader.hi;
        type = i64;
        break;
      case 0x43:
        lo = reader.word();
        type = f32;
        break;
      default:
        lo = reader.word();
        hi = reader.word();
        type = f64;
    }
    stack.push(type);
    if (builder !== undefined) builder.constant(type, lo, hi, offset);
  }
}

function handlingOf(row: Instruction): number {
  if (row.signature === undefined) return ruleByOpcode[row.opcode] === undefined ? REFUSED : RULED;
  switch (row.immediates) {
    case "none":
      return PLAIN;
    case "memarg":
    case "memarg_lane":
      return MEMORY_ACCESS;
    case "v128":
    case "lane":
    case "lanes":
      return VECTOR;
    case "i32":
    case "i64":
    case "f32":
    case "f64":
      return CONSTANT;
    default:
      return REFUSED;
  }
}
