// Which statements of a function could become a function of their own.
import { likelyArm, unlikelyArm } from "../hints.ts";
import type { JsStatement } from "./nodes.ts";
import { leaves, mapLists, ownSize } from "./walk.ts";

export interface Candidate {
  readonly list: readonly JsStatement[];
  /** Lists are numbered from 0, inner ones before outer ones. */
  readonly number: number;
  /** Those from this one on are inside. */
  readonly firstInside: number;
  /** In nodes. */
  readonly size: number;
  /** How often it runs; a guess where that is not known. */
  readonly weight: number;
  /** Whether the module says that it hardly ever runs. */
  readonly isUnlikely: boolean;
}

/** How often a body runs, or what stands behind a statement; `undefined` where that is not known. */
export type WeightOf = (node: JsStatement | readonly JsStatement[]) => number | undefined;

export interface Candidates {
  /** The body, with lists for what stands behind large statements: see `Rest`. */
  readonly body: readonly JsStatement[];
  readonly size: number;
  readonly found: readonly Candidate[];
}

/**
 * What stands behind a large statement in a list: nested blocks around a `br_table` have their code there. Only what
 * follows in the list can name what is declared there.
 */
interface Rest {
  readonly kind: "block";
  readonly label: undefined;
  readonly body: readonly JsStatement[];
  readonly isRest: true;
}

export function isRest(statement: JsStatement | Rest): statement is Rest {
  return "isRest" in statement;
}

/**
 * Bodies of blocks, arms and cases, and what stands behind large statements: what is worth a call, and has no more than
 * `maxSize` nodes, which also bounds how deep rests are nested in each other. Not what stands in the body of a `try`: what a
 * part has assigned comes back when it returns, and its handler would not see it.
 */
export function candidatesIn(body: readonly JsStatement[], maxSize: number, weightOf: WeightOf): Candidates {
  const least = Math.max(4, maxSize >> 9);
  const isWorthIt = (size: number): boolean => size >= least && size <= maxSize;
  const found: Candidate[] = [];
  let count = 0;
  /**
   * `hasCondition`: something is evaluated behind the list, which may read what statements at its end assign. `isTried`: a handler
   * sees what the list assigns.
   */
  const visit = (
    list: readonly JsStatement[],
    weight: number,
    isBody: boolean,
    hasCondition: boolean,
    isTried: boolean,
    isUnlikely: boolean,
  ): Omit<Candidates, "found"> => {
    const firstInside = count;
    const turn = list.findIndex(mostlyLeaves);
    let made: JsStatement[] = [];
    let size = 0;
    // From the end: what stands behind a statement is known then.
    for (let i = list.length - 1; i >= 0; i--) {
      const statement = list[i] as JsStatement;
      const isLoop = statement.kind === "loop" || statement.kind === "while" || statement.kind === "do";
      const number = count++;
      const isBehind = isUnlikely || (turn >= 0 && i > turn);
      let below = 0;
      const mapped = mapLists(statement, (each) => {
        const inner = visit(
          each,
          weightOf(each) ?? weight * shareOf(statement, each),
          !isLoop,
          statement.kind === "do",
          isTried || (statement.kind === "try" && each === statement.body),
          isBehind || isUnlikelyArm(statement, each),
        );
        below += inner.size;
        return inner.body;
      });
      const isTurn = i === turn && !isUnlikely;
      if ((below >= least || isTurn) && isWorthIt(size) && !hasCondition && !isTried) {
        const rest: Rest = { kind: "block", label: undefined, body: made.reverse(), isRest: true };
        const restWeight = (weightOf(statement) ?? weight) * (isTurn ? rareShare : 1);
        const isRare = isBehind || isTurn;
        found.push({ list: rest.body, number, firstInside, size, weight: restWeight, isUnlikely: isRare });
        made = [rest];
      }
      made.push(mapped);
      size += below + ownSize(statement);
    }
    made.reverse();
    if (isBody && isWorthIt(size) && !isTried)
      found.push({ list: made, number: count++, firstInside, size, weight, isUnlikely });
    return { body: made, size };
  };
  return { ...visit(body, weightOf(body) ?? 0, false, false, false, false), found };
}

/** How often bodies run when the statement does, if nothing is known of them. */
const shares: Readonly<Partial<Record<JsStatement["kind"], number>>> = { if: 0.5, switch: 0.1 };

/** Of what the module says is unlikely. */
const rareShare = 0.01;

function shareOf(statement: JsStatement, body: readonly JsStatement[]): number {
  if (isUnlikelyArm(statement, body)) return rareShare;
  return statement.kind === "if" && statement.likely !== undefined ? 1 : (shares[statement.kind] ?? 1);
}

function isUnlikelyArm(statement: JsStatement, body: readonly JsStatement[]): boolean {
  return statement.kind === "if" && unlikelyArm(statement) === body;
}

/** Whether what stands behind a statement is unlikely: the likely arm leaves. */
function mostlyLeaves(statement: JsStatement): boolean {
  return statement.kind === "if" && leaves(likelyArm(statement) ?? []);
}
