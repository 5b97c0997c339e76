// Computes in 32 bits what is computed in 64 but never needs more: operations whose high word is thrown away, values that
// are widened 32-bit ones, and variables that hold nothing else.
import {
  type Access,
  access,
  constant,
  type Expression,
  type Func,
  get,
  mapBodies,
  mapFuncExpressions,
  mapList,
  type Operation,
  operation,
  type Statement,
  visitStatements,
} from "@anywasm/ir";
import { type InstructionName, i32, i64, instruction, type ValType } from "@anywasm/isa";
import { foldExpression } from "./fold.ts";
import type { Pass } from "./pass.ts";
import { type Ranges, rangeOf, rangesOf } from "./ranges.ts";

export const narrow: Pass = (func) => {
  const known = rangesOf(func);
  return narrowVariables(
    mapFuncExpressions(func, (expression) => narrowExpression(expression, known)),
    known,
  );
};

function make(
  name: InstructionName,
  type: ValType | undefined,
  operands: readonly Expression[],
  offset: number,
): Expression {
  return foldExpression(operation(instruction(name), type, operands, offset));
}

function narrowExpression(expression: Expression, known: Ranges): Expression {
  if (expression.kind === "access") return narrowStore(expression);
  if (expression.kind !== "operation") return expression;
  return narrowOperation(foldExpression(expression), known);
}

function narrowOperation(expression: Expression, known: Ranges): Expression {
  if (expression.kind !== "operation") return expression;
  const { name } = expression.instruction;
  if (name === "i32.wrap_i64") return wrap(expression.operands[0] as Expression, expression.offset);
  if (name === "i32.sat_i64_u") return zeroExtended(expression.operands[0] as Expression) ?? expression;
  const signed = signedComparisons[name];
  const unsigned = unsignedComparisons[name] ?? signed;
  if (unsigned !== undefined) return narrowComparison(expression, unsigned, signed);
  return narrowArithmetic(expression, known);
}

/** Operations whose low word depends on the low words of their operands only. */
const lowWordOperations: Readonly<Partial<Record<string, InstructionName>>> = {
  "i64.add": "i32.add",
  "i64.sub": "i32.sub",
  "i64.mul": "i32.mul",
  "i64.and": "i32.and",
  "i64.or": "i32.or",
  "i64.xor": "i32.xor",
};

/** Loads of 64-bit integers from fewer bytes, and those that give the low word. */
const narrowLoads: Readonly<Partial<Record<string, InstructionName>>> = {
  "i64.load8_s": "i32.load8_s",
  "i64.load8_u": "i32.load8_u",
  "i64.load16_s": "i32.load16_s",
  "i64.load16_u": "i32.load16_u",
  "i64.load32_s": "i32.load",
  "i64.load32_u": "i32.load",
};

/** The low word of a 64-bit expression. */
function wrap(expression: Expression, offset: number): Expression {
  if (expression.kind === "constant") return constant(i32, expression.lo, 0, offset);
  if (expression.kind === "access") {
    const load = narrowLoads[expression.instruction.name];
    if (load !== undefined)
      return access(instruction(load), expression.memArg, i32, expression.operands, expression.offset);
  }
  if (expression.kind === "operation") {
    const { instruction: row, operands } = expression;
    const [first, second] = operands as readonly [Expression, Expression];
    if (isExtension(expression)) return first;
    if (row.name === "i64.extend32_s") return wrap(first, offset);
    const low = lowWordOperations[row.name];
    if (low !== undefined) return make(low, i32, [wrap(first, offset), wrap(second, offset)], expression.offset);
    if (row.name === "i64.shl" && second.kind === "constant" && (second.lo & 63) < 32)
      return make("i32.shl", i32, [wrap(first, offset), constant(i32, second.lo & 31, 0, offset)], expression.offset);
  }
  return operation(instruction("i32.wrap_i64"), i32, [expression], offset);
}

function isExtension(expression: Expression): boolean {
  if (expression.kind !== "operation") return false;
  const { name } = expression.instruction;
  return name === "i64.extend_i32_u" || name === "i64.extend_i32_s";
}

/** A 32-bit expression with the same low word, where the 64-bit one is known to be that, extended without sign. */
function zeroExtended(expression: Expression): Expression | undefined {
  if (expression.kind === "constant")
    return expression.hi === 0 ? constant(i32, expression.lo, 0, expression.offset) : undefined;
  if (expression.kind === "operation" && expression.instruction.name === "i64.extend_i32_u")
    return expression.operands[0];
  if (expression.kind === "access" && expression.instruction.access?.hi === "0")
    return wrap(expression, expression.offset);
  return undefined;
}

function signExtended(expression: Expression): Expression | undefined {
  if (expression.kind === "constant")
    return expression.hi === expression.lo >> 31 ? constant(i32, expression.lo, 0, expression.offset) : undefined;
  if (expression.kind === "operation" && expression.instruction.name === "i64.extend_i32_s")
    return expression.operands[0];
  return undefined;
}

/** By the comparison of zero-extended words that says the same. */
const unsignedComparisons: Readonly<Partial<Record<string, InstructionName>>> = {
  "i64.eq": "i32.eq",
  "i64.ne": "i32.ne",
  "i64.lt_u": "i32.lt_u",
  "i64.gt_u": "i32.gt_u",
  "i64.le_u": "i32.le_u",
  "i64.ge_u": "i32.ge_u",
  "i64.lt_s": "i32.lt_u",
  "i64.gt_s": "i32.gt_u",
  "i64.le_s": "i32.le_u",
  "i64.ge_s": "i32.ge_u",
};

/** By the comparison of sign-extended words that says the same. */
const signedComparisons: Readonly<Partial<Record<string, InstructionName>>> = {
  "i64.eq": "i32.eq",
  "i64.ne": "i32.ne",
  "i64.lt_s": "i32.lt_s",
  "i64.gt_s": "i32.gt_s",
  "i64.le_s": "i32.le_s",
  "i64.ge_s": "i32.ge_s",
};

function narrowComparison(
  expression: Operation,
  unsigned: InstructionName,
  signed: InstructionName | undefined,
): Expression {
  const [first, second] = expression.operands as readonly [Expression, Expression];
  for (const [known, name] of [
    [zeroExtended, unsigned],
    [signExtended, signed],
  ] as const) {
    const a = known(first);
    const b = known(second);
    if (a !== undefined && b !== undefined && name !== undefined) return make(name, i32, [a, b], expression.offset);
  }
  return expression;
}

function narrowArithmetic(expression: Operation, known: Ranges): Expression {
  const { instruction: row, operands, offset } = expression;
  const [first, second] = operands as readonly [Expression, Expression | undefined];
  const a = zeroExtended(first);
  if (row.name === "i64.eqz" && a !== undefined) return make("i32.eqz", i32, [a], offset);
  if (row.name === "f64.convert_i64_u" && a !== undefined)
    return make("f64.convert_i32_u", expression.type, [a], offset);
  if (second === undefined) return expression;
  const b = zeroExtended(second);
  const extended = (name: InstructionName, x: Expression, y: Expression): Expression =>
    operation(instruction("i64.extend_i32_u"), i64, [make(name, i32, [x, y], offset)], offset);
  // A mask below 2^32 leaves a word, whatever it is laid over.
  if (row.name === "i64.and") {
    if (b !== undefined) return extended("i32.and", wrap(first, offset), b);
    if (a !== undefined) return extended("i32.and", a, wrap(second, offset));
  }
  if (a === undefined || b === undefined) return expression;
  if (row.name === "i64.or") return extended("i32.or", a, b);
  if (row.name === "i64.xor") return extended("i32.xor", a, b);
  if (row.name === "i64.shr_u" && second.kind === "constant" && (second.lo & 63) < 32)
    return extended("i32.shr_u", a, constant(i32, second.lo & 31, 0, offset));
  const small = smallOperations[row.name];
  // Where nothing is negative, what does not leave 32 bits is the same in 64.
  const isSmall =
    small !== undefined &&
    !(row.name === "i64.shl" && !(second.kind === "constant" && (second.lo & 63) < 32)) &&
    [a, b, operation(instruction(small), i32, [a, b], offset)].every((each) => rangeOf(each, known).min >= 0);
  return isSmall ? extended(small, a, b) : expression;
}

const smallOperations: Readonly<Partial<Record<string, InstructionName>>> = {
  "i64.add": "i32.add",
  "i64.mul": "i32.mul",
  "i64.shl": "i32.shl",
};

const narrowStores: Readonly<Partial<Record<string, InstructionName>>> = {
  "i64.store8": "i32.store8",
  "i64.store16": "i32.store16",
  "i64.store32": "i32.store",
};

function narrowStore(expression: Access): Expression {
  const store = narrowStores[expression.instruction.name];
  if (store === undefined) return expression;
  const [address, value] = expression.operands as readonly [Expression, Expression];
  const operands = [address, wrap(value, value.offset)];
  return access(instruction(store), expression.memArg, undefined, operands, expression.offset);
}

/** Makes 32-bit variables of those that only ever hold zero-extended words. */
function narrowVariables(func: Func, known: Ranges): Func {
  const narrowable = narrowableVariables(func);
  if (narrowable.size === 0) return func;
  const variables = func.variables.map((type, variable) => (narrowable.has(variable) ? i32 : type));
  const change = (expression: Expression): Expression =>
    expression.kind === "get" && narrowable.has(expression.variable)
      ? operation(
          instruction("i64.extend_i32_u"),
          i64,
          [get(expression.variable, i32, expression.offset)],
          expression.offset,
        )
      : narrowExpression(expression, known);
  const { body } = mapFuncExpressions(func, change);
  const retyped = (statements: readonly Statement[]): readonly Statement[] =>
    mapList(statements, (statement) =>
      statement.kind === "set" && narrowable.has(statement.variable)
        ? { ...statement, value: wrap(statement.value, statement.value.offset) }
        : mapBodies(statement, retyped),
    );
  return { ...func, variables, body: retyped(body) };
}

/** Found by taking away, until nothing more goes, what is assigned something else. Zero, the first value, is a word. */
function narrowableVariables(func: Func): ReadonlySet<number> {
  const candidates = new Set<number>();
  func.variables.forEach((type, variable) => {
    if (type === i64 && variable >= func.type.params.length) candidates.add(variable);
  });
  const copies: (readonly [to: number, from: number])[] = [];
  visitStatements(func.body, (statement) => {
    if (statement.kind === "set_many") for (const variable of statement.variables) candidates.delete(variable);
    if (statement.kind !== "set" || !candidates.has(statement.variable)) return;
    const { value, variable } = statement;
    if (value.kind === "get") copies.push([variable, value.variable]);
    else if (zeroExtended(value) === undefined) candidates.delete(variable);
  });
  for (let changed = true; changed; ) {
    changed = false;
    for (const [to, from] of copies)
      if (candidates.has(to) && !candidates.has(from)) {
        candidates.delete(to);
        changed = true;
      }
  }
  return candidates;
}
