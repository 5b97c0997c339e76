// What typing rules see of the function being validated: bytes, stacks, locals, and the builder if there is one.

import type { FunctionEvents } from "@anywasm/ir";
import { type FuncType, functionBody, functionType, implementationLimits, type ValType } from "@anywasm/isa";
import type { DecodedModule } from "./decoded-module.ts";
import { limitExceeded, malformed, unknown } from "./messages.ts";
import { Reader } from "./reader.ts";
import { ControlStack, FrameKind } from "./stacks.ts";
import { readValType } from "./types.ts";

/** Locals up to this many are spelled out; longer runs stay runs, so that a small function cannot ask for much work. */
const spelledOutLocals = 256;

export class FunctionContext {
  readonly module: DecodedModule;
  readonly reader: Reader;
  readonly stack: ControlStack;
  /** What is told of each instruction, if anything is. */
  builder: FunctionEvents | undefined;
  /** Whether the conditions of the function's branches mostly hold, by offset, as far as the module says so. */
  hints: ReadonlyMap<number, boolean> | undefined;
  /** Whether memories may grow while the function runs, as far as it has been read. */
  mayGrowMemories = false;
  /** Whether one of the functions read so far has handlers. */
  catchesExceptions = false;
  /** Of the function: they have values from the start. */
  parameterCount = 0;
  private localTypes: ValType[] = [];
  /** Runs of locals: `#runEnds[i]` is one more than the last index of type `#runTypes[i]`. */
  private runEnds: number[] = [];
  private runTypes: ValType[] = [];

  constructor(module: DecodedModule) {
    this.module = module;
    this.reader = new Reader(module.bytes);
    this.stack = new ControlStack(this.reader, module.defined);
  }

  /** Reads the locals of a defined function and enters its body. */
  start(functionIndex: number): FuncType {
    const { module, reader } = this;
    const body = functionBody(module, functionIndex);
    if (body === undefined) throw new RangeError(`function ${functionIndex} has no body`);
    const type = functionType(module, functionIndex);
    reader.position = body.start;
    reader.end = body.end;
    this.mayGrowMemories = false;
    // Assigned each time: engines take a field that never changes for a constant, and would compile all reading of
    // bodies for no builder, only to throw it away when the first one comes.
    this.builder = undefined;
    this.readLocals(type);
    this.stack.reset();
    this.stack.pushFrame(FrameKind.function, [], type.results);
    return type;
  }

  private readLocals(type: FuncType): void {
    const { reader } = this;
    this.runEnds = [];
    this.runTypes = [];
    this.parameterCount = type.params.length;
    this.localTypes = type.params.slice();
    let total = type.params.length;
    let declared = 0;
    for (let runs = reader.u32(); runs > 0; runs--) {
      const offset = reader.position;
      const count = reader.u32();
      const valType = readValType(reader, this.module);
      declared += count;
      if (declared > 0xffffffff) throw malformed("too many locals", offset);
      total += count;
      if (total > implementationLimits.locals)
        throw limitExceeded("locals", total, implementationLimits.locals, offset);
      if (this.runEnds.length === 0 && this.localTypes.length + count <= spelledOutLocals)
        for (let i = 0; i < count; i++) this.localTypes.push(valType);
      else {
        this.runEnds.push(total);
        this.runTypes.push(valType);
      }
    }
  }

  /** The type of a parameter or local. */
  localType(index: number, offset: number): ValType {
    const type = this.localTypes[index];
    if (type !== undefined) return type;
    const ends = this.runEnds;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] as number) <= index) low = middle + 1;
      else high = middle;
    }
    const found = this.runTypes[low];
    if (found === undefined) throw unknown("local", index, offset);
    return found;
  }

  /** Types of all parameters and locals. */
  allLocals(): ValType[] {
    const types = this.localTypes.slice();
    this.runEnds.forEach((end, i) => {
      while (types.length < end) types.push(this.runTypes[i] as ValType);
    });
    return types;
  }
}
