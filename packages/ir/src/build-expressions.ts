// The builder, as far as instructions that compute.
import {
  Effect,
  type Effects,
  effectsConflict,
  type FuncType,
  type Instruction,
  i32,
  i64,
  instruction,
  type ValType,
  WRITES,
} from "@anywasm/isa";
import { BuilderBase } from "./build-base.ts";
import type { Value } from "./factory.ts";
import type { MemArg } from "./nodes.ts";

const address32 = instruction("i32.sat_i64_u");
const size64 = instruction("i64.extend_i32_size");

/** The effect that only calls have: they may throw. */
const throws: Effects = Effect.calls & ~0x7f;

export abstract class ExpressionBuilder<V extends Value, S> extends BuilderBase<V, S> {
  constant(type: ValType, lo: number, hi: number, offset: number): void {
    if (this.reachable) this.operands.push(this.factory.constant(type, lo, hi, offset));
  }

  get(variable: number, offset: number): void {
    if (this.reachable) this.pushGet(variable, offset);
  }

  set(variable: number): void {
    if (!this.reachable) return;
    const value = this.operands.pop();
    // A handler sees whether the assignment came before a call that throws.
    this.operands.settleReadersOf(variable, value.effects, this.protectedBy > 0 ? throws : 0);
    if (this.factory.isGet(value, variable)) return;
    this.statements.push(this.factory.set(variable, value));
    this.rest();
  }

  tee(variable: number, offset: number): void {
    if (!this.reachable) return;
    this.set(variable);
    this.pushGet(variable, offset);
  }

  drop(): void {
    if (this.reachable) this.placeForEffect(this.operands.pop());
  }

  operation(row: Instruction, operandCount: number, type: ValType | undefined, offset: number): void {
    if (this.reachable) this.place(this.factory.operation(row, type, this.operands.popMany(operandCount), offset));
  }

  /** An operation with several results. */
  operationOfMany(row: Instruction, operandCount: number, results: readonly ValType[], offset: number): void {
    if (!this.reachable) return;
    const operands = this.operands.popMany(operandCount);
    this.placeMany(this.factory.operation(row, undefined, operands, offset), results, false);
  }

  /** `select` evaluates both values, the generated conditional only one: values with effects are evaluated before. */
  select(row: Instruction, type: ValType, offset: number): void {
    if (!this.reachable) return;
    const [first, second, condition] = this.operands.popMany(3) as [V, V, V];
    const mustPrecede = (value: V): boolean =>
      (value.effects & (Effect.traps | WRITES)) !== 0 || effectsConflict(value.effects, condition.effects);
    let [a, b, c] = [first, second, condition];
    if (mustPrecede(b) || (mustPrecede(a) && effectsConflict(a.effects, b.effects))) {
      this.operands.settleBefore(a.effects | b.effects);
      if (a.effects !== 0) a = this.factory.spill(a);
      b = this.factory.spill(b);
    } else if (mustPrecede(a)) {
      this.operands.settleBefore(a.effects);
      a = this.factory.spill(a);
    }
    this.place(this.factory.operation(row, type, [a, b, c], offset));
  }

  vector(
    row: Instruction,
    immediates: readonly number[],
    operandCount: number,
    type: ValType | undefined,
    offset: number,
  ): void {
    if (!this.reachable) return;
    this.place(this.factory.vector(row, immediates, type, this.operands.popMany(operandCount), offset));
  }

  access(row: Instruction, memArg: MemArg, operandCount: number, type: ValType | undefined, offset: number): void {
    if (!this.reachable) return;
    const operands = this.operands.popMany(operandCount);
    operands[0] = this.address(operands[0] as V, offset);
    this.place(this.factory.access(row, memArg, type, operands, offset));
  }

  entity(row: Instruction, index: number, operandCount: number, type: ValType | undefined, offset: number): void {
    if (!this.reachable) return;
    const operands = this.operands.popMany(operandCount);
    if (row.immediates !== "memory" && row.immediates !== "table") {
      this.place(this.factory.entity(row, index, type, operands, offset));
      return;
    }
    // What is of 64 bits here is an address or a size.
    const addresses = operands.map((operand) => this.address(operand, offset));
    if (type !== i64) this.place(this.factory.entity(row, index, type, addresses, offset));
    else
      this.place(
        this.factory.operation(size64, i64, [this.factory.entity(row, index, i32, addresses, offset)], offset),
      );
  }

  transfer(row: Instruction, destination: number, source: number, offset: number): void {
    if (!this.reachable) return;
    const operands = this.operands.popMany(3).map((operand) => this.address(operand, offset));
    this.place(this.factory.transfer(row, destination, source, operands, offset));
  }

  call(functionIndex: number, type: FuncType, offset: number): void {
    if (!this.reachable) return;
    const operands = this.operands.popMany(type.params.length);
    this.placeCall(this.factory.call(functionIndex, type, operands, offset), type);
  }

  callIndirect(typeIndex: number, tableIndex: number, type: FuncType, offset: number): void {
    if (!this.reachable) return;
    const operands = this.popIndirect(type, offset);
    this.placeCall(this.factory.callIndirect(typeIndex, tableIndex, type, operands, offset), type);
  }

  /** Arguments, and the index into the table. */
  protected popIndirect({ params }: FuncType, offset: number): readonly V[] {
    const index = this.address(this.operands.pop(), offset);
    return [...this.operands.popMany(params.length), index];
  }

  /** From here on, addresses of 64 bits are of 32: see `i32.sat_i64_u`. */
  protected address(value: V, offset: number): V {
    return value.type === i64 ? this.factory.operation(address32, i32, [value], offset) : value;
  }

  callRef(typeIndex: number, type: FuncType, offset: number): void {
    if (!this.reachable) return;
    const operands = this.operands.popMany(type.params.length + 1);
    this.placeCall(this.factory.callRef(typeIndex, type, operands, offset), type);
  }

  object(
    row: Instruction,
    typeIndex: number,
    index: number,
    operandCount: number,
    type: ValType | undefined,
    offset: number,
  ): void {
    if (!this.reachable) return;
    this.place(this.factory.object(row, typeIndex, index, type, this.operands.popMany(operandCount), offset));
  }
}
