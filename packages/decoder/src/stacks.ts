// The operand and control stacks of the validation algorithm (core spec, appendix "Validation Algorithm").
// Knows nothing of instructions.
import {
  abstractHeapTypes,
  bottom,
  type HeapType,
  heapTypeOf,
  isNullable,
  isRefType,
  type ValType,
} from "@anywasm/isa";
import { invalid, referenceExpected, typeMismatch, unknown, valuesRemaining } from "./messages.ts";
import type { Reader } from "./reader.ts";

export const FrameKind = { function: 0, block: 1, loop: 2, if: 3, else: 4, try: 5, catch: 6, catchAll: 7 } as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

export interface Frame {
  readonly kind: FrameKind;
  readonly params: readonly ValType[];
  readonly results: readonly ValType[];
  /** Height of the operand stack below the frame's parameters. */
  readonly height: number;
  unreachable: boolean;
}

export class ControlStack {
  private readonly reader: Reader;
  private operands = new Int32Array(1024);
  private height = 0;
  private readonly frames: Frame[] = [];
  /** Of the innermost frame; kept here because every pop needs them. */
  private floor = 0;
  private unreachable = false;

  constructor(reader: Reader) {
    this.reader = reader;
  }

  reset(): void {
    this.height = 0;
    this.frames.length = 0;
    this.floor = 0;
    this.unreachable = false;
  }

  get frameCount(): number {
    return this.frames.length;
  }

  push(type: ValType): void {
    if (this.height === this.operands.length) this.growOperands();
    this.operands[this.height++] = type;
  }

  private growOperands(): void {
    const larger = new Int32Array(this.operands.length * 2);
    larger.set(this.operands);
    this.operands = larger;
  }

  pushMany(types: readonly ValType[]): void {
    for (const type of types) this.push(type);
  }

  pop(expected: ValType, offset: number): void {
    if (this.height > this.floor) {
      const actual = this.operands[--this.height] as ValType;
      if (actual !== expected && !isSubtype(actual, expected)) throw typeMismatch(expected, actual, offset);
    } else if (!this.unreachable) throw typeMismatch(expected, undefined, offset);
  }

  /** Pops whatever is there; `bottom` below unreachable code. */
  popAny(offset: number): ValType {
    if (this.height > this.floor) return this.operands[--this.height] as ValType;
    if (this.unreachable) return bottom;
    throw invalid("type mismatch: expected a value, but nothing on stack", offset);
  }

  popReference(offset: number): ValType {
    const type = this.popAny(offset);
    if (type !== bottom && !isRefType(type)) throw referenceExpected(type, offset);
    return type;
  }

  popMany(types: readonly ValType[], offset: number): void {
    for (let i = types.length - 1; i >= 0; i--) this.pop(types[i] as ValType, offset);
  }

  pushFrame(kind: FrameKind, params: readonly ValType[], results: readonly ValType[]): void {
    this.frames.push({ kind, params, results, height: this.height, unreachable: false });
    this.floor = this.height;
    this.unreachable = false;
    this.pushMany(params);
  }

  popFrame(offset: number): Frame {
    const frame = this.frames[this.frames.length - 1];
    if (frame === undefined) throw invalid("unexpected end", offset);
    this.popMany(frame.results, offset);
    if (this.height !== frame.height) throw valuesRemaining(this.height - frame.height, offset);
    this.frames.pop();
    const outer = this.frames[this.frames.length - 1];
    this.floor = outer?.height ?? 0;
    this.unreachable = outer?.unreachable ?? false;
    return frame;
  }

  /** The frame that a branch of `depth` leaves or repeats. */
  frameAt(depth: number, offset: number): Frame {
    const frame = this.frames[this.frames.length - 1 - depth];
    if (frame === undefined) throw unknown("label", depth, offset);
    return frame;
  }

  /** The frame of the function itself. */
  get functionFrame(): Frame {
    return this.frameAt(this.frames.length - 1, this.reader.position);
  }

  becomeUnreachable(): void {
    const frame = this.frames[this.frames.length - 1];
    if (frame === undefined) return;
    this.height = frame.height;
    frame.unreachable = true;
    this.unreachable = true;
  }
}

/** What a branch to `frame` carries. */
export function labelTypes(frame: Frame): readonly ValType[] {
  return frame.kind === FrameKind.loop ? frame.params : frame.results;
}

/** Core spec, §3.3 "Matching". */
export function isSubtype(actual: ValType, expected: ValType): boolean {
  if (actual === expected || actual === bottom) return true;
  if (!isRefType(actual) || !isRefType(expected) || (isNullable(actual) && !isNullable(expected))) return false;
  return isHeapSubtype(heapTypeOf(actual), heapTypeOf(expected));
}

function isHeapSubtype(actual: HeapType, expected: HeapType): boolean {
  return actual === expected || (actual === abstractHeapTypes.noexn && expected === abstractHeapTypes.exn);
}
