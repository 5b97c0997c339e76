// Turns source text into functions: the only code generation from strings in the whole system.
import { CodeGenerationError } from "./errors.ts";

/** Gives the function, closed over the values of its free names. */
export type FunctionFactory = (...values: readonly unknown[]) => (...words: never[]) => unknown;

/**
 * What comes before the source in what the engine sees; see `lineOffset`. Engines take a function in parentheses for one
 * that is called at once, and compile it when they first read it, instead of twice.
 */
const prologue = '"use strict";\nreturn (';

/**
 * Evaluates a function expression whose free names are `names`. Strict mode; nothing else is in scope but globals,
 * which generated code never names.
 * @throws CodeGenerationError where the host forbids it.
 */
export function evaluate(source: string, names: readonly string[], sourceUrl: string): FunctionFactory {
  const body = `${prologue}${source});\n//# sourceURL=${sourceUrl}`;
  try {
    return new Function(...names, body) as FunctionFactory;
  } catch (error) {
    // A SyntaxError would be our own fault, and a stack overflow while parsing is the guest's: neither is a refusal.
    if (error instanceof EvalError || (error instanceof Error && /unsafe-eval|code generation/i.test(error.message)))
      throw new CodeGenerationError({ cause: error });
    throw error;
  }
}

/** A stack frame of generated code, as the host's stack trace tells it. */
export interface SourcePlace {
  readonly sourceUrl: string;
  /** One-based line and column in the printed function. */
  readonly line: number;
  readonly column: number;
}

/** The places of generated code in a stack trace, innermost first, for sources whose URL starts with `prefix`. */
export function parseStack(stack: string, prefix: string): SourcePlace[] {
  const places: SourcePlace[] = [];
  const offset = lineOffset();
  for (const line of stack.split("\n")) {
    const start = line.indexOf(prefix);
    if (start < 0) continue;
    const match = /^([^\s()]*?):(\d+):(\d+)/.exec(line.slice(start));
    if (match === null) continue;
    const textLine = Number(match[2]) - offset;
    // The first line of the function stands behind `return (`.
    const column = Number(match[3]) - (textLine === 1 ? "return (".length : 0);
    places.push({ sourceUrl: match[1] as string, line: textLine, column });
  }
  return places;
}

let measuredLineOffset: number | undefined;

/** Engines wrap the body of `new Function` in lines of their own; a probe tells how many. */
function lineOffset(): number {
  if (measuredLineOffset === undefined) {
    const probe = new Function(
      `${prologue}function probe() { return new Error().stack; });\n//# sourceURL=anywasm://probe`,
    );
    const stack = String((probe() as () => unknown)());
    measuredLineOffset = Number(/anywasm:\/\/probe:(\d+)/.exec(stack)?.[1] ?? 4) - 1;
  }
  return measuredLineOffset;
}
