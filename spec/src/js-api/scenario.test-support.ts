// What the scenarios of the WebAssembly object share.
import { loadTextParser } from "anywasm";
import { WebAssembly as ours } from "anywasm/js-api";
import { expect, test } from "vitest";

export const assemble = await loadTextParser();

/** A WebAssembly object, or something of one, of which TypeScript knows nothing. */
// biome-ignore lint/suspicious/noExplicitAny: scenarios go where types do not
export type Any = any;

/** A test that a scenario gives the same on our object as on the engine's own. */
export function same(name: string, scenario: (W: Any) => unknown): void {
  test(name, async () => {
    const expected = await scenario(globalThis.WebAssembly);
    expect(expected).toBeDefined();
    expect(await scenario(ours)).toEqual(expected);
  });
}

/** The exports of an instance of a text. */
export function instantiate(W: Any, text: string, imports?: unknown): Any {
  return new W.Instance(new W.Module(assemble(text)), imports).exports;
}

/** What an action gives, or the name of the class of what it throws. */
export function attempt(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error instanceof Error ? error.constructor.name : error;
  }
}
