// The operand and control stacks of the validation algorithm (core spec, appendix "Validation Algorithm").
// Knows nothing of instructions.
import { bottom, type DefinedTypes, isRefType, isSubtype, type ValType } from "@anywasm/isa";
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
  /** How many locals without a default had been assigned before it. */
  readonly assignedCount: number;
  unreachable: boolean;
}

export class ControlStack {
  private readonly reader: Reader;
  private readonly types: DefinedTypes;
  private operands = new Int32Array(1024);
  private height = 0;
  private readonly frames: Frame[] = [];
  /** Of the innermost frame; kept here because every pop needs them. */
  private floor = 0;
  private unreachable = false;
  /** Locals without a default value that have been assigned, in order (core spec, §3.4 "Instruction Sequences"). */
  private readonly assigned: number[] = [];
  private readonly isAssignedNow = new Set<number>();

  constructor(reader: Reader, types: DefinedTypes) {
    this.reader = reader;
    this.types = types;
  }

  reset(): void {
    this.height = 0;
    this.frames.length = 0;
    this.floor = 0;
    this.unreachable = false;
    this.forgetAssigned(0);
  }

  /** Notes that a local without a default value has one. */
  assign(local: number): void {
    if (this.isAssignedNow.has(local)) return;
    this.isAssignedNow.add(local);
    this.assigned.push(local);
  }

  isAssigned(local: number): boolean {
    return this.isAssignedNow.has(local);
  }

  /** Behind a block, what was assigned inside counts as not assigned. */
  private forgetAssigned(count: number): void {
    while (this.assigned.length > count) this.isAssignedNow.delete(this.assigned.pop() as number);
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
      if (actual !== expected && !isSubtype(actual, expected, this.types)) throw typeMismatch(expected, actual, offset);
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
    const { height } = this;
    this.frames.push({ kind, params, results, height, assignedCount: this.assigned.length, unreachable: false });
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
    this.forgetAssigned(frame.assignedCount);
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
