// Lowers 64-bit divisions on BigInts.
//
// V8 divides BigInts by the machine's instruction only while all operands it has seen are below 2^63; one that is not makes
// every division of that place a call. So what does not fit goes to the helper that divides words, as does what traps.
import type { Operation } from "@anywasm/ir";
import { assign, binary, call, ifElse, index, number } from "../js/build.ts";
import type { JsBigInt, JsExpression } from "../js/nodes.ts";
import { helperOf } from "./formula.ts";
import { wrapped } from "./int64.ts";
import type { Lowering, Pair } from "./state.ts";

const divisions: ReadonlySet<string> = new Set(["i64.div_s", "i64.div_u", "i64.rem_s", "i64.rem_u"]);

export function isDivision(name: string): boolean {
  return divisions.has(name);
}

export function divideWide(
  state: Lowering,
  { instruction, offset }: Operation,
  dividend: JsExpression,
  divisor: JsExpression,
): JsExpression {
  const slots = state.int64Slots;
  const dividendValue = state.atom(dividend);
  const divisorValue = state.atom(divisor);
  const known = divisor.kind === "bigint" ? divisor : undefined;
  const a = slots.spill(state, dividendValue);
  const b: Pair =
    known === undefined ? slots.spill(state, divisorValue) : { lo: number(known.lo), hi: number(known.hi) };
  const result = slots.takeSlot(state);
  const operator = instruction.name.startsWith("i64.div") ? "/" : "%";
  const signed = (value: JsExpression): JsExpression => call(state.helper("asIntN"), [number(64), value]);
  const byMachine = assign(result.value, wrapped(state, binary(operator, signed(dividendValue), signed(divisorValue))));
  const byWords = [
    assign(result.lo, call(state.helper(helperOf(instruction)), [a.lo, a.hi, b.lo, b.hi], offset)),
    assign(result.hi, index(state.helper("high"), number(0))),
  ];
  const [first, ...others] = instruction.name.endsWith("_s") ? signedTests(b, known) : unsignedTests(a, b, known);
  state.emit(
    first === undefined
      ? byMachine
      : ifElse(
          others.reduce((all, test) => binary("&&", all, test), first),
          [byMachine],
          byWords,
        ),
  );
  return state.temporary(result.value);
}

const zero = number(0);

/** What must hold for a signed division to be the machine's: the divisor is neither 0 nor -1. */
function signedTests({ lo, hi }: Pair, known: JsBigInt | undefined): readonly JsExpression[] {
  if (known !== undefined && (known.lo | known.hi) !== 0 && (known.lo & known.hi) !== -1) return [];
  return [binary("!==", binary("|", lo, hi), zero), binary("!==", binary("&", lo, hi), number(-1))];
}

/** The same of an unsigned one: both are below 2^63, the divisor is not 0. */
function unsignedTests(a: Pair, b: Pair, known: JsBigInt | undefined): readonly JsExpression[] {
  const signs = known !== undefined && known.hi >= 0 ? a.hi : binary("|", a.hi, b.hi);
  const areBelow = binary(">=", signs, zero);
  if (known !== undefined && (known.lo | known.hi) !== 0) return [areBelow];
  return [areBelow, binary("!==", binary("|", b.lo, b.hi), zero)];
}
