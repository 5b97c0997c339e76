// Leaves out casts of what is known to be of their type, and questions for null of what is known to be none: because of an
// earlier cast of the same variable, or because of the type of what it holds, which inlining makes known.
import {
  constant,
  type Expression,
  type Func,
  get,
  mapBodies,
  mapList,
  mapOwnExpressions,
  type Statement,
  variablesSet,
  visitStatements,
  withOperands,
} from "@anywasm/ir";
import {
  heapTypeOf,
  type Instruction,
  i32,
  isNullable,
  isRefType,
  type ModuleStructure,
  refType,
  type ValType,
} from "@anywasm/isa";
import { isKnownBelow } from "../lower/casts.ts";
import type { Pass } from "./pass.ts";

export const casts: Pass = (func, { structure }) => {
  if (!func.variables.some((type) => isRefType(type))) return func;
  const body = new Casts(func, structure).body(func.body, new Map());
  return body === func.body ? func : { ...func, body };
};

/** Types of what variables hold, where more is known than the variable's own. */
type Facts = Map<number, ValType>;

class Casts {
  private readonly func: Func;
  private readonly structure: ModuleStructure;

  constructor(func: Func, structure: ModuleStructure) {
    this.func = func;
    this.structure = structure;
  }

  body(statements: readonly Statement[], facts: Facts): readonly Statement[] {
    return mapList(statements, (statement) => this.statement(statement, facts));
  }

  private statement(statement: Statement, facts: Facts): Statement {
    // A loop's own assignments come before its start as well.
    if (statement.kind === "loop") forget(facts, statement);
    const made = mapOwnExpressions(statement, (expression) => this.expression(expression, facts));
    const inner = mapBodies(made, (body) => {
      const ownFacts = new Map(facts);
      if (made.kind === "try" && body === made.handler) forget(ownFacts, made);
      if (made.kind === "if" && body === made.then) this.learn(made.condition, ownFacts);
      return this.body(body, ownFacts);
    });
    forget(facts, inner);
    if (inner.kind === "set") {
      const { variable, value } = inner;
      const own = this.func.variables[variable] as ValType;
      if (value.type !== undefined && isRefType(value.type) && value.type !== own) facts.set(variable, value.type);
    }
    return inner;
  }

  /** What is known behind a test that was passed. */
  private learn(condition: Expression, facts: Facts): void {
    if (condition.kind !== "object" || !isTest(condition.instruction)) return;
    this.note(condition.operands[0], condition.typeIndex as ValType, facts);
  }

  private note(reference: Expression | undefined, type: ValType, facts: Facts): void {
    if (reference?.kind === "get" && !this.isBelow(reference.type, type)) facts.set(reference.variable, type);
  }

  private expression(expression: Expression, facts: Facts): Expression {
    if (expression.kind === "get") {
      const known = facts.get(expression.variable);
      return known === undefined || known === expression.type || !this.isBelow(known, expression.type)
        ? expression
        : get(expression.variable, known, expression.offset);
    }
    const operands = mapList(expression.operands, (operand) => this.expression(operand, facts));
    const made = operands === expression.operands ? expression : withOperands(expression, operands);
    const [reference] = operands;
    if (reference?.type === undefined) return made;
    if (made.kind === "operation" && made.instruction.name === "ref.as_non_null") {
      if (!isNullable(reference.type)) return reference;
      this.note(reference, refType(heapTypeOf(reference.type), false), facts);
      return made;
    }
    if (made.kind !== "object") return made;
    const target = made.typeIndex as ValType;
    const { name } = made.instruction;
    const isCast = name === "ref.cast" || name === "ref.cast null";
    if (isCast && this.isBelow(reference.type, target)) return reference;
    if (isCast) this.note(reference, target, facts);
    if (isTest(made.instruction) && reference.effects === 0 && this.isBelow(reference.type, target))
      return constant(i32, 1, 0, made.offset);
    return made;
  }

  private isBelow(actual: ValType, target: ValType): boolean {
    if (isNullable(actual) && !isNullable(target)) return false;
    return isKnownBelow(this.structure, heapTypeOf(actual), heapTypeOf(target));
  }
}

function isTest({ name }: Instruction): boolean {
  return name === "ref.test" || name === "ref.test null";
}

/** Variables that a statement assigns, anywhere in it, are what their types say. */
function forget(facts: Facts, statement: Statement): void {
  if (facts.size === 0) return;
  visitStatements([statement], (each) => {
    for (const variable of variablesSet(each)) facts.delete(variable);
  });
}
