// Lowers loads and stores to DataView accesses, which check bounds and allow any alignment by themselves.
//
// The effective address is `(address >>> 0) + offset`, exact because both are below 2^32. `memory.view` is read anew
// at each access: growing a memory replaces it.

import type { Access, Expression } from "@anywasm/ir";
import {
  type AtomicAccess,
  type AtomicHelperName,
  Effect,
  i64,
  type MemoryAccess,
  mostPages,
  pageSizeOf,
} from "@anywasm/isa";
import { binary, call, expression, isAtom, member, number, unsigned } from "../js/build.ts";
import type { JsExpression } from "../js/nodes.ts";
import { templateOf, templateOperands } from "../js/template.ts";
import type { ModuleContext } from "../module-context.ts";
import { rangeOf } from "../passes/ranges.ts";
import { signals } from "./analysis.ts";
import { flatten, isPair, lowerOperands, lowerWideOperands, pairFromCall } from "./operands.ts";
import type { Lowered, Lowering, Pair } from "./state.ts";
import { memoryView } from "./views.ts";

const littleEndian: JsExpression = { kind: "true" };

export function lowerAccess(state: Lowering, node: Access, observed: boolean): Lowered {
  const access = node.instruction.access as MemoryAccess | AtomicAccess;
  if (access.method === "atomic") return lowerAtomic(state, node, access);
  const isStore = access.method.startsWith("set");
  const copied = isStore ? copiedFloat(node) : undefined;
  if (copied !== undefined) return lowerFloatCopy(state, node, copied);
  if (access.method === "setInt64" && state.computesWithBigInts) return storeWide(state, node);
  const values = lowerOperands(state, node.operands);
  const settled = isGrowing(node) ? values.map((value) => (isPair(value) ? value : state.atom(value))) : values;
  const address = effectiveAddress(state, node, settled[0] as JsExpression);
  return isStore
    ? lowerStore(state, node, access, address, settled[1] as Lowered)
    : lowerLoad(state, node, access, address, observed);
}

/** A call of a helper: what it accesses memory by is looked up there. */
function lowerAtomic(state: Lowering, node: Access, access: AtomicAccess): Lowered {
  const { bytes, wraps } = access;
  const [base, ...values] = lowerOperands(state, node.operands);
  const address = effectiveAddress(state, node, base as JsExpression);
  const words = wraps ? values.map((value) => (isPair(value) ? value.lo : value)) : flatten(values);
  const memory = state.entity("memory", node.memArg.memory);
  const size = bytes === 8 ? [] : [number(bytes)];
  const result = call(state.helper(atomicHelper(access)), [memory, address, ...size, ...words], node.offset);
  if (node.type !== i64) return result;
  return wraps ? { lo: state.temporary(result), hi: number(0) } : pairFromCall(state, result);
}

/** What does the operation on cells of that size. */
export function atomicHelper({ operation, bytes }: AtomicAccess): AtomicHelperName {
  return `atomic${bytes === 8 ? "64" : ""}_${operation}` as AtomicHelperName;
}

/** A 64-bit load as one BigInt. */
export function loadWide(state: Lowering, node: Access): JsExpression {
  const [base] = lowerOperands(state, node.operands);
  const settled = isGrowing(node) ? state.atom(base as JsExpression) : (base as JsExpression);
  return viewCall(state, node, "getBigUint64", 8, [effectiveAddress(state, node, settled)]);
}

function storeWide(state: Lowering, node: Access): Lowered {
  const operands = lowerWideOperands(state, node.operands);
  const [base, value] = isGrowing(node) ? operands.map((each) => state.atom(each)) : operands;
  return viewCall(state, node, "setBigUint64", 8, [
    effectiveAddress(state, node, base as JsExpression),
    value as JsExpression,
  ]);
}

/** The receiver is read before the arguments; an argument that may grow the memory must be evaluated before it. */
function isGrowing(node: Access): boolean {
  return node.operands.some((operand) => (operand.effects & Effect.writesMemory) !== 0);
}

function view(state: Lowering, node: Access): JsExpression {
  return memoryView(state, node.memArg.memory);
}

function effectiveAddress(state: Lowering, { memArg, operands }: Access, address: JsExpression): JsExpression {
  const { offset } = memArg;
  if (address.kind === "number") return number((address.value >>> 0) + offset);
  if (state.ranges !== undefined && rangeOf(operands[0] as Expression, state.ranges).min >= 0)
    return offset === 0 ? address : binary("+", address, number(offset));
  if (offset === 0) {
    // Below 2 GiB a negative address is out of bounds as it is.
    return isBelow2GiB(state.module, memArg.memory) ? address : unsigned(address);
  }
  return binary("+", unsigned(address), number(offset));
}

/** Whether a memory can never be larger than 2 GiB. */
export function isBelow2GiB({ structure }: ModuleContext, memory: number): boolean {
  const type = structure.memories[memory];
  return type !== undefined && mostPages(type) * pageSizeOf(type) <= 2 ** 31;
}

function plus(address: JsExpression, bytes: number): JsExpression {
  if (address.kind === "number") return number(address.value + bytes);
  if (address.kind === "binary" && address.operator === "+" && address.right.kind === "number")
    return binary("+", address.left, number(address.right.value + bytes));
  return binary("+", address, number(bytes));
}

function viewCall(
  state: Lowering,
  node: Access,
  method: string,
  bytes: number,
  args: readonly JsExpression[],
): JsExpression {
  return call(member(view(state, node), method), bytes === 1 ? args : [...args, littleEndian], node.offset);
}

function lowerLoad(
  state: Lowering,
  node: Access,
  access: MemoryAccess,
  address: JsExpression,
  observed: boolean,
): Lowered {
  switch (access.method) {
    case "getInt64":
      return lowerLoad64(state, node, address);
    case "getFloat32":
      if (observed) return call(state.helper("f32_load"), [view(state, node), address], node.offset);
      return viewCall(state, node, access.method, access.bytes, [address]);
    default: {
      const loaded = viewCall(state, node, access.method, access.bytes, [address]);
      if (access.hi === undefined) return loaded;
      // A trap must come now, whatever becomes of the words.
      const lo = state.temporary(loaded);
      return { lo, hi: templateOf(access.hi)({ ...templateOperands(), lo }, state) };
    }
  }
}

function lowerLoad64(state: Lowering, node: Access, address: JsExpression): Pair {
  const base = atomicBase(state, address);
  const lo = state.temporary(viewCall(state, node, "getInt32", 4, [base]));
  const hi = state.temporary(viewCall(state, node, "getInt32", 4, [plus(base, 4)]));
  return { lo, hi };
}

/** An address that can be written twice: a name, `x >>> 0` with `x` a name, or one of these with an offset. */
function atomicBase(state: Lowering, address: JsExpression): JsExpression {
  if (address.kind === "binary" && address.operator === "+" && address.right.kind === "number")
    return binary("+", atomOrUnsigned(state, address.left), address.right);
  return atomOrUnsigned(state, address);
}

function atomOrUnsigned(state: Lowering, base: JsExpression): JsExpression {
  const isUnsigned = base.kind === "binary" && base.operator === ">>>" && isAtom(base.left) && isAtom(base.right);
  return isUnsigned ? base : state.atom(base);
}

function lowerStore(
  state: Lowering,
  node: Access,
  access: MemoryAccess,
  address: JsExpression,
  value: Lowered,
): Lowered {
  if (access.method === "setInt64") {
    const { lo, hi } = value as Pair;
    const base = atomicBase(state, address);
    // The higher half first: if it is in bounds so is the lower one, and a trap leaves memory as it was.
    state.emit(expression(viewCall(state, node, "setInt32", 4, [plus(base, 4), hi])));
    return viewCall(state, node, "setInt32", 4, [base, lo]);
  }
  const word = isPair(value) ? value.lo : value;
  if (access.method === "setFloat32" && storesBits(state, node))
    return call(state.helper("f32_store"), [view(state, node), address, word], node.offset);
  return viewCall(state, node, access.method, access.bytes, [address, word]);
}

/** A store of f32 whose value may be a signalling NaN, which `setFloat32` would change. */
function storesBits(state: Lowering, node: Access): boolean {
  const value = node.operands[1] as Expression;
  if (node.instruction.access?.method !== "setFloat32") return true;
  if (value.kind === "get") return state.analysis.maySignal[value.variable] === 1;
  return signals(value);
}

/** The load that a float store copies from, where the value passes through nothing else. */
function copiedFloat(node: Access): Access | undefined {
  const value = node.operands[1];
  if (value?.kind !== "access") return undefined;
  const to = node.instruction.access?.method;
  const from = value.instruction.access?.method;
  return to === "setFloat32" && from === "getFloat32" ? value : undefined;
}

/** A float that is only moved is moved as an integer, so that no engine can touch the bits of a NaN. */
function lowerFloatCopy(state: Lowering, node: Access, source: Access): Lowered {
  const [target, from] = lowerOperands(state, [node.operands[0] as Expression, source.operands[0] as Expression]);
  const growing = [...node.operands, ...source.operands].some(({ kind }) => kind !== "get" && kind !== "constant");
  const to = growing ? state.atom(target as JsExpression) : (target as JsExpression);
  const at = growing ? state.atom(from as JsExpression) : (from as JsExpression);
  const word = viewCall(state, source, "getInt32", 4, [effectiveAddress(state, source, at)]);
  return viewCall(state, node, "setInt32", 4, [effectiveAddress(state, node, to), word]);
}
