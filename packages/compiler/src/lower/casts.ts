// Lowers casts: whether a reference is one of a type. What its static type says already is not asked.
//
// Reading an object's type is what costs, where objects of many classes pass: engines look it up by class. So it is read once,
// and a type that others may be below is looked for at its depth among those above the object's.
import { bodiesOf, type Expression, expressionsOf, type Statement } from "@anywasm/ir";
import {
  abstractHeapTypes,
  type HeapType,
  type HelperName,
  heapTypeOf,
  isConcrete,
  isExact,
  isNullable,
  type ModuleStructure,
  supertypeNames,
  typeIndexOf,
  type ValType,
} from "@anywasm/isa";
import { assign, binary, call, conditional, index, member, not, number } from "../js/build.ts";
import type { JsDeclarator, JsExpression, JsName } from "../js/nodes.ts";
import { isCastToDefined } from "./analysis.ts";
import type { ObjectContext, ObjectInstruction } from "./object.ts";
import type { Lowering } from "./state.ts";

const { any, eq, i31, struct, array, none, func, nofunc, extern, noextern } = abstractHeapTypes;

const always = binary("===", number(0), number(0));
const never = binary("!==", number(0), number(0));

/** Whether a reference, the operand of the instruction, is one of the type that that asks for. */
export function testOf(
  context: ObjectContext,
  { typeIndex, operandType, offset }: ObjectInstruction,
  value: JsExpression,
): JsExpression {
  const target = typeIndex as ValType;
  const heap = heapTypeOf(target);
  const atom = context.atom(value);
  const mayBeNull = operandType === undefined || isNullable(operandType);
  const isNull = mayBeNull ? binary("===", atom, { kind: "null" }) : never;
  const nullable = isNullable(target);
  const { structure } = context.module;
  if (operandType !== undefined && isKnownBelow(structure, heapTypeOf(operandType), heap))
    return nullable || !mayBeNull ? always : not(isNull);
  const asked = (helper: HelperName): JsExpression => {
    const isOne = binary("!==", call(context.helper(helper), [atom], offset), number(0));
    return nullable && mayBeNull ? binary("||", isNull, isOne) : isOne;
  };
  if (isConcrete(heap)) {
    const mayBeOther = operandType === undefined || !hasType(heapTypeOf(operandType));
    const isOne = isOfDefined(context, atom, heap, { mayBeNull, mayBeOther });
    if (!mayBeNull) return isOne;
    // A type that was read where there is one tells null by itself.
    if (nullable) return binary("||", isNull, isOne);
    return isOne.kind === "binary" && isOne.operator === "&&" ? isOne : binary("&&", not(isNull), isOne);
  }
  switch (heap) {
    case any:
    case func:
    case extern:
      return nullable || !mayBeNull ? always : not(isNull);
    case none:
    case nofunc:
    case noextern:
      return nullable ? isNull : never;
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

/** Whether all references of a heap type but null have a type that knows those above it. */
function hasType(heap: HeapType): boolean {
  return isConcrete(heap) || heap === struct || heap === array || heap === func;
}

/** Whether the declarations of a module say that one type is below another. */
export function isKnownBelow(structure: ModuleStructure, actual: HeapType, target: HeapType): boolean {
  if (actual === target) return true;
  if (!isConcrete(actual)) return target === eq && (actual === i31 || actual === struct || actual === array);
  const typeIndex = typeIndexOf(actual);
  if (typeIndex === target) return true;
  const type = structure.subTypes[typeIndex];
  const supertype = type?.supertypes[0];
  if (supertype !== undefined) return isKnownBelow(structure, supertype as HeapType, target);
  if (type === undefined || isConcrete(target)) return false;
  return type.composite.kind === "func"
    ? target === func
    : target === eq || target === abstractHeapTypes[type.composite.kind];
}

/** How many types are declared above one. */
function depthOf({ subTypes }: ModuleStructure, typeIndex: number): number {
  let depth = 0;
  for (let at = subTypes[typeIndex]?.supertypes[0]; at !== undefined; at = subTypes[at]?.supertypes[0]) depth++;
  return depth;
}

/** The type of what a reference refers to: numbers have none, and null has none either. */
function actualType(value: JsExpression, mayBeNull: boolean): JsExpression {
  const actual = member(value, "type");
  return mayBeNull ? conditional(binary("===", value, { kind: "null" }), { kind: "undefined" }, actual) : actual;
}

/** From as many casts of a variable on, its object's type is read where the variable is assigned. */
const manyCasts = 2;

/** Casts of each variable that are met on one way through. */
function castsIn(body: readonly Statement[]): Map<number, number> {
  const casts = new Map<number, number>();
  const add = (variable: number, count: number): void => {
    casts.set(variable, (casts.get(variable) ?? 0) + count);
  };
  const visit = (expression: Expression): void => {
    const [reference] = expression.operands;
    if (reference?.kind === "get" && isCastToDefined(expression)) add(reference.variable, 1);
    expression.operands.forEach(visit);
  };
  for (const statement of body) {
    expressionsOf(statement).forEach(visit);
    // Of two arms one is taken.
    const most = new Map<number, number>();
    for (const inner of bodiesOf(statement))
      for (const [variable, count] of castsIn(inner)) most.set(variable, Math.max(count, most.get(variable) ?? 0));
    for (const [variable, count] of most) add(variable, count);
  }
  return casts;
}

/** Names the types of variables that are cast again and again; gives their declarations. */
export function nameTypes(state: Lowering): readonly JsDeclarator[] {
  const { func, analysis } = state;
  const declarators: JsDeclarator[] = [];
  if (!analysis.usesCasts) return declarators;
  for (const [variable, casts] of castsIn(func.body)) {
    // Temporaries share names.
    if (casts < manyCasts || variable >= func.localCount) continue;
    const reference = state.variable(variable);
    const name = state.unique(`${reference.name}$type`);
    state.typeNames.set(reference.name, { kind: "name", name });
    const isParameter = variable < func.type.params.length;
    const value: JsExpression = isParameter
      ? actualType(reference, isNullable(state.typeOf(variable)))
      : { kind: "undefined" };
    declarators.push({ name, value });
  }
  return declarators;
}

/** Notes the type of what a variable was just made to refer to, if that has a name. */
export function noteType(state: Lowering, variable: number, reference: JsName): void {
  const name = state.typeNames.get(reference.name);
  if (name !== undefined) state.emit(assign(name, actualType(reference, isNullable(state.typeOf(variable)))));
}

function isOfDefined(
  context: ObjectContext,
  value: JsExpression,
  heap: HeapType,
  { mayBeNull, mayBeOther }: { readonly mayBeNull: boolean; readonly mayBeOther: boolean },
): JsExpression {
  const { structure } = context.module;
  const typeIndex = typeIndexOf(heap);
  const type = context.entity("type", typeIndex);
  const known = value.kind === "name" ? context.typeNames.get(value.name) : undefined;
  const actual = known ?? member(value, "type");
  if (isExact(heap) || (structure.subTypes[typeIndex]?.final ?? true)) return binary("===", actual, type);
  const depth = depthOf(structure, typeIndex);
  const name = supertypeNames[depth];
  const isBelow = (of: JsExpression): JsExpression =>
    binary("===", name === undefined ? index(member(of, "display"), number(depth)) : member(of, name), type);
  if (!mayBeOther && (known === undefined || !mayBeNull)) return isBelow(actual);
  const found = known ?? context.temporary(actualType(value, mayBeNull));
  return binary("&&", binary("!==", found, { kind: "undefined" }), isBelow(found));
}

/**
 * Whether a reference has that descriptor, which says that it is one of `target`. What has none, an i31 for example, has
 * `undefined` in its place.
 */
export function testOfDescriptor(
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
