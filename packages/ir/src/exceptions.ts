// What the builder keeps of code whose exceptions are caught, and how handlers are made of it.
import type { FuncType, ValType } from "@anywasm/isa";
import type { BranchTarget, Factory, Value } from "./factory.ts";

/** A clause of `try_table`. */
export interface CatchClause {
  /** `undefined` catches all. */
  readonly tag: number | undefined;
  readonly type: FuncType | undefined;
  /** The exception itself comes behind what it carries. */
  readonly hasReference: boolean;
  /** Where the clause branches to, counted from around the instruction. */
  readonly depth: number;
}

/** Of a frame that catches, or that exceptions are delegated to. */
export interface Protection<S> {
  readonly clauses: readonly CatchClause[];
  /** Holds what was caught. */
  readonly exception: number;
  /** Label of the block behind which the handler stands; only where exceptions are delegated to it from elsewhere. */
  entry: number | undefined;
  /** Of a legacy `try`: its body, once that is complete, and its complete handlers. */
  body: readonly S[];
  readonly arms: Arm<S>[];
  /** The tag of the handler that is being built. */
  tag: number | undefined;
}

interface Arm<S> {
  readonly tag: number | undefined;
  readonly body: readonly S[];
}

const none: readonly never[] = [];

type Exceptions<V extends Value, S> = Pick<Factory<V, S>, "exceptionIs" | "if" | "throwRef">;

/** Clauses that can be taken: the first of each tag, up to one that catches all. */
export function clausesTaken(clauses: readonly CatchClause[]): readonly CatchClause[] {
  const tags = new Set<number | undefined>();
  return clauses.filter(({ tag }) => {
    if (tags.has(undefined) || tags.has(tag)) return false;
    tags.add(tag);
    return true;
  });
}

/** Handlers one after the other: those of a tag leave, that of all exceptions comes last. What none takes is thrown again. */
export function chooseArm<V extends Value, S>(factory: Exceptions<V, S>, arms: readonly Arm<S>[], caught: V): S[] {
  const statements: S[] = [];
  for (const { tag, body } of arms) {
    if (tag === undefined) return [...statements, ...body];
    statements.push(factory.if(factory.exceptionIs(tag, caught), none, body, none, undefined));
  }
  return [...statements, factory.throwRef(caught, 0)];
}

/** A body and its handler, as a statement or several that stand in a block of the label `end`. */
export function protect<V extends Value, S>(
  factory: Pick<Factory<V, S>, "block" | "br" | "try">,
  { exception, entry }: Pick<Protection<S>, "exception" | "entry">,
  body: readonly S[],
  handler: readonly S[],
  end: BranchTarget | undefined,
  results: readonly number[],
): S[] {
  if (entry === undefined) return [factory.try(exception, results, body, handler)];
  // Exceptions that are delegated come from behind other handlers, so this one stands outside.
  const done = end === undefined ? body : [...body, factory.br(end)];
  return [factory.block(entry, [exception], [factory.try(exception, none, done, none)]), ...handler];
}

/** What an exception carries, as values. */
export function payload<V extends Value, S>(
  factory: Pick<Factory<V, S>, "exceptionValue">,
  tag: number,
  types: readonly ValType[],
  caught: V,
): V[] {
  return types.map((type, position) => factory.exceptionValue(tag, position, type, caught));
}
