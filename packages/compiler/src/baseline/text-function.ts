// A function's JavaScript straight from its instructions.
import { FunctionBuilder, type FunctionEvents } from "@anywasm/ir";
import { type FuncType, functionBody, type ValType, v128 } from "@anywasm/isa";
import type { CompiledFunction } from "../compiled.ts";
import { sanitize } from "../js/names.ts";
import type { Position } from "../js/print.ts";
import type { ModuleContext } from "../module-context.ts";
import { BeyondText } from "./beyond-text.ts";
import { TextFactory } from "./text-factory.ts";
import { offsetMark } from "./text-names.ts";
import { TextState } from "./text-state.ts";
import { depthOf, printed, type TextStatement } from "./text-statement.ts";
import type { TextValue } from "./text-value.ts";

/** Statements nested deeper are left to the lowering of trees, which knows how to make towers of blocks flat. */
const maxDepth = 256;

/** Bytes of the body of a function that passes do nothing for, if it has no loops and no calls: twenty instructions at most. */
const maxSimpleLength = 32;

/** Told a function's instructions, makes its JavaScript. */
export class TextFunction {
  readonly events: FunctionEvents;
  private readonly index: number;
  private readonly withPositions: boolean;
  private readonly state: TextState;
  private readonly builder: FunctionBuilder<TextValue, TextStatement>;
  private readonly name: string;

  constructor(
    index: number,
    type: FuncType,
    locals: readonly ValType[],
    module: ModuleContext,
    functionName: (index: number) => string | undefined,
    withPositions: boolean,
  ) {
    // It is several variables, even if nobody reads it.
    if (locals.includes(v128)) throw new BeyondText();
    const variables = [...locals];
    this.index = index;
    this.withPositions = withPositions;
    this.state = new TextState(
      { index, parameterCount: type.params.length, localCount: locals.length, variables },
      module,
      functionName,
      withPositions,
    );
    this.name = this.state.unique(sanitize(functionName(index), `func${index}`));
    this.builder = new FunctionBuilder(type, variables, new TextFactory(this.state));
    this.events = this.builder;
  }

  /** @throws BeyondText for a function whose statements nest too deep. */
  finish(): CompiledFunction {
    const { state, builder } = this;
    const body = builder.statements;
    if (depthOf(body) > maxDepth) throw new BeyondText();
    const counting = state.module.countsCalls && !this.isSimple() ? [state.startingText()] : [];
    const lines = [...state.declarations(), ...counting, ...body];
    const text = `function ${this.name}(${state.parameterNames().join(", ")}) {${printed(lines, "\n  ")}\n}`;
    return {
      functionIndex: this.index,
      ...(this.withPositions ? withoutMarks(text) : { source: text, positions: [] }),
      parts: [],
      bindings: [...state.bindings.values()],
      slotCount: 0,
      tailCalls: state.tailCalls,
    };
  }

  /** Whether better code would be much the same: it need not be asked for. */
  private isSimple(): boolean {
    const { state, index } = this;
    const body = functionBody(state.module.structure, index);
    if (body === undefined || body.end - body.start > maxSimpleLength) return false;
    // A loop has counted already, and a callee could be inlined.
    return ![...state.bindings.values()].some(
      ({ binding: { kind } }) => kind === "self" || kind === "function" || kind === "table",
    );
  }
}

/** The text without marks, and where those were. */
function withoutMarks(marked: string): { readonly source: string; readonly positions: readonly Position[] } {
  const positions: Position[] = [];
  const source = marked
    .split("\n")
    .map((line, i) => {
      let removed = 0;
      return line.replace(offsetMark, (mark, digits: string, at: number) => {
        positions.push({ line: i + 1, column: at - removed + 1, offset: Number(digits) });
        removed += mark.length;
        return "";
      });
    })
    .join("\n");
  return { source, positions };
}
