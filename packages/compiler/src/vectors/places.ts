// Which variables a function has in place of those that are vectors.
import { type Func, visitExpressions } from "@anywasm/ir";
import { type FuncType, f32, i32, type ValType, v128 } from "@anywasm/isa";
import { shapesOf } from "./shapes.ts";

/** Whether some vector occurs in a function. */
export function hasVectors(func: Func): boolean {
  const { params, results } = func.type;
  let found = func.variables.includes(v128) || params.includes(v128) || results.includes(v128);
  if (!found)
    visitExpressions(func.body, ({ type }) => {
      if (type === v128) found = true;
    });
  return found;
}

/** A function's type with words for vectors: of a single result, the one that a call gives itself. */
export function scalarType(type: FuncType): FuncType {
  const { params, results } = type;
  if (!params.includes(v128) && !results.includes(v128)) return type;
  const flat = (types: readonly ValType[]): ValType[] =>
    types.flatMap((each) => (each === v128 ? [i32, i32, i32, i32] : [each]));
  return { ...type, params: flat(params), results: results.length === 1 ? flat(results).slice(0, 1) : flat(results) };
}

export class Places {
  /** Types of the new variables: parameters, locals, temporaries, as before. */
  readonly types: ValType[] = [];
  readonly localCount: number;
  /** The variables in which each parameter comes in: words. */
  readonly parameters: readonly (readonly number[])[];
  /** The new variables of each old one. */
  readonly all: readonly (readonly number[])[];
  private readonly shapes: readonly ValType[];

  constructor(func: Func) {
    const { types } = this;
    this.shapes = shapesOf(func);
    const add = (type: ValType, shape: ValType): readonly number[] => {
      if (type !== v128) return [types.push(type) - 1];
      const count = shape === i32 || shape === f32 ? 4 : 2;
      return Array.from({ length: count }, () => types.push(shape) - 1);
    };
    this.parameters = func.type.params.map((type) => add(type, i32));
    let localCount: number | undefined;
    this.all = func.variables.map((type, variable) => {
      if (variable === func.localCount) localCount = types.length;
      const parameter = this.parameters[variable];
      const shape = this.shapeOf(variable);
      return parameter !== undefined && (type !== v128 || shape === i32) ? parameter : add(type, shape);
    });
    this.localCount = localCount ?? types.length;
  }

  /** What a vector is kept as. */
  shapeOf(variable: number): ValType {
    return this.shapes[variable] ?? i32;
  }

  of(variable: number): readonly number[] {
    const place = this.all[variable];
    if (place === undefined) throw new RangeError(`no variable ${variable}`);
    return place;
  }
}
