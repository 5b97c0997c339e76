// Lowers 64-bit divisions on BigInts.
//
// V8 divides BigInts by the machine's instruction only while all operands it has seen are below 2^63; one that is not makes
// every division of that place a call. So what does not fit goes to the helper that divides words, as does what traps.
import type { Operation } from "@anywasm/ir";
import { binary, call, index, number } from "../js/build.ts";
import type { JsExpression, JsStatement } from "../js/nodes.ts";
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
  const a = slots.spill(state, dividendValue);
  const b: Pair =
    divisor.kind === "bigint" ? { lo: number(divisor.lo), hi: number(divisor.hi) } : slots.spill(state, divisorValue);
  const result = slots.takeSlot(state);
  const isSigned = instruction.name.endsWith("_s");
  const operator = instruction.name.startsWith("i64.div") ? "/" : "%";
  const signed = (value: JsExpression): JsExpression => call(state.helper("asIntN"), [number(64), value]);
  const quotient = wrapped(state, binary(operator, signed(dividendValue), signed(divisorValue)));
  const byMachine: JsStatement = { kind: "assign", target: result.value, value: quotient };
  const byWords: JsStatement[] = [
    {
      kind: "assign",
      target: result.lo,
      value: call(state.helper(helperOf(instruction)), [a.lo, a.hi, b.lo, b.hi], offset),
    },
    { kind: "assign", target: result.hi, value: index(state.helper("high"), number(0)) },
  ];
  const tests = [...(isSigned ? signedTests(b) : unsignedTests(a, b))];
  const condition = tests.reduce<JsExpression | undefined>(
    (all, test) => (all === undefined ? test : binary("&&", all, test)),
    undefined,
  );
  state.emit(condition === undefined ? byMachine : { kind: "if", condition, then: [byMachine], otherwise: byWords });
  return state.temporary(result.value);
}

const zero = number(0);

/** What must hold for a signed division to be the machine's: the divisor is neither 0 nor -1. */
function* signedTests({ lo, hi }: Pair): Iterable<JsExpression> {
  if (lo.kind === "number" && hi.kind === "number" && (lo.value | hi.value) !== 0 && (lo.value & hi.value) !== -1)
    return;
  yield binary("!==", binary("|", lo, hi), zero);
  yield binary("!==", binary("&", lo, hi), number(-1));
}

/** The same of an unsigned one: both are below 2^63, the divisor is not 0. */
function* unsignedTests(a: Pair, b: Pair): Iterable<JsExpression> {
  const isKnown = b.lo.kind === "number" && b.hi.kind === "number";
  const signs = isKnown && b.hi.kind === "number" && b.hi.value >= 0 ? a.hi : binary("|", a.hi, b.hi);
  yield binary(">=", signs, zero);
  if (!isKnown || (b.lo.kind === "number" && b.hi.kind === "number" && (b.lo.value | b.hi.value) === 0))
    yield binary("!==", binary("|", b.lo, b.hi), zero);
}
