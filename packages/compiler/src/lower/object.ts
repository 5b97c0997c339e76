// Lowers instructions on structures, arrays and casts. A structure is an object with a field `f0`, `f1`, ... for each of
// its own, and `h0`, ... for high words (`i0`, `j0`, ... for more of a vector); an array one with `elements` and their
// number, `length`. Each knows its type.
//
// Null is not looked for: reading a property of null throws, and the runtime knows a trap by it. A function of the
// module's structure, and of what names things and makes statements, so that both tiers share it.
import {
  type ArrayType,
  type CompositeType,
  type FieldType,
  f32,
  f64,
  type HelperName,
  type Instruction,
  i32,
  i64,
  isRefType,
  type ModuleStructure,
  type StructType,
  type ValType,
  v128,
} from "@anywasm/isa";
import { binary, call, index, member, not, number } from "../js/build.ts";
import type { JsExpression, JsIndex, JsMember, JsName } from "../js/nodes.ts";
import { propertiesOf } from "../structures.ts";
import type { FixedArray } from "./arrays.ts";
import { testOf, testOfDescriptor } from "./casts.ts";
import { flatten } from "./operands.ts";
import type { Atoms, Lowered } from "./state.ts";

/** What lowering asks of a tier. */
export interface ObjectContext extends Atoms {
  readonly module: { readonly structure: ModuleStructure };
  /** By the names of arrays. */
  readonly fixedArrays: ReadonlyMap<string, FixedArray>;
  /** By the names of references: of variables that hold the types of what those refer to. */
  readonly typeNames: ReadonlyMap<string, JsName>;
  helper(helper: HelperName): JsName;
  entity(kind: "struct" | "array" | "type" | "data" | "element", index: number): JsName;
  temporary(value: JsExpression): JsExpression;
  /** Evaluates `failure`, which throws, if the condition holds: now. Engines are told that nothing comes behind it. */
  guard(condition: JsExpression, failure: JsExpression): void;
}

/** An instruction, without its operands. */
export interface ObjectInstruction {
  readonly instruction: Instruction;
  readonly typeIndex: number;
  readonly index: number;
  readonly offset: number;
  /** Of the last operand: whether it is a number that arithmetic gave, of whose NaNs nobody knows the bits. */
  readonly isArithmetic: boolean;
  /** The type of the first operand, if there is one. */
  readonly operandType: ValType | undefined;
}

/** What an instruction writes: where to, and which word. */
export interface Assignments {
  /** What is done instead of assigning a NaN, whose bits would be lost; of a single assignment of an atom. */
  readonly forNaN?: JsExpression;
  readonly assign: readonly (readonly [target: JsMember | JsIndex, value: JsExpression])[];
}

/** Words of operands in, the result's out; evaluating those of the operands in order comes first. */
export function objectOperation(
  context: ObjectContext,
  node: ObjectInstruction,
  values: readonly Lowered[],
): Lowered | Assignments {
  const { instruction, typeIndex, offset } = node;
  const helper = (name: HelperName, ...args: readonly JsExpression[]): JsExpression =>
    call(context.helper(name), args, offset);
  const [first, second] = values as readonly [JsExpression, JsExpression];
  switch (instruction.name) {
    case "struct.new":
      return call(context.entity("struct", typeIndex), fieldWords(structAt(context, typeIndex), values));
    case "struct.new_default":
      return call(context.entity("struct", typeIndex), structAt(context, typeIndex).fields.flatMap(zeroWords));
    case "struct.new_desc":
    case "struct.new_default_desc": {
      const type = structAt(context, typeIndex);
      const isDefault = instruction.name === "struct.new_default_desc";
      const fields = isDefault ? type.fields.flatMap(zeroWords) : fieldWords(type, values);
      const [descriptor] = flatten(values.slice(-1)) as [JsExpression];
      return call(context.entity("struct", typeIndex), [...fields, helper("descriptor", descriptor)]);
    }
    case "struct.get":
    case "struct.get_s":
    case "struct.get_u":
      return structGet(context, node, first);
    case "struct.set":
      return structSet(context, node, first, values.slice(1));
    case "array.new":
      return helper("array_new", context.entity("array", typeIndex), ...flatten(values));
    case "array.new_default":
      return helper("array_new_default", context.entity("array", typeIndex), first);
    case "array.new_fixed":
      return helper("array_new_fixed", context.entity("array", typeIndex), ...flatten(values));
    case "array.new_data":
      return helper(
        "array_new_data",
        context.entity("array", typeIndex),
        context.entity("data", node.index),
        ...flatten(values),
      );
    case "array.new_elem":
      return helper(
        "array_new_elem",
        context.entity("array", typeIndex),
        context.entity("element", node.index),
        ...flatten(values),
      );
    case "array.init_data":
      return helper("array_init_data", context.entity("data", node.index), ...flatten(values));
    case "array.init_elem":
      return helper("array_init_elem", context.entity("element", node.index), ...flatten(values));
    case "array.fill":
      return helper("array_fill", ...flatten(values));
    case "array.copy":
      return helper("array_copy", ...flatten(values));
    case "array.get":
    case "array.get_s":
    case "array.get_u":
      return arrayGet(context, node, first, second);
    case "array.len":
      return lengthOf(context, first, offset);
    case "array.set":
      return arraySet(context, node, first, second, values.slice(2));
    case "ref.test":
      return testOf(context, node, first);
    case "ref.cast": {
      const value = context.atom(first);
      context.guard(not(testOf(context, node, value)), helper("cast_failure"));
      return value;
    }
    case "ref.get_desc":
      return member(first, "descriptor", offset);
    case "ref.test_desc_eq":
      return testOfDescriptor(context, first, second, typeIndex as ValType, offset);
    case "ref.cast_desc_eq": {
      const value = context.atom(first);
      const isOne = testOfDescriptor(context, value, second, typeIndex as ValType, offset);
      context.guard(not(isOne), helper("descriptor_cast_failure"));
      return value;
    }
    default:
      throw new TypeError(`${instruction.name} is no instruction on objects`);
  }
}

function compositeAt({ module }: ObjectContext, typeIndex: number): CompositeType {
  const type = module.structure.subTypes[typeIndex];
  if (type === undefined) throw new RangeError(`no type ${typeIndex}`);
  return type.composite;
}

function structAt(context: ObjectContext, typeIndex: number): StructType {
  return compositeAt(context, typeIndex) as StructType;
}

function elementAt(context: ObjectContext, typeIndex: number): FieldType {
  return (compositeAt(context, typeIndex) as ArrayType).element;
}

function zeroWords({ storage }: FieldType): readonly JsExpression[] {
  if (typeof storage !== "string" && isRefType(storage)) return [{ kind: "null" }];
  return propertiesOf({ storage, mutable: false }, 0).map(() => number(0));
}

/** Packed fields hold numbers with a sign. */
function unpacked({ storage }: FieldType, name: string, value: JsExpression): JsExpression {
  if (typeof storage !== "string" || !name.endsWith("_u")) return value;
  return binary("&", value, number(storage === "i8" ? 0xff : 0xffff));
}

function packed({ storage }: FieldType, value: JsExpression): JsExpression {
  if (typeof storage !== "string") return value;
  const distance = storage === "i8" ? 24 : 16;
  if (value.kind === "number") return number((value.value << distance) >> distance);
  return binary(">>", binary("<<", value, number(distance)), number(distance));
}

/** What a new structure holds of the values that its fields get: a vector is four of them. */
function fieldWords({ fields }: StructType, values: readonly Lowered[]): readonly JsExpression[] {
  let next = 0;
  return fields.flatMap((field) => {
    const first = next;
    next += field.storage === v128 ? 4 : 1;
    return flatten(values.slice(first, next)).map((word) => packed(field, word));
  });
}

function structGet(context: ObjectContext, node: ObjectInstruction, object: JsExpression): Lowered {
  const { instruction, typeIndex, index: fieldIndex, offset } = node;
  const field = structAt(context, typeIndex).fields[fieldIndex] as FieldType;
  const [property = "", ...others] = propertiesOf(field, fieldIndex);
  if (others.length === 0) return unpacked(field, instruction.name, member(object, property, offset));
  const atom = context.atom(object);
  const [first, ...rest] = [member(atom, property, offset), ...others.map((other) => member(atom, other))] as const;
  if (field.storage === v128) return call(context.helper("v128_words"), [first, ...rest]);
  return { lo: context.temporary(first), hi: context.temporary(rest[0] as JsExpression) };
}

/** @param values one, or the four words of a vector. */
function structSet(
  context: ObjectContext,
  node: ObjectInstruction,
  object: JsExpression,
  values: readonly Lowered[],
): Assignments {
  const { typeIndex, index: fieldIndex, offset } = node;
  const field = structAt(context, typeIndex).fields[fieldIndex] as FieldType;
  const words = flatten(values);
  const atom = words.length === 1 ? object : context.atom(object);
  const properties = propertiesOf(field, fieldIndex);
  const target = (i: number): JsMember => member(atom, properties[i] as string, i === 0 ? offset : undefined);
  return { assign: words.map((word, i) => [target(i), packed(field, word)]) };
}

function fixedParts({ fixedArrays }: ObjectContext, array: JsExpression): FixedArray | undefined {
  return array.kind === "name" ? fixedArrays.get(array.name) : undefined;
}

function lengthOf(context: ObjectContext, array: JsExpression, offset: number): JsExpression {
  const fixed = fixedParts(context, array);
  // What is fixed of null is no length.
  return fixed?.isNullable === false ? fixed.length : member(array, "length", offset);
}

/** The elements of an array at a position that it has: of 64 bits, the first of two words. */
function elementsOf(context: ObjectContext, array: JsExpression, position: JsExpression, offset: number): JsExpression {
  const fixed = fixedParts(context, array);
  const outside = binary(">=", binary(">>>", position, number(0)), fixed?.length ?? member(array, "length", offset));
  context.guard(outside, call(context.helper("array_out_of_bounds"), [], offset));
  return fixed?.elements ?? member(array, "elements");
}

/** The same of numbers. Engines look at bounds anyway: a number that is not there is `undefined`, and a second look is free. */
function numbersOf(context: ObjectContext, array: JsExpression, position: JsExpression, offset: number): JsExpression {
  const elements = context.atom(fixedParts(context, array)?.elements ?? member(array, "elements", offset));
  const isOutside = binary("===", index(elements, position), { kind: "undefined" });
  context.guard(isOutside, call(context.helper("array_out_of_bounds"), [], offset));
  return elements;
}

/** Whether an element is one number, whose bits engines keep. */
function isPlainNumber({ storage }: FieldType): boolean {
  return typeof storage === "string" || storage === i32 || storage === f64;
}

function arrayGet(
  context: ObjectContext,
  { instruction, typeIndex, offset }: ObjectInstruction,
  object: JsExpression,
  at: JsExpression,
): Lowered {
  const array = context.atom(object);
  const position = context.atom(at);
  const element = elementAt(context, typeIndex);
  if (isPlainNumber(element)) {
    // Engines check bounds anyway: a number that is not there is `undefined`.
    const elements = fixedParts(context, array)?.elements ?? member(array, "elements", offset);
    const value = context.temporary(index(elements, position));
    const isOutside = binary("===", value, { kind: "undefined" });
    context.guard(isOutside, call(context.helper("array_out_of_bounds"), [], offset));
    return unpacked(element, instruction.name, value);
  }
  const elements = elementsOf(context, array, position, offset);
  switch (element.storage) {
    case i64: {
      const [lo, hi] = wordsAt(context.atom(elements), position, 1);
      return { lo: context.temporary(lo as JsExpression), hi: context.temporary(hi as JsExpression) };
    }
    case v128:
      return call(context.helper("v128_words"), wordsAt(context.temporary(elements), position, 2));
    case f32:
      return call(context.helper("f32_element"), [elements, position]);
    default:
      return unpacked(element, instruction.name, index(elements, position));
  }
}

/** The `2 ** log` words of an element. Neither of the operands has effects. */
function wordsAt(elements: JsExpression, position: JsExpression, log: number): readonly JsIndex[] {
  const first = binary("<<", position, number(log));
  return Array.from({ length: 2 ** log }, (_, i) => index(elements, i === 0 ? first : binary("|", first, number(i))));
}

/** @param values one, or the four words of a vector. */
function arraySet(
  context: ObjectContext,
  { typeIndex, offset, isArithmetic }: ObjectInstruction,
  object: JsExpression,
  at: JsExpression,
  values: readonly Lowered[],
): Assignments {
  const array = context.atom(object);
  const position = context.atom(at);
  const element = elementAt(context, typeIndex);
  // Its place is looked for behind it.
  const words = flatten(values).map((word) => context.atom(word));
  const elements = isPlainNumber(element)
    ? numbersOf(context, array, position, offset)
    : elementsOf(context, array, position, offset);
  if (words.length > 1) {
    const targets = wordsAt(context.atom(elements), position, Math.log2(words.length));
    return { assign: targets.map((target, i) => [target, words[i] as JsExpression]) };
  }
  const word = words[0] as JsExpression;
  if ((element.storage === f32 || element.storage === f64) && !isArithmetic) {
    const numbers = context.atom(elements);
    const helper = context.helper(element.storage === f32 ? "f32_element_set" : "f64_element_set");
    return { assign: [[index(numbers, position), word]], forNaN: call(helper, [numbers, position, word]) };
  }
  // Typed arrays of small integers keep what fits of a word.
  return { assign: [[index(elements, position), word]] };
}
