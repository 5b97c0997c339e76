// Exceptions as text: the same JavaScript as that of lower/exceptions.ts.
import { i32, i64, type ValType } from "@anywasm/isa";
import { POSTFIX, precedence } from "../js/precedence.ts";
import { wordPosition } from "../lower/exceptions.ts";
import { type TextState, valueOf, wordsOf } from "./text-state.ts";
import { nested, type TextStatement } from "./text-statement.ts";
import { type TextValue, wordText } from "./text-value.ts";

export function exceptionIs(state: TextState, tag: number, caught: TextValue): TextValue {
  const text = `${wordText(caught, POSTFIX)}.tag === ${state.entity("tag", tag).name}`;
  const value = valueOf(i32, 0, [caught], text, precedence["==="]);
  value.isBoolean = true;
  return value;
}

export function exceptionValue(
  state: TextState,
  tag: number,
  position: number,
  type: ValType,
  caught: TextValue,
): TextValue {
  const words = `${wordText(caught, POSTFIX)}.words`;
  const first = wordPosition(state.module.structure, tag, position);
  const value = valueOf(type, 0, [caught], `${words}[${first}]`, POSTFIX);
  value.maySignal = true;
  if (type === i64) {
    value.high = `${words}[${first + 1}]`;
    value.highLevel = POSTFIX;
  }
  return value;
}

export function throwText(state: TextState, tag: number, values: readonly TextValue[], offset: number): TextStatement {
  const words = ["null", ...wordsOf(values)].join(", ");
  return `throw ${state.at(offset)}${state.helperName("exception")}(${state.entity("tag", tag).name}, [${words}]);`;
}

export function throwRefText(state: TextState, value: TextValue, offset: number): TextStatement {
  return `throw ${state.at(offset)}${state.helperName("throw_ref")}(${wordText(value)});`;
}

export function tryText(
  state: TextState,
  exception: number,
  body: readonly TextStatement[],
  handler: readonly TextStatement[],
): TextStatement {
  const error = state.unique("error");
  const caught = `${state.variable(exception)} = ${state.helperName("caught")}(${error});`;
  return nested(["try {", `} catch (${error}) {`], [body, [caught, ...handler]], "}");
}
