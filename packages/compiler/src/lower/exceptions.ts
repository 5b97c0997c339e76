// Lowers exceptions. A guest's exception is a record of its tag and of what it carries, in words; JavaScript's own `throw` and
// `try` do the rest, with a helper that tells what a guest may catch:
//
//   try {
//     f.code();
//   } catch (error) {
//     const caught = caught(error);          // throws traps again
//     if (caught.tag === tag0) x = caught.words[1];
//     else throw throw_ref(caught);
//   }
import type { ExceptionIs, ExceptionValue, Throw, ThrowRef, Try } from "@anywasm/ir";
import { i64, type ModuleStructure, tagType, wordsBefore } from "@anywasm/isa";
import { array, binary, call, index, member, name, number } from "../js/build.ts";
import type { JsExpression } from "../js/nodes.ts";
import { flatten, lowerNumber, lowerOperands } from "./operands.ts";
import type { Lowered, Lowering } from "./state.ts";

/** Where a value begins among the words of an exception, the first of which is none: see the calling convention. */
export function wordPosition(structure: ModuleStructure, tag: number, position: number): number {
  return 1 + wordsBefore(tagType(structure, tag).params, position);
}

export function lowerExceptionIs(state: Lowering, { tag, operands }: ExceptionIs): JsExpression {
  return binary("===", member(caughtOf(state, operands), "tag"), state.entity("tag", tag));
}

export function lowerExceptionValue(state: Lowering, { tag, position, word, operands, type }: ExceptionValue): Lowered {
  const words = member(caughtOf(state, operands), "words");
  const first = wordPosition(state.module.structure, tag, position) + word;
  if (type !== i64) return index(words, number(first));
  return { lo: state.temporary(index(words, number(first))), hi: state.temporary(index(words, number(first + 1))) };
}

function caughtOf(state: Lowering, [caught]: ExceptionIs["operands"]): JsExpression {
  if (caught === undefined) throw new TypeError("expected a caught exception");
  return lowerNumber(state, caught);
}

export function lowerThrow(state: Lowering, { tag, values, offset }: Throw): void {
  const words = array([{ kind: "null" }, ...flatten(lowerOperands(state, values))]);
  state.emit({ kind: "throw", value: call(state.helper("exception"), [state.entity("tag", tag), words], offset) });
}

export function lowerThrowRef(state: Lowering, { value, offset }: ThrowRef): void {
  state.emit({ kind: "throw", value: call(state.helper("throw_ref"), [lowerNumber(state, value)], offset) });
}

export function lowerTry(state: Lowering, { exception, results, body, handler }: Try): void {
  state.declareResults(results);
  const tried = state.nestedBody(body);
  const parameter = state.unique("error");
  const handled = state.nested(() => {
    state.setVariable(exception, call(state.helper("caught"), [name(parameter)]));
    state.lowerBody(handler);
  });
  state.emit({ kind: "try", body: tried, parameter, handler: handled });
}
