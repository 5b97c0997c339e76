// Loads and stores of vectors, as accesses of words or lanes.
import { type Access, access, constant, type Expression, type MemArg } from "@anywasm/ir";
import { f32, f64, type InstructionName, i32, i64, instruction, type ValType } from "@anywasm/isa";
import type { Code, Vector } from "./code.ts";
import { words } from "./convert.ts";
import { extractLane, replaceLane, splat } from "./immediate.ts";
import { ofWords, operate, zero } from "./lanes.ts";

/** The memory that an instruction names, at an address that can be used several times. */
class Place {
  private readonly code: Code;
  private readonly node: Access;
  private readonly address: Expression;

  constructor(code: Code, node: Access, address: Expression) {
    this.code = code;
    this.node = node;
    this.address = code.atom(address);
  }

  /** Now: a trap must come whatever becomes of the value, and nothing may be written before. */
  load(name: InstructionName, bytes = 0): Expression {
    const row = instruction(name);
    const { node, address } = this;
    return this.code.temporary(access(row, this.behind(bytes), row.signature?.results[0], [address], node.offset));
  }

  store(name: InstructionName, value: Expression, bytes = 0): void {
    const { node, address } = this;
    this.code.evaluate(access(instruction(name), this.behind(bytes), undefined, [address, value], node.offset));
  }

  private behind(bytes: number): MemArg {
    const { memory, offset, align } = this.node.memArg;
    return { memory, offset: offset + bytes, align: bytes === 0 ? align : 0 };
  }
}

const loads = new Map<ValType, InstructionName>([
  [i32, "i32.load"],
  [f32, "f32.load"],
  [f64, "f64.load"],
]);
const stores = new Map<ValType, InstructionName>([
  [i32, "i32.store"],
  [f32, "f32.store"],
  [f64, "f64.store"],
  [i64, "i64.store"],
]);

/** By the bits of a lane. */
const laneLoads: Readonly<Record<string, InstructionName>> = {
  8: "i32.load8_u",
  16: "i32.load16_u",
  32: "i32.load",
};
const laneStores: Readonly<Record<string, InstructionName>> = {
  8: "i32.store8",
  16: "i32.store16",
  32: "i32.store",
};
const shapes: Readonly<Record<string, string>> = { 8: "i8x16", 16: "i16x8", 32: "i32x4", 64: "i64x2" };

/**
 * @param old of which a lane is replaced
 * @param wanted what the vector will be used as; any shape will do
 */
export function loadVector(
  code: Code,
  node: Access,
  address: Expression,
  old: Vector | undefined,
  wanted: ValType,
): Vector {
  const place = new Place(code, node, address);
  const kind = /load(\d*)(?:x\d_(.)|_(\w+))?$/.exec(node.instruction.name) ?? [];
  const [, width = "", sign, way] = kind as readonly (string | undefined)[];
  if (width === "") return loadWhole(place, wanted);
  if (way !== undefined && width !== "64") {
    const isSingle = width === "32" && (old?.shape ?? wanted) === f32;
    const value = place.load(isSingle ? "f32.load" : (laneLoads[width] as InstructionName));
    const nothing = constant(isSingle ? f32 : i32, 0, 0, node.offset);
    if (way === "zero") return { shape: nothing.type, parts: [value, nothing, nothing, nothing] };
    const lanes = isSingle ? "f32x4" : shapes[width];
    if (old === undefined) return splat(code, `${lanes}.splat`, value);
    const replaced = isSingle ? old : ofWords(words(code, old));
    return replaceLane(code, `${lanes}.replace_lane`, node.memArg.lane ?? 0, replaced, value);
  }
  const half = [place.load("i32.load"), place.load("i32.load", 4)];
  if (way === "splat") return ofWords([...half, ...half]);
  if (old !== undefined) {
    const [a, b, c, d] = words(code, old) as readonly [Expression, Expression, Expression, Expression];
    return ofWords(node.memArg.lane === 0 ? [...half, c, d] : [a, b, ...half]);
  }
  const whole = ofWords([...half, zero, zero]);
  if (way === "zero") return whole;
  return operate(code, `${shapes[2 * Number(width)]}.extend_low_${shapes[width]}_${sign}`, [whole]);
}

function loadWhole(place: Place, wanted: ValType): Vector {
  const name = loads.get(wanted);
  if (name === undefined) return loadWhole(place, i32);
  const bytes = wanted === f64 ? [0, 8] : [0, 4, 8, 12];
  return { shape: wanted, parts: bytes.map((each) => place.load(name, each)) };
}

export function storeVector(code: Code, node: Access, address: Expression, vector: Vector): void {
  const [, width = ""] = /store(\d*)/.exec(node.instruction.name) ?? [];
  const lane = node.memArg.lane ?? 0;
  if (width === "") storeParts(new Place(code, node, address), vector);
  else if (width === "64") {
    const parts = words(code, vector).slice(2 * lane, 2 * lane + 2);
    storeParts(new Place(code, node, address), ofWords(parts));
  } else {
    const value = words(code, vector);
    const name = width === "32" ? "i32x4.extract_lane" : `${shapes[width]}.extract_lane_u`;
    const part = extractLane(code, name, lane, ofWords(value));
    new Place(code, node, address).store(laneStores[width] as InstructionName, part);
  }
}

/** The last part first: if it is in bounds so are the others, and a trap leaves memory as it was. */
function storeParts(place: Place, { shape, parts }: Vector): void {
  const bytes = shape === i32 || shape === f32 ? 4 : 8;
  for (let i = parts.length - 1; i >= 0; i--)
    place.store(stores.get(shape) as InstructionName, parts[i] as Expression, bytes * i);
}
