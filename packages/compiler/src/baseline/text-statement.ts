// Statements of the baseline compiler, and how they are printed: one a line, two spaces an indentation step.
import type { BranchTarget } from "@anywasm/ir";
import { groupByLabel } from "../lower/jumps.ts";

export type TextStatement =
  /** One statement or several, whole lines each. */
  string | Jump | Nested | Table | Tower;

/** A branch, perhaps on a condition. */
interface Jump {
  readonly kind: "jump";
  readonly condition: string | undefined;
  readonly target: BranchTarget;
}

/** Lists of statements between lines. */
export interface Nested {
  readonly kind: "nested";
  /** The line before each body. */
  readonly heads: readonly string[];
  readonly bodies: readonly (readonly TextStatement[])[];
  readonly tail: string;
  /** Levels of nesting in here, this one included. */
  readonly depth: number;
}

/** A `br_table`. */
export interface Table {
  readonly kind: "table";
  readonly subject: string;
  readonly targets: readonly BranchTarget[];
  readonly fallback: BranchTarget;
  /** How often each label occurs. */
  readonly uses: ReadonlyMap<number, number>;
}

/**
 * Blocks around a `br_table`, each the first statement of the next: compilers write `switch` like that. What follows a
 * block is a case, which falls through into the next; all but the outermost block are reached through the table alone.
 */
export interface Tower {
  readonly kind: "tower";
  readonly table: Table;
  /** What precedes the table in the innermost block. */
  readonly before: readonly TextStatement[];
  /** Innermost first: the label of a block, and what follows it in the next one. */
  readonly cases: { readonly label: number; readonly rest: readonly TextStatement[] }[];
  outermost: number;
  /** Whether there are other branches to the outermost block than the table's. */
  isBranchedTo: boolean;
  depth: number;
}

export function nested(heads: readonly string[], bodies: readonly (readonly TextStatement[])[], tail: string): Nested {
  let depth = 0;
  for (const body of bodies) depth = Math.max(depth, depthOf(body));
  return { kind: "nested", heads, bodies, tail, depth: depth + 1 };
}

export function depthOf(body: readonly TextStatement[]): number {
  let depth = 0;
  for (const statement of body)
    if (typeof statement !== "string" && "depth" in statement && statement.depth > depth) depth = statement.depth;
  return depth;
}

function jumpText({ label, isLoop }: BranchTarget): string {
  return isLoop ? `continue loop${label};` : `break block${label};`;
}

/** Whether control never falls out of the bottom of a list. */
export function leaves(body: readonly TextStatement[]): boolean {
  const last = body[body.length - 1];
  if (typeof last === "string") return /^(?:return|throw)\b|\nreturn\b/.test(last);
  return last?.kind === "table" || (last?.kind === "jump" && last.condition === undefined);
}

/** The text of a list: the line break and `indent` come before each line. Concatenated: engines join the pieces once. */
export function printed(body: readonly TextStatement[], indent: string): string {
  let text = "";
  for (let i = 0; i < body.length; i++) {
    const statement = body[i] as TextStatement;
    if (typeof statement === "string")
      text += indent + (statement.includes("\n") ? statement.split("\n").join(indent) : statement);
    else text += printedOne(statement, indent);
  }
  return text;
}

function printedOne(statement: Exclude<TextStatement, string>, indent: string): string {
  switch (statement.kind) {
    case "jump": {
      const jump = jumpText(statement.target);
      return statement.condition === undefined ? indent + jump : `${indent}if (${statement.condition}) ${jump}`;
    }
    case "nested": {
      const { heads, bodies, tail } = statement;
      let text = "";
      for (let i = 0; i < heads.length; i++)
        text += indent + heads[i] + printed(bodies[i] as readonly TextStatement[], deeper(indent));
      return text + indent + tail;
    }
    case "table":
      return printedSwitch(statement, [], indent, indent);
    case "tower":
      return printedTower(statement, indent);
  }
}

/** Indentation is for readers, and beyond this much they are lost anyway. */
const maxIndentation = 40;

function deeper(indent: string): string {
  return indent.length < maxIndentation ? `${indent}  ` : indent;
}

function printedTower({ table, before, cases, outermost, isBranchedTo }: Tower, indent: string): string {
  const label = `${indent}block${outermost}: `;
  if (before.length === 0 || !isBranchedTo) return printed(before, indent) + printedSwitch(table, cases, label, indent);
  const inner = deeper(indent);
  return `${label}{${printed(before, inner)}${printedSwitch(table, cases, inner, inner)}${indent}}`;
}

function printedSwitch(
  { subject, targets, fallback }: Table,
  cases: Tower["cases"],
  head: string,
  indent: string,
): string {
  const groups = groupByLabel(
    targets.map(({ label }) => label),
    fallback.label,
  );
  const testsOf = (label: number): string[] => {
    const tests = (groups.get(label) ?? []).map((position) => `case ${position}:`);
    return label === fallback.label ? [...tests, "default:"] : tests;
  };
  const own = new Set(cases.map(({ label }) => label));
  const outside = new Map(targets.map((target) => [target.label, target]));
  const inner = deeper(indent);
  let text = `${head}switch (${subject}) {`;
  // Targets outside first, since a case falls through into the next.
  for (const label of groups.keys())
    if (!own.has(label)) text += `${inner}${testsOf(label).join(" ")} ${jumpText(outside.get(label) as BranchTarget)}`;
  if (!own.has(fallback.label)) text += `${inner}default: ${jumpText(fallback)}`;
  for (const { label, rest } of cases)
    text += `${inner}${testsOf(label).join(" ")} {${printed(rest, deeper(inner))}${inner}}`;
  return `${text}${indent}}`;
}
