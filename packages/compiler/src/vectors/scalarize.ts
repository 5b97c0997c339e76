// Takes vectors out of a function: each becomes four words, or lanes of numbers, and what computes with vectors computes
// with those. Behind this, no stage knows of vectors. Calls keep to the calling convention: the first word of a result is
// the call's, the others are in a register.
import {
  type Access,
  type AnyCall,
  assertNever,
  bodiesOf,
  call,
  callIndirect,
  callRef,
  constant,
  type Expression,
  entity,
  exceptionValue,
  type Func,
  get,
  mayRead,
  type Operation,
  object,
  type SetMany,
  type Statement,
  type VectorOperation,
  vectorWord,
  withOperands,
} from "@anywasm/ir";
import { Effect, effectsConflict, type FuncType, i32, type ValType, v128 } from "@anywasm/isa";
import { Code, chosen, type Vector } from "./code.ts";
import { converted, words } from "./convert.ts";
import { extractLane, replaceLane, shuffle, splat, test, vectorConstant } from "./immediate.ts";
import { isVector, type Operand, ofWords, operandShape, operate } from "./lanes.ts";
import { loadVector, storeVector } from "./memory.ts";
import { Places, scalarType } from "./places.ts";
import { rewritten } from "./relaxed.ts";

export interface Scalarized {
  readonly func: Func;
  /** The new variables of each old one. */
  readonly places: readonly (readonly number[])[];
}

export function scalarize(func: Func): Scalarized {
  return new Scalarizer(func).run();
}

/** A list of statements that is being rewritten. */
interface OpenList {
  readonly list: readonly Statement[];
  readonly out: Statement[];
  next: number;
  /** Of the statement that has been reached: what its bodies have become so far, and its condition. */
  bodies: (readonly Statement[])[];
  condition: Expression | undefined;
}

function opened(list: readonly Statement[]): OpenList {
  return { list, out: [], next: 0, bodies: [], condition: undefined };
}

class Scalarizer {
  private readonly func: Func;
  private readonly places: Places;
  private readonly code: Code;

  constructor(func: Func) {
    this.func = func;
    this.places = new Places(func);
    this.code = new Code(this.places.types);
  }

  run(): Scalarized {
    const { func, code, places } = this;
    // Parameters that are kept as lanes.
    places.parameters.forEach((parameter, variable) => {
      if (places.of(variable) !== parameter) this.assign(variable, ofWords(parameter.map((each) => get(each, i32, 0))));
    });
    const first = code.out;
    const body = [...first, ...this.body(func.body)];
    const { localCount, all } = places;
    return { func: { ...func, type: scalarType(func.type), variables: code.variables, localCount, body }, places: all };
  }

  // Statements

  /** A module chooses how deep statements nest, so this keeps its own stack. */
  private body(root: readonly Statement[]): readonly Statement[] {
    const open = [opened(root)];
    for (let top = open[0]; top !== undefined; top = open[open.length - 1]) {
      this.code.out = top.out;
      const statement = top.list[top.next];
      if (statement === undefined) {
        open.pop();
        const outer = open[open.length - 1];
        if (outer === undefined) return top.out;
        outer.bodies.push(top.out);
        continue;
      }
      const { bodies } = top;
      const inner = bodiesOf(statement)[bodies.length];
      if (inner !== undefined) {
        if (statement.kind === "if" && bodies.length === 0) top.condition = this.scalar(statement.condition);
        open.push(opened(inner));
        continue;
      }
      this.close(statement, top);
      top.next++;
      top.bodies = [];
    }
    return [];
  }

  private close(statement: Statement, { bodies, condition }: OpenList): void {
    const { code } = this;
    const [first = [], second = []] = bodies;
    switch (statement.kind) {
      case "block":
      case "loop":
        code.emit({ ...statement, results: this.placesOf(statement.results), body: first });
        return;
      case "if": {
        const results = this.placesOf(statement.results);
        code.emit({ ...statement, condition: condition as Expression, results, then: first, otherwise: second });
        return;
      }
      case "set":
        this.set(statement.variable, statement.value);
        return;
      case "set_many":
        this.setMany(statement.variables, this.scalar(statement.value) as SetMany["value"]);
        return;
      case "evaluate": {
        const { value } = statement;
        if (value.type === v128) {
          this.vector(value, i32);
          return;
        }
        const made = this.scalar(value);
        if (made.effects !== 0) code.evaluate(made);
        return;
      }
      case "br_table":
        code.emit({ ...statement, index: this.scalar(statement.index) });
        return;
      case "return":
        this.return(statement.values);
        return;
      case "return_call":
        code.emit({ ...statement, call: this.call(statement.call) });
        return;
      case "throw":
        code.emit({ ...statement, values: this.flat(this.operands(statement.values, i32)) });
        return;
      case "throw_ref":
        code.emit({ ...statement, value: this.scalar(statement.value) });
        return;
      case "try": {
        const [exception = 0] = this.placesOf([statement.exception]);
        const results = this.placesOf(statement.results);
        code.emit({ ...statement, exception, results, body: first, handler: second });
        return;
      }
      case "br":
      case "unreachable":
        code.emit(statement);
        return;
      default:
        assertNever(statement);
    }
  }

  private placesOf(variables: readonly number[]): readonly number[] {
    return variables.flatMap((variable) => this.places.of(variable));
  }

  private set(variable: number, value: Expression): void {
    if (value.type === v128) {
      this.assign(variable, this.vector(value, this.places.shapeOf(variable)));
      return;
    }
    const [place = 0] = this.places.of(variable);
    this.code.emit({ kind: "set", variable: place, value: this.scalar(value) });
  }

  private assign(variable: number, vector: Vector): void {
    const { code } = this;
    const targets = this.places.of(variable);
    let { parts } = converted(code, vector, this.places.shapeOf(variable));
    // All parts are computed from the variable's old value.
    const isInOrder = parts.every((part, i) => targets.slice(0, i).every((target) => !mayRead(part, target)));
    if (!isInOrder) parts = parts.map((part) => (part.kind === "constant" ? part : code.temporary(part)));
    parts.forEach((value, i) => {
      const target = targets[i] as number;
      if (value.kind !== "get" || value.variable !== target) code.emit({ kind: "set", variable: target, value });
    });
  }

  /** Several results are all words of one list. */
  private setMany(variables: readonly number[], value: SetMany["value"]): void {
    const { code, func } = this;
    const later: (() => void)[] = [];
    const targets = variables.flatMap((variable) => {
      if (func.variables[variable] !== v128 || this.places.shapeOf(variable) === i32) return this.places.of(variable);
      const made = [0, 1, 2, 3].map(() => code.variables.push(i32) - 1);
      later.push(() => this.assign(variable, ofWords(made.map((each) => get(each, i32, value.offset)))));
      return made;
    });
    code.emit({ kind: "set_many", variables: targets, value });
    for (const assign of later) assign();
  }

  private return(values: readonly Expression[]): void {
    const { code } = this;
    const made = this.flat(this.operands(values, i32));
    if (values.length === 1 && values[0]?.type === v128) {
      made.slice(1).forEach((word, i) => code.evaluate(vectorWord(i + 1, [word], word.offset)));
      code.emit({ kind: "return", values: made.slice(0, 1) });
    } else code.emit({ kind: "return", values: made });
  }

  // Expressions

  /** Operands in order. What an earlier one left to be evaluated goes before statements of a later one, if that can be told. */
  private operands(nodes: readonly Expression[], wanted: ValType): Operand[] {
    const { code } = this;
    const values: Operand[] = [];
    for (const node of nodes) {
      const mark = code.out.length;
      const value = node.type === v128 ? this.vector(node, wanted) : this.scalar(node);
      if (code.out.length > mark) this.settle(values, node.effects, mark);
      values.push(value);
    }
    return values;
  }

  private settle(values: Operand[], effects: number, mark: number): void {
    const { code } = this;
    const behind = code.out.splice(mark);
    values.forEach((value, i) => {
      if (!isVector(value) && effectsConflict(value.effects, effects)) values[i] = code.temporary(value);
    });
    for (const statement of behind) code.emit(statement);
  }

  /** The words of operands in the order of the calling convention. */
  private flat(operands: readonly Operand[]): Expression[] {
    const { code } = this;
    return operands.flatMap((operand) => (isVector(operand) ? words(code, operand) : [operand]));
  }

  /** An expression that gives a number, a reference or nothing. */
  private scalar(node: Expression): Expression {
    switch (node.kind) {
      case "constant":
      case "element_is":
        return node;
      case "get": {
        const [place = 0] = this.places.of(node.variable);
        return get(place, node.type, node.offset);
      }
      case "call":
      case "call_indirect":
      case "call_ref":
        return this.call(node);
      default:
    }
    const wanted = node.kind === "vector" ? (node.type ?? i32) : i32;
    const values = this.operands(node.operands, wanted);
    const [first, second] = values;
    const { code } = this;
    if (node.kind === "vector")
      return extractLane(code, node.instruction.name, node.immediates[0] ?? 0, first as Vector);
    if (node.kind === "access" && second !== undefined && isVector(second)) return this.store(node, first, second);
    if (node.kind === "operation" && first !== undefined && isVector(first))
      return test(code, node.instruction.name, first);
    return withOperands(node, this.flat(values));
  }

  private store(node: Access, address: Operand | undefined, vector: Vector): Expression {
    storeVector(this.code, node, address as Expression, vector);
    // Everything has been done.
    return constant(i32, 0, 0, node.offset);
  }

  private call<C extends AnyCall>(node: C): C {
    const operands = this.flat(this.operands(node.operands, i32));
    return callOf(node, scalarType(node.functionType), operands) as C;
  }

  /** @param wanted what the vector will be used as; any shape will do. */
  private vector(node: Expression, wanted: ValType): Vector {
    const { code } = this;
    switch (node.kind) {
      case "get": {
        const shape = this.places.shapeOf(node.variable);
        return { shape, parts: this.places.of(node.variable).map((each) => get(each, shape, node.offset)) };
      }
      case "call":
      case "call_indirect":
      case "call_ref":
        return this.given(this.call(node));
      case "entity":
        // What gives the first word puts the others into the register.
        return this.given({
          ...entity(node.instruction, node.index, i32, [], node.offset),
          effects: Effect.readsGlobal | Effect.writesGlobal,
        });
      case "object": {
        // The other words go into the register, here too; and the row says so, as passes make such nodes anew.
        const { instruction, typeIndex, index, offset } = node;
        const row = { ...instruction, effects: instruction.effects | Effect.readsGlobal | Effect.writesGlobal };
        return this.given(object(row, typeIndex, index, i32, this.flat(this.operands(node.operands, i32)), offset));
      }
      case "exception_value": {
        const caught = this.scalar(node.operands[0] as Expression);
        return ofWords([0, 1, 2, 3].map((word) => exceptionValue(node.tag, node.position, i32, caught, word)));
      }
      case "vector":
        return this.immediate(node, wanted);
      case "access": {
        const [address, old] = this.pureOperands(node, i32);
        return loadVector(code, node, address as Expression, old as Vector | undefined, wanted);
      }
      case "operation":
        return this.operation(node, wanted);
      default:
        throw new TypeError(`${node.kind} gives no vector`);
    }
  }

  /** Operands without effects. */
  private pureOperands(node: Expression, wanted: ValType): readonly Operand[] {
    const values = this.operands(node.operands, wanted);
    return values.map((value) => (isVector(value) || value.effects === 0 ? value : this.code.temporary(value)));
  }

  /** The vector whose first word an expression gives. */
  private given(first: Expression): Vector {
    const { code } = this;
    const parts = [code.temporary(first)];
    for (let i = 1; i < 4; i++) parts.push(code.temporary(vectorWord(i, [], first.offset)));
    return ofWords(parts);
  }

  private immediate(node: VectorOperation, wanted: ValType): Vector {
    const { code } = this;
    const { name } = node.instruction;
    const [first, second] = this.pureOperands(node, wanted);
    if (first === undefined || second === undefined) return vectorConstant(node);
    if (isVector(second)) return shuffle(code, node.immediates, first as Vector, second);
    return replaceLane(code, name, node.immediates[0] ?? 0, first as Vector, second);
  }

  private operation(node: Operation, wanted: ValType): Vector {
    const { code } = this;
    const simpler = rewritten(node);
    if (simpler !== node) return this.vector(simpler, wanted);
    const { name } = node.instruction;
    const operands = this.pureOperands(node, operandShape(name) ?? wanted);
    const [first, second, third] = operands;
    if (name.startsWith("select")) return select(code, first as Vector, second as Vector, third as Expression, wanted);
    if (name.endsWith(".splat")) return splat(code, name, first as Expression);
    return operate(code, name, operands);
  }
}

function select(code: Code, first: Vector, second: Vector, condition: Expression, wanted: ValType): Vector {
  const test = code.atom(condition);
  const shape = first.shape === second.shape ? first.shape : wanted;
  const others = converted(code, second, shape).parts;
  const parts = converted(code, first, shape).parts.map((part, i) => chosen(test, part, others[i] as Expression));
  return { shape, parts };
}

function callOf(node: AnyCall, type: FuncType, operands: readonly Expression[]): AnyCall {
  switch (node.kind) {
    case "call":
      return call(node.functionIndex, type, operands, node.offset);
    case "call_indirect":
      return callIndirect(node.typeIndex, node.tableIndex, type, operands, node.offset);
    case "call_ref":
      return callRef(node.typeIndex, type, operands, node.offset);
  }
}
