// Lowers instructions on structures, arrays and casts. A structure is an object with a field `f0`, `f1`, ... for each of
// its own, and `h0`, ... for high words (`i0`, `j0`, ... for more of a vector); an array one with `elements` and their
// number, `length`. Each knows its type.
//
// Null is not looked for: reading a property of null throws, and the runtime knows a trap by it. A function of the
// module's structure, and of what names things and makes statements, so that both tiers share it.
import {
  type ArrayType,
  abstractHeapTypes,
  type CompositeType,
  type FieldType,
  f32,
  f64,
  type HeapType,
  type HelperName,
  heapTypeOf,
  type Instruction,
  i32,
  i64,
  isConcrete,
  isExact,
  isNullable,
  isRefType,
  type ModuleStructure,
  type StructType,
  typeIndexOf,
  type ValType,
  v128,
} from "@anywasm/isa";
import { binary, call, index, member, not, number } from "../js/build.ts";
import type { JsExpression, JsIndex, JsMember, JsName } from "../js/nodes.ts";
import { propertiesOf } from "../structures.ts";
import { flatten } from "./operands.ts";
import type { Atoms, Lowered } from "./state.ts";

/** What lowering asks of a tier. */
export interface ObjectContext extends Atoms {
  readonly module: { readonly structure: ModuleStructure };
  helper(helper: HelperName): JsName;
  entity(kind: "struct" | "array" | "type" | "data" | "element", index: number): JsName;
  temporary(value: JsExpression): JsExpression;
  /** Evaluates `failure`, which throws, if the condition holds: now. */
  guard(condition: JsExpression, failure: JsExpression): void;
}

/** An instruction, without its operands. */
export interface ObjectInstruction {
  readonly instruction: Instruction;
  readonly typeIndex: number;
  readonly index: number;
  readonly offset: number;
}

/** What an instruction writes: where to, and which word. */
export interface Assignments {
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
      return member(first, "length", offset);
    case "array.set":
      return arraySet(context, node, first, second, values.slice(2));
    case "ref.test":
      return testOf(context, first, typeIndex as ValType, offset);
    case "ref.cast": {
      const value = context.atom(first);
      context.guard(not(testOf(context, value, typeIndex as ValType, offset)), helper("cast_failure"));
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

/** The elements of an array at a position that it has: of 64 bits, the first of two words. */
function elementsOf(context: ObjectContext, array: JsExpression, position: JsExpression, offset: number): JsExpression {
  const outside = binary(">=", binary(">>>", position, number(0)), member(array, "length", offset));
  context.guard(outside, call(context.helper("array_out_of_bounds"), [], offset));
  return member(array, "elements");
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
    const value = context.temporary(index(member(array, "elements", offset), position));
    const isOutside = binary("===", value, { kind: "undefined" });
    context.guard(isOutside, call(context.helper("array_out_of_bounds"), [], offset));
    return unpacked(element, instruction.name, value);
  }
  const elements = elementsOf(context, array, position, offset);
  switch (element.storage) {
    case i64: {
      const [lo, hi] = wordsAt(context.temporary(elements), position, 1);
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
  { typeIndex, offset }: ObjectInstruction,
  object: JsExpression,
  at: JsExpression,
  values: readonly Lowered[],
): Lowered | Assignments {
  const array = context.atom(object);
  const position = context.atom(at);
  const element = elementAt(context, typeIndex);
  // Its place is looked for behind it.
  const words = flatten(values).map((word) => context.atom(word));
  const elements = elementsOf(context, array, position, offset);
  if (words.length > 1) {
    const targets = wordsAt(context.temporary(elements), position, Math.log2(words.length));
    return { assign: targets.map((target, i) => [target, words[i] as JsExpression]) };
  }
  const word = words[0] as JsExpression;
  if (element.storage === f32 || element.storage === f64)
    return call(context.helper(element.storage === f32 ? "f32_element_set" : "f64_element_set"), [
      elements,
      position,
      word,
    ]);
  // Typed arrays of small integers keep what fits of a word.
  return { assign: [[index(elements, position), word]] };
}

// Casts

const { any, eq, i31, struct, array, none, func, nofunc, extern, noextern } = abstractHeapTypes;

/** Whether a reference, of the hierarchy that `target` belongs to, is one of that type. */
function testOf(context: ObjectContext, value: JsExpression, target: ValType, offset: number): JsExpression {
  const atom = context.atom(value);
  const nullable = isNullable(target);
  const isNull = binary("===", atom, { kind: "null" });
  const heap = heapTypeOf(target);
  const asked = (helper: HelperName): JsExpression => {
    const isOne = binary("!==", call(context.helper(helper), [atom], offset), number(0));
    return nullable ? binary("||", isNull, isOne) : isOne;
  };
  if (isConcrete(heap)) return testOfDefined(context, atom, heap, nullable, offset);
  switch (heap) {
    case any:
    case func:
    case extern:
      return nullable ? binary("===", number(0), number(0)) : not(isNull);
    case none:
    case nofunc:
    case noextern:
      return nullable ? isNull : binary("!==", number(0), number(0));
    case eq:
      return asked("is_eq");
    case i31:
      return asked("is_i31");
    case struct:
      return asked("is_struct");
    case array:
      return asked("is_array");
    default:
      throw new TypeError(`no test for type ${target}`);
  }
}

/** Exact types and those without subtypes are compared; others look their place in the display up where they differ. */
function testOfDefined(
  context: ObjectContext,
  value: JsExpression,
  heap: HeapType,
  nullable: boolean,
  offset: number,
): JsExpression {
  const typeIndex = typeIndexOf(heap);
  const type = context.entity("type", typeIndex);
  const isSame = binary("===", member(value, "type"), type);
  const isFinal = isExact(heap) || (context.module.structure.subTypes[typeIndex]?.final ?? true);
  const isBelow = binary("!==", call(context.helper("is_subtype"), [value, type], offset), number(0));
  const isOne = isFinal ? isSame : binary("||", isSame, isBelow);
  const isNull = binary("===", value, { kind: "null" });
  return nullable ? binary("||", isNull, isOne) : binary("&&", not(isNull), isOne);
}

/**
 * Whether a reference has that descriptor, which says that it is one of `target`. What has none, an i31 for example, has
 * `undefined` in its place.
 */
function testOfDescriptor(
  context: ObjectContext,
  value: JsExpression,
  descriptor: JsExpression,
  target: ValType,
  offset: number,
): JsExpression {
  const atom = context.atom(value);
  const wanted = context.atom(descriptor);
  const isNull = (reference: JsExpression): JsExpression => binary("===", reference, { kind: "null" });
  context.guard(isNull(wanted), call(context.helper("null_descriptor"), [], offset));
  const isOne = binary("===", member(atom, "descriptor"), wanted);
  return isNullable(target) ? binary("||", isNull(atom), isOne) : binary("&&", not(isNull(atom)), isOne);
}
