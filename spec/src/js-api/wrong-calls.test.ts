// Calls that must fail: the same class of error as the engine's own WebAssembly object, and a message that helps at
// least as much: it says where and what was given, or it is the engine's own.
import { WebAssembly as ours } from "anywasm/js-api";
import { describe, expect, test } from "vitest";
import { outcomeOf, wrongCalls } from "./wrong-calls.ts";

const native = globalThis.WebAssembly;

/** Where the engine's own object does not do what the specification says, on some version of V8. */
const notNative: Readonly<Record<string, string>> = {
  // JS API, "new Exception(exceptionTag, payload, options)", step 3: V8 11 reads past the end of the list.
  "Exception with too few values": "TypeError",
};

test("there are at least 80 of them", () => {
  expect(Object.keys(wrongCalls).length).toBeGreaterThanOrEqual(80);
});

describe.each(Object.entries(wrongCalls))("%s", (name, call) => {
  test("fails as it does natively", async () => {
    const [expected, actual] = [await outcomeOf(call, native), await outcomeOf(call, ours)];
    expect(actual.error).toBe(notNative[name] ?? expected.error);
    expect(actual.error).not.toBe("nothing thrown");
    // A trap's message is one of the specification's.
    if (actual.error === "RuntimeError") expect(actual.message).toMatch(/^[a-z ]+$/);
    else if (actual.message !== expected.message)
      expect(actual.message).toMatch(/^(set )?WebAssembly|Class constructor/);
  });
});

test("messages", async () => {
  const lines: string[] = [];
  for (const [name, call] of Object.entries(wrongCalls)) {
    const { error, message } = await outcomeOf(call, ours);
    // Other messages are the engine's.
    if (/^(set )?WebAssembly/.test(message)) lines.push(`${name}\n  ${error}: ${message}`);
  }
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("wrong-calls.messages.txt");
});
