// Chooses what variables of vectors are kept as: words, or the lanes of floats that they are made of and used as. All
// are right; what differs is how often one form has to be made of another. Variables that are copied to each other are
// kept alike.
import { bodiesOf, type Expression, expressionsOf, type Func, type Statement } from "@anywasm/ir";
import { f32, f64, i32, type ValType, v128 } from "@anywasm/isa";
import { wholeLanes } from "./immediate.ts";
import { operandShape, resultShape } from "./lanes.ts";

/** What a use in a loop counts more than one before it. */
const loopWeight = 8;
const maxWeight = loopWeight ** 4;

const shapes = [i32, f32, f64] as const;

/** The shape of each variable that is a vector. */
export function shapesOf(func: Func): readonly ValType[] {
  return func.variables.includes(v128) ? new Votes(func).result() : [];
}

class Votes {
  private readonly func: Func;
  /** Variables that are kept alike form trees; one that points to itself stands for all that lead to it. */
  private readonly parents: Int32Array;
  /** For each variable, how much speaks for each shape. */
  private readonly votes: Float64Array;
  private weight = 1;

  constructor(func: Func) {
    this.func = func;
    this.parents = Int32Array.from(func.variables, (_, variable) => variable);
    this.votes = new Float64Array(func.variables.length * shapes.length);
    // Parameters come as words.
    func.type.params.forEach((type, variable) => {
      if (type === v128) this.vote(variable, i32);
    });
    this.walk();
  }

  result(): readonly ValType[] {
    const count = shapes.length;
    const sums = new Float64Array(this.votes.length);
    this.votes.forEach((votes, i) => {
      const sum = this.find(Math.floor(i / count)) * count + (i % count);
      sums[sum] = (sums[sum] as number) + votes;
    });
    return this.func.variables.map((_, variable) => {
      const [words = 0, singles = 0, doubles = 0] = sums.subarray(this.find(variable) * count);
      if (singles > words && singles >= doubles) return f32;
      return doubles > words ? f64 : i32;
    });
  }

  private find(variable: number): number {
    let root = variable;
    while (this.parents[root] !== root) root = this.parents[root] as number;
    // Paths are halved, so that they stay short.
    for (let each = variable; each !== root; ) {
      const next = this.parents[each] as number;
      this.parents[each] = root;
      each = next;
    }
    return root;
  }

  private vote(variable: number, shape: ValType): void {
    // Integers of 64 bits are made of words.
    const index = variable * shapes.length + Math.max(0, shapes.indexOf(shape as (typeof shapes)[number]));
    this.votes[index] = (this.votes[index] as number) + this.weight;
  }

  /** A module chooses how deep statements nest, so this keeps its own stack. */
  private walk(): void {
    const waiting: (readonly [list: readonly Statement[], weight: number])[] = [[this.func.body, 1]];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [list, weight] = next;
      for (const statement of list) {
        this.weight = weight;
        this.statement(statement);
        const inner = statement.kind === "loop" ? Math.min(weight * loopWeight, maxWeight) : weight;
        for (const body of bodiesOf(statement)) waiting.push([body, inner]);
      }
    }
  }

  private statement(statement: Statement): void {
    if (statement.kind === "set" && statement.value.type === v128) {
      this.use(statement.value, { variable: statement.variable });
      return;
    }
    // What is returned or passed on goes as words.
    for (const expression of expressionsOf(statement)) this.use(expression, { shape: i32 });
    if (statement.kind === "set_many")
      for (const variable of statement.variables) if (this.func.variables[variable] === v128) this.vote(variable, i32);
  }

  /** An expression where a shape is wanted, or whatever a variable will be, or any. */
  private use(node: Expression, wanted: Wanted): void {
    if (node.type === v128) {
      if (node.kind === "get") {
        this.wants(node.variable, wanted);
        return;
      }
      const made = resultShape(node);
      if (made !== undefined && wanted.variable !== undefined) this.vote(wanted.variable, made);
    }
    const inner = this.wantedInside(node, wanted);
    for (const operand of node.operands) this.use(operand, inner);
  }

  private wants(variable: number, { shape, variable: other }: Wanted): void {
    if (shape !== undefined) this.vote(variable, shape);
    if (other !== undefined) this.parents[this.find(other)] = this.find(variable);
  }

  private wantedInside(node: Expression, wanted: Wanted): Wanted {
    switch (node.kind) {
      case "operation": {
        const { name } = node.instruction;
        if (node.type === v128 && passesOn(name)) return wanted;
        return { shape: operandShape(name) ?? i32 };
      }
      case "vector": {
        const { name } = node.instruction;
        if (name === "i8x16.shuffle") return wholeLanes(node.immediates, 4) === undefined ? { shape: i32 } : wanted;
        if (node.type === v128) return resultShape(node) === undefined ? wanted : { shape: resultShape(node) };
        return { shape: node.type };
      }
      case "access":
        // Any shape can be stored.
        return {};
      default:
        return { shape: i32 };
    }
  }
}

interface Wanted {
  readonly shape?: ValType | undefined;
  readonly variable?: number | undefined;
}

/** Whether an instruction gives lanes of its operands as they are, but for their signs. */
function passesOn(name: string): boolean {
  return /^select|^f.*\.(abs|neg)$/.test(name);
}
