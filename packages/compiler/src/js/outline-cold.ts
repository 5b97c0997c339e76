// Gathers cases of a `switch` that hardly ever run into a few cases with a `switch` of their own: what calls a part stands
// there once, and not for each of hundreds of rare instructions of an interpreter.

import { declare, name } from "./build.ts";
import type { JsCase, JsFunction, JsStatement } from "./nodes.ts";
import type { WeightOf } from "./outline-candidates.ts";
import { leaves, mapLists, sizeOfList } from "./walk.ts";

/** Of what a `switch` does, the share that a case may have and still be rare. */
const rareShare = 1 / 2000;

export interface Gathered {
  readonly body: readonly JsStatement[];
  readonly weightOf: WeightOf;
}

/** @param maxSize of a gathered case, in nodes. */
export function gatherColdCases(
  { body }: JsFunction,
  maxSize: number,
  context: { readonly weightOf: WeightOf; readonly unique: (wanted: string) => string },
): Gathered {
  const weights = new Map<JsStatement | readonly JsStatement[], number>();
  const known: WeightOf = (node) => weights.get(node) ?? context.weightOf(node);
  const keep = <T extends JsStatement | readonly JsStatement[]>(made: T, original: T): T => {
    const weight = context.weightOf(original);
    if (weight !== undefined && made !== original) weights.set(made, weight);
    return made;
  };
  const visitList = (list: readonly JsStatement[]): readonly JsStatement[] => keep(list.flatMap(visit), list);
  const visit = (statement: JsStatement): readonly JsStatement[] => {
    const mapped = keep(mapLists(statement, visitList), statement);
    return mapped.kind === "switch" ? gathered(mapped) : [mapped];
  };
  const gathered = (statement: JsStatement & { readonly kind: "switch" }): readonly JsStatement[] => {
    const { cases } = statement;
    let total = 0;
    for (const each of cases) total += known(each.body) ?? 0;
    const isRare = ({ tests, body }: JsCase, i: number): boolean =>
      (known(body) ?? total) < total * rareShare &&
      !tests.includes(undefined) &&
      leaves(body) &&
      (i === 0 || leaves((cases[i - 1] as JsCase).body));
    const rare = cases.filter(isRare);
    if (rare.length < 2) return [statement];
    const choice = name(context.unique("choice"));
    const groups: JsCase[] = [];
    for (let first = 0; first < rare.length; ) {
      let end = first;
      for (let size = 0; end < rare.length && size < maxSize; end++) size += sizeOfList((rare[end] as JsCase).body);
      const group = rare.slice(first, end);
      // Cases leave the outer `switch` by leaving the inner one.
      const body: JsStatement[] = [
        { kind: "switch", label: undefined, subject: choice, cases: group },
        { kind: "break", label: undefined },
      ];
      weights.set(
        body,
        group.reduce((sum, each) => sum + (known(each.body) ?? 0), 0),
      );
      groups.push({ tests: group.flatMap(({ tests }) => tests), body });
      first = end;
    }
    const gone = new Set(rare);
    const others = cases.filter((each) => !gone.has(each));
    const made = { ...statement, subject: choice, cases: [...others, ...groups] };
    return [declare("const", [{ name: choice.name, value: statement.subject }]), keep(made, statement)];
  };
  return { body: visitList(body), weightOf: known };
}
