// Tail calls in constant stack. A function that makes one returns a request instead; whoever called it goes on there.
import type { Code, FuncRecord } from "./records.ts";

/** "Go on in `func` with `args`": the result of a body that ends in a tail call. */
export class TailCall {
  readonly func: FuncRecord;
  readonly args: readonly unknown[];

  constructor(func: FuncRecord, args: readonly unknown[]) {
    this.func = func;
    this.args = args;
  }
}

/** Code for `body` that answers its requests until one gives a result. */
export function answeringTailCalls(body: Code): Code {
  return (...words: unknown[]) => {
    let result: unknown = body(...words);
    while (result instanceof TailCall) {
      const { func, args } = result;
      func.prepare?.();
      result = (func.body ?? func.code)(...args);
    }
    return result;
  };
}
